"""``python -m benchmarks``: every table; ``python -m benchmarks lectures processes``: those."""

from __future__ import annotations

import sys
from collections.abc import Callable

from benchmarks import claims_file, explanations, layers, lectures, logistic, processes, scale

TABLES: dict[str, Callable[[], str]] = {
    "lectures": lectures.table,
    "claims": claims_file.table,
    "explanations": explanations.table,
    "processes": processes.table,
    "scale": scale.table,
    "layers": layers.table,
    "logistic": logistic.table,
}


def main(names: list[str]) -> int:
    """Print the tables of these names, all of them if none is named."""
    unknown = [name for name in names if name not in TABLES]
    if unknown:
        print(f"no table {unknown[0]!r}; there are {', '.join(TABLES)}", file=sys.stderr)
        return 2
    for number, name in enumerate(names or TABLES):
        if number:
            print()
        print(TABLES[name](), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
