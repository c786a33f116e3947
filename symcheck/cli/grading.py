"""``symcheck grad``: the derivative itself, back in the author's notation."""

from __future__ import annotations

import json
import sys

from symcheck import api
from symcheck.cli.parser import Arguments
from symcheck.rendering import latex_notation, text_notation
from symcheck.rendering.theme import detect


def run_grad(arguments: Arguments) -> int:
    """Print the derivative by each variable asked for: ``∂/∂x = (A + A.T) @ x``."""
    theme = detect(sys.stdout, ascii=arguments.ascii, width=arguments.width)
    (formula,) = arguments.targets
    for name in arguments.wrt:
        found = api.gradient(
            formula, name, arguments.let, arguments.assume, arguments.convention, arguments.order
        )
        text = text_notation.write(found.tensor, ascii=theme.ascii)
        free = [index.name for index in found.free] if not found.matrix else []
        if arguments.format == "json":
            latex = latex_notation.write_latex(found.tensor)
            record = {"schema": 1, "wrt": name, "indices": free, "text": text, "latex": latex}
            print(json.dumps(record, ensure_ascii=theme.ascii))
        elif arguments.format == "latex":
            print(latex_notation.write_latex(found.tensor))
        else:
            partial = "d" if theme.ascii else "∂"
            power = "" if arguments.order == 1 else f"^{arguments.order}"
            entry = f", entry [{', '.join(free)}]" if free else ""
            print(f"{partial}{power}/{partial}{name}{power}{entry} = {text}")
    return 0
