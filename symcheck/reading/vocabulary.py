"""Which function names text may use: the registered operations, other spellings, special forms."""

from __future__ import annotations

import symcheck.operations  # noqa: F401  (importing it fills the registry)
from symcheck.language.registry import REGISTRY

SIZED = frozenset({"eye", "ones", "zeros", "commut"})
"""Operations whose arguments are sizes."""

WITH_SIZES = frozenset({"unvec"})
"""Operations of one tensor and of sizes after it."""

UNORDERED = frozenset({"eye", "ones", "zeros"})
"""Those in which the order of a product of sizes does not matter."""

JOINING = frozenset({"block", "bmat", "hstack", "vstack", "concat", "concatenate", "cat"})
"""Names of what joins vectors and matrices: its arguments may stand in lists."""

SPECIAL = frozenset(
    {"delta", "where", "local", "chain", "sum", "prod", "mpow", "norm", "lim", "hstack", "vstack"}
)
"""Forms that are no plain application of an operation; d(…) and D(…) are syntax."""

AXIS = frozenset(
    {"mean", "var", "std", "max", "min", "softmax", "logsoftmax", "logsumexp", "cumsum", "rcumsum"}
)
"""Operations that may be taken along one axis, which is their parameter."""

SIGNS = {
    "transpose": "transpose",
    "matmul": "matmul",
    "dot": "matmul",
    "multiply": "mul",
    "hadamard": "mul",
    "divide": "div",
}
"""Names that people write for what has a sign of its own."""

OTHER_SPELLINGS = {
    "ln": "log",
    "trace": "tr",
    "logistic": "sigmoid",
    "expit": "sigmoid",
    "arcsin": "asin",
    "arccos": "acos",
    "arctan": "atan",
    "arctan2": "atan2",
    "arcsinh": "asinh",
    "arccosh": "acosh",
    "arctanh": "atanh",
    "arsinh": "asinh",
    "arcosh": "acosh",
    "artanh": "atanh",
    "arccot": "acot",
    "arcsec": "asec",
    "arccsc": "acsc",
    "sgn": "sign",
    "absolute": "abs",
    "fabs": "abs",
    "power": "pow",
    "gammaln": "lgamma",
    "loggamma": "lgamma",
    "psi": "digamma",
    "cholesky": "chol",
    "adjugate": "adj",
    "pseudoinverse": "pinv",
    "inverse": "inv",
    "determinant": "det",
    "diagonal": "diagpart",
    "logabsdet": "logdet",
    "clamp": "clip",
    "fmax": "maximum",
    "fmin": "minimum",
    "amax": "max",
    "amin": "min",
    "average": "mean",
    "log_softmax": "logsoftmax",
    "log_sigmoid": "logsigmoid",
    "layer_norm": "layernorm",
    "batch_norm": "batchnorm",
    "rms_norm": "rmsnorm",
    "leakyrelu": "leaky_relu",
    "LeakyReLU": "leaky_relu",
    "ReLU": "relu",
    "ReLU6": "relu6",
    "ELU": "elu",
    "SELU": "selu",
    "GELU": "gelu",
    "SiLU": "silu",
    "Mish": "mish",
    "hard_tanh": "hardtanh",
    "hard_sigmoid": "hardsigmoid",
    "hard_swish": "hardswish",
    "tanh_shrink": "tanhshrink",
    "soft_sign": "softsign",
    "soft_plus": "softplus",
    "step": "heaviside",
    "rcp": "reciprocal",
    "probit": "ndtri",
    "normcdf": "Phi",
    "normpdf": "phi",
    "commutation": "commut",
    "bmat": "block",
    "concatenate": "concat",
    "cat": "concat",
}
"""Used where the operation is not registered under the first spelling itself."""

_INTERNAL = frozenset(
    {
        *("add", "sub", "mul", "div", "neg", "matmul", "transpose", "contract", "coefficient"),
        *("flattened", "rearranged", "summed", "gathered"),
    }
)
"""Operations that are written with a sign, or that only a reader builds: never called."""


def operation_called(name: str) -> str | None:
    """The registered operation that ``name(…)`` means; None if there is none."""
    if name in SIGNS:
        return SIGNS[name]
    if name in _INTERNAL:
        return None
    if name in REGISTRY:
        return name
    other = OTHER_SPELLINGS.get(name)
    return other if other in REGISTRY else None


def is_built_in(name: str) -> bool:
    """Whether ``name(…)`` means something without any declaration."""
    return name in SPECIAL or operation_called(name) is not None


def built_in_names() -> list[str]:
    """Every name that may stand before an opening bracket."""
    return sorted((set(REGISTRY) - _INTERNAL) | SPECIAL | set(SIGNS) | set(OTHER_SPELLINGS))
