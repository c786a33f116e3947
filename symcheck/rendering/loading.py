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
    "github": "symcheck.rendering.github",
    "sarif": "symcheck.rendering.sarif",
    "junit": "symcheck.rendering.junit",
    "findings": "symcheck.rendering.findings",
    "graph": "symcheck.rendering.graph",
    "latex": "symcheck.rendering.latex",
    "html": "symcheck.rendering.html_report",
    "markdown": "symcheck.rendering.markdown",
    "notebook": "symcheck.rendering.notebook",
    "rich": "symcheck.rendering.rich_tables",
}
"""Name of a format → the module with its ``render(report, theme) -> str``; ``graph`` has five writers."""


def load(name: str) -> ModuleType:
    """The module of a renderer."""
    return import_module(ROOMS[name])


def load_if_any(name: str) -> ModuleType | None:
    """The module of a renderer; None where there is no such renderer."""
    return load(name) if name in ROOMS else None
