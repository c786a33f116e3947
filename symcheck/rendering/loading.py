"""The one table through which renderers are loaded: what is not asked for is not imported."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType

ROOMS = {
    "text": "symcheck.rendering.terminal",
    "full": "symcheck.rendering.terminal",
    "concise": "symcheck.rendering.concise",
    "json": "symcheck.rendering.json_report",
    "jsonl": "symcheck.rendering.json_report",
    "latex": "symcheck.rendering.latex",
    "rich": "symcheck.rendering.rich_tables",
}
"""Name of a format → the module with its ``render(report, theme) -> str``."""


def load(name: str) -> ModuleType:
    """The module of a renderer."""
    return import_module(ROOMS[name])
