"""Which name means which binding: shadowing ends here.

Every definition knows the stretch of text in which it is visible, so the meaning of a name at a place is the
innermost stretch around it that defines the name. No tree is climbed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from analyzer.extract.queries import Matches
    from analyzer.extract.source import Source

_PATTERN_NAMES = {"identifier", "shorthand_property_identifier_pattern"}
_FUNCTION_NAMED_OUTSIDE = {"function_declaration", "generator_function_declaration"}


_FAR = 1 << 62


class Scopes:
    """The definitions of one file.

    `resolve` tells the binding of a name: the name itself at module level, `name@offset` anywhere else.
    """

    def __init__(self, matches: Matches, source: Source) -> None:
        self._source = source
        self._visible: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
        self._sorted: dict[str, tuple[list[tuple[int, int]], list[int], list[str]]] = {}
        self.definitions: set[int] = set()
        self._spans = _Spans(matches, len(source.data))
        self._define(matches)

    def resolve(self, name: str, offset: int) -> str | None:
        """Return the binding that `name` means at a byte offset, or None for a global."""
        found = self._visible.get(name)
        if found is None:
            return None
        if len(found) == 1:
            start, end, binding = found[0]
            return binding if start <= offset < end else None
        if name not in self._sorted:
            spans = {(start, end): binding for start, end, binding in found}  # of two in one stretch the last holds
            ordered, parents = _nested(list(spans))
            self._sorted[name] = ordered, parents, [spans[span] for span in ordered]
        ordered, parents, bindings = self._sorted[name]
        index = bisect_right(ordered, (offset, _FAR)) - 1
        while index >= 0 and not ordered[index][0] <= offset < ordered[index][1]:
            index = parents[index] if parents[index] != index else -1
        return bindings[index] if index >= 0 else None

    def mentions(self, matches: Matches) -> Iterator[tuple[Node, str, str | None]]:
        """Yield every identifier that is read, with its text and binding (None for a global); definitions left out."""
        for captures in matches.of("reference"):
            for nodes in captures.values():
                if nodes[0].start_byte not in self.definitions:
                    text = self._source.text(nodes[0])
                    yield nodes[0], text, self.resolve(text, nodes[0].start_byte)

    def _define(self, matches: Matches) -> None:
        spans = self._spans
        for captures in matches.of("declarator"):
            is_var = _keyword(captures["declarator.whole"][0]) == "var"
            for name in names_in(captures["declarator.name"][0]):
                self._add(name, spans.innermost(name.start_byte, functions_only=is_var))
        for captures in matches.of("function"):
            whole, body = captures["function.whole"][0], captures["function.body"][0]
            for parameter in _parameters(captures["function.parameters"][0]):
                for name in names_in(parameter):
                    self._add(name, (whole.start_byte, whole.end_byte))
            for name in captures.get("function.name", ()):
                if whole.type in _FUNCTION_NAMED_OUTSIDE:
                    self._add(name, spans.innermost(whole.start_byte - 1, functions_only=False))
                elif whole.type != "method_definition":
                    self._add(name, (whole.start_byte, body.end_byte))
        for query, name_capture in (("class", "class.name"), ("enum", "enum.name")):
            for captures in matches.of(query):
                for name in captures.get(name_capture, ()):
                    whole = captures[f"{query}.whole"][0]
                    outside = whole.type != "class"
                    start = whole.start_byte
                    self._add(name, spans.innermost(start - 1, functions_only=False) if outside else _span(whole))
        for query, name_capture in (("loop-name", "loop"), ("catch-name", "catch")):
            for captures in matches.of(query):
                if query == "loop-name" and not captures["loop.whole"][0].child_by_field_name("kind"):
                    continue
                for name in names_in(captures[f"{name_capture}.name"][0]):
                    self._add(name, _span(captures[f"{name_capture}.whole"][0]))
        for captures in matches.of("import-clause"):
            for name in _imported(captures["import.clause"][0]):
                self._add(name, spans.whole)
            self.definitions.update(node.start_byte for node in _specified(captures["import.clause"][0]))
        for captures in matches.of("import-equals"):
            self._add(captures["equals_import.name"][0], spans.whole)
        for query, part in (("import-alias", "alias"), ("namespace", "namespace")):
            for captures in matches.of(query):
                name = captures[f"{part}.name"][0]
                self._add(name, spans.innermost(captures[f"{part}.whole"][0].start_byte - 1, functions_only=False))
        for captures in matches.of("export-list"):
            for key in ("listed.name", "listed.alias"):
                self.definitions.update(node.start_byte for node in captures.get(key, ()))

    def _add(self, name: Node, span: tuple[int, int]) -> None:
        text = self._source.text(name)
        binding = text if span == self._spans.whole else f"{text}@{name.start_byte}"
        self._visible[text].append((*span, binding))
        self.definitions.add(name.start_byte)


class _Spans:
    """The stretches of text that have names of their own, and the innermost of them around a place."""

    def __init__(self, matches: Matches, size: int) -> None:
        self.whole = (-1, size + 1)
        functions = [_span(captures["function.whole"][0]) for captures in matches.of("function")]
        blocks = [_span(captures["scope.whole"][0]) for captures in matches.of("scope")]
        blocks += [_span(captures["loop.whole"][0]) for captures in matches.of("loop-name")]
        self._all = _nested([self.whole, *functions, *blocks])
        self._functions = _nested([self.whole, *functions])

    def innermost(self, offset: int, *, functions_only: bool) -> tuple[int, int]:
        spans, parents = self._functions if functions_only else self._all
        index = bisect_right(spans, (offset, float("inf"))) - 1
        while not spans[index][0] <= offset < spans[index][1] and parents[index] != index:
            index = parents[index]
        return spans[index]


def _nested(spans: list[tuple[int, int]]) -> tuple[list[tuple[int, int]], list[int]]:
    """Sort spans outermost first and give each the index of the one around it."""
    ordered = sorted(set(spans), key=lambda span: (span[0], -span[1]))
    parents: list[int] = []
    stack: list[int] = []
    for index, (start, _) in enumerate(ordered):
        while stack and ordered[stack[-1]][1] <= start:
            stack.pop()
        parents.append(stack[-1] if stack else index)
        stack.append(index)
    return ordered, parents


def names_in(pattern: Node) -> Iterator[Node]:
    """Yield the identifiers that a name or a destructuring pattern binds."""
    if pattern.type in _PATTERN_NAMES:
        yield pattern
    elif pattern.type == "pair_pattern":
        value = pattern.child_by_field_name("value")
        if value is not None:
            yield from names_in(value)
    elif pattern.type in {"assignment_pattern", "object_assignment_pattern"}:
        left = pattern.child_by_field_name("left")
        if left is not None:
            yield from names_in(left)
    elif pattern.type in {"object_pattern", "array_pattern", "rest_pattern"}:
        for child in pattern.named_children:
            yield from names_in(child)


def _parameters(node: Node) -> Iterator[Node]:
    if node.type != "formal_parameters":
        yield node
        return
    for child in node.named_children:
        pattern = child.child_by_field_name("pattern")
        if pattern is not None:
            yield pattern


def _imported(clause: Node) -> Iterator[Node]:
    for child in clause.named_children:
        if child.type == "identifier":
            yield child
        elif child.type == "namespace_import":
            yield from child.named_children
        elif child.type == "named_imports":
            for specifier in child.named_children:
                name = specifier.child_by_field_name("alias") or specifier.child_by_field_name("name")
                if name is not None:
                    yield name


def _specified(clause: Node) -> Iterator[Node]:
    for child in clause.named_children:
        for specifier in child.named_children if child.type == "named_imports" else ():
            yield from specifier.named_children


def _keyword(declarator: Node) -> str:
    parent = declarator.parent
    return "var" if parent is not None and parent.type == "variable_declaration" else "let"


def _span(node: Node) -> tuple[int, int]:
    return node.start_byte, node.end_byte
