"""``python -m symcheck``: the same door as the command."""

from __future__ import annotations

import sys

from symcheck.cli import command

if __name__ == "__main__":
    sys.exit(command())
