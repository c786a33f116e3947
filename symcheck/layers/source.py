"""What the code of a layer says, read without running it: the text and place of what it returns."""

from __future__ import annotations

import ast
import linecache
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from symcheck.errors import Location

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Written:
    """A stretch of code."""

    text: str
    """In one line."""
    location: Location | None


class Source:
    """The body of one function; says nothing if its file cannot be read."""

    def __init__(self, function: Any) -> None:
        code = getattr(getattr(function, "__func__", function), "__code__", None)
        self.name = getattr(function, "__name__", "")
        self.file = "" if code is None else code.co_filename
        self.lines = linecache.getlines(self.file)
        self.node = None if code is None else self._find(code.co_firstlineno)

    def _find(self, first: int) -> Function | None:
        try:
            tree = ast.parse("".join(self.lines))
        except (SyntaxError, ValueError):
            return None
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == self.name:
                lines = [node.lineno, *(decorator.lineno for decorator in node.decorator_list)]
                if min(lines) == first or node.lineno == first:
                    return node
        return None

    def place(self, node: ast.AST | None = None) -> Location | None:
        """Where a node stands; by default the head of the function."""
        node = self.node if node is None else node
        line = getattr(node, "lineno", None)
        if line is None:
            return None
        source = self.lines[line - 1].rstrip("\n")
        whole = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        end_line = line if whole else getattr(node, "end_lineno", line) or line
        col = _column(source, getattr(node, "col_offset", 0))
        end_source = self.lines[end_line - 1].rstrip("\n")
        end = len(end_source) if whole else _column(end_source, getattr(node, "end_col_offset", 0) or 0)
        return Location(self.file, line, col + 1, end_line, end + 1, source)

    def written(self, node: ast.expr) -> Written:
        """The text of an expression as it was written, and where it stands."""
        text = ast.get_source_segment("".join(self.lines), node) or ast.unparse(node)
        return Written(" ".join(text.split()), self.place(node))

    def returned(self) -> list[ast.expr]:
        """What stands after ``return``, if there is one return with a value in the function."""
        found = [n for n in self._own_nodes() if isinstance(n, ast.Return) and n.value is not None]
        if len(found) != 1 or found[0].value is None:
            return []
        value = found[0].value
        return list(value.elts) if isinstance(value, ast.Tuple | ast.List) else [value]

    def result(self, number: int, count: int) -> Written | None:
        """What is returned at this place of `count`; for a name the one formula that it was given."""
        parts = self.returned()
        if len(parts) != count:
            whole = self.returned_whole()
            return None if whole is None else Written(f"{whole.text}[{number}]", whole.location)
        return self.written(self._formula(parts[number]))

    def returned_whole(self) -> Written | None:
        """Everything that stands after the one ``return``."""
        found = [n for n in self._own_nodes() if isinstance(n, ast.Return) and n.value is not None]
        if len(found) != 1 or found[0].value is None:
            return None
        return self.written(found[0].value)

    def attribute(self, name: str) -> Written | None:
        """``self.NAME`` and the place of the last statement that writes it."""
        last = None
        for node in self._own_nodes():
            targets: list[ast.expr] = []
            if isinstance(node, ast.Assign):
                targets = node.targets
            elif isinstance(node, ast.AugAssign | ast.AnnAssign):
                targets = [node.target]
            for target in targets:
                inner = target.value if isinstance(target, ast.Subscript) else target
                if isinstance(inner, ast.Attribute) and inner.attr == name:
                    last = node if isinstance(node, ast.stmt) else last
        if last is None:
            return None
        if (
            isinstance(last, ast.Assign)
            and last is self._only(name)
            and isinstance(last.targets[0], ast.Attribute)
        ):
            return self.written(last.value)
        return Written(f"self.{name}", self.place(last))

    def _only(self, name: str) -> ast.stmt | None:
        """The one statement that mentions an attribute as a target, if there is just one."""
        found = [
            node
            for node in self._own_nodes()
            if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign)
            and any(
                isinstance(part, ast.Attribute) and part.attr == name
                for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
                for part in ast.walk(target)
            )
        ]
        return found[0] if len(found) == 1 else None

    def _formula(self, node: ast.expr) -> ast.expr:
        """What a local name was given, if that happened once and nothing changed it since."""
        if not isinstance(node, ast.Name):
            return node
        given: list[ast.expr] = []
        for part in self._own_nodes():
            if isinstance(part, ast.Name) and part.id == node.id and not isinstance(part.ctx, ast.Load):
                given.append(part)
            elif isinstance(part, ast.Subscript | ast.AugAssign):
                target = part.target if isinstance(part, ast.AugAssign) else part
                inner = target.value if isinstance(target, ast.Subscript) else target
                stored = isinstance(part, ast.AugAssign) or not isinstance(part.ctx, ast.Load)
                if stored and isinstance(inner, ast.Name) and inner.id == node.id:
                    return node
        for part in self._own_nodes():
            if isinstance(part, ast.Assign) and len(given) == 1 and part.targets == given:
                return part.value
        return node

    def _own_nodes(self) -> Iterator[ast.AST]:
        """The nodes of the body, those of functions inside left out."""
        stack: list[ast.AST] = list(self.node.body) if self.node is not None else []
        while stack:
            node = stack.pop(0)
            yield node
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
                stack[:0] = list(ast.iter_child_nodes(node))

    def raises_not_implemented(self) -> bool:
        """Whether the function only says that others should define it."""
        return any(
            isinstance(node, ast.Raise) and "NotImplementedError" in ast.unparse(node)
            for node in (self.node.body if self.node is not None else [])
        )


def _column(line: str, offset: int) -> int:
    """Characters in front of a place that `ast` counts in bytes."""
    return len(line.encode("utf-8")[:offset].decode("utf-8", "ignore"))
