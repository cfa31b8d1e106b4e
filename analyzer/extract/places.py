"""Where things stand: the calls, objects, declarations and functions around a piece of text.

Regions are spans of text with a role. Sorted, one sweep finds for each the one around it; no tree is climbed.
"""

from __future__ import annotations

from bisect import bisect_right
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from analyzer.model import Callee, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from analyzer.extract.calls import Called
    from analyzer.extract.queries import Matches
    from analyzer.extract.scopes import Scopes
    from analyzer.extract.source import Source
    from analyzer.model.facts import PlaceKind

_ORDER = {kind: order for order, kind in enumerate((
    "exported", "initializer", "assigned", "field", "property", "argument", "spread", "element", "returned",
    "substitution", "class", "method", "function", "body", "type",
))}  # fmt: skip
_PLAIN: tuple[tuple[str, str, PlaceKind], ...] = (
    ("spread", "spread.value", "spread"),
    ("array-element", "element.value", "element"),
    ("returned", "returned.value", "returned"),
    ("type-position", "type.whole", "type"),
    ("scope", "scope.whole", "body"),
    ("export-default", "default.value", "exported"),
)
_HANDLING = {"handle", "handleRaw"}
_METHODS = {"get", "post", "put", "patch", "delete", "options", "head", "all", "on", "route", "command", "cron", "task"}


_Region: TypeAlias = "tuple[int, int, int, PlaceKind, tuple[Any, ...]]"
# start, minus the end, rank among equals: in the order of sorting; the kind of a place, and what it is made of


class Places:
    """The regions of one file, and the places made from those that were asked for."""

    def __init__(self, matches: Matches, source: Source, scopes: Scopes, calls: Sequence[Called]) -> None:
        self.source, self._scopes = source, scopes
        self._regions, self._parents = _nested(self._collect(matches, calls))
        self._starts = [region[0] for region in self._regions]
        self._read: dict[int, Place] = {}
        self._callees: dict[int, Callee] = {}
        self._same: dict[Callee, Callee] = {}  # many calls are of the same: one value is held for them
        self._made: dict[int, int] = {}
        self._spoken: dict[int, str] = {}
        self._settled: dict[int, str] = {}
        self.places: list[Place] = []

    def around(self, start: int, end: int) -> int:
        """Return the index of the innermost place that holds a span, -1 for none."""
        return self._make(self._innermost(start, end))

    def by(self, start: int) -> str:
        """Return the enclosing thing that a person would name, with dots: `adminRouter.getExports`."""
        index = innermost = self._innermost(start, start + 1)
        if innermost in self._spoken:
            return self._spoken[innermost]
        chain: list[int] = []
        while index >= 0:
            if index in self._settled:
                return self._settled[index]
            chain.append(index)
            index = self._parents[index]
        chain.reverse()
        names, settled = spoken([self._region(index) for index in chain])
        said = self._spoken[innermost] = ".".join(names)
        if settled is not None:
            self._settled[chain[settled]] = said
        return said

    def callee(self, function: Node) -> Callee:
        """Return what is called, as a dotted path from its root."""
        if function.id not in self._callees:
            called = self._called(function)
            self._callees[function.id] = self._same.setdefault(called, called)
        return self._callees[function.id]

    def _called(self, function: Node) -> Callee:
        path: list[str] = []
        node: Node | None = function
        while node is not None:
            if node.type == "member_expression":
                name = node.child_by_field_name("property")
                path.append(self.source.text(name) if name is not None else "")
                node = node.child_by_field_name("object")
            elif node.type == "call_expression":
                path.append("()")
                node = node.child_by_field_name("function")
            elif node.type in {"parenthesized_expression", "non_null_expression", "await_expression", "as_expression"}:
                node = node.named_children[0] if node.named_children else None
            elif node.type == "subscript_expression":
                path.append("[]")
                node = node.child_by_field_name("object")
            elif node.type == "identifier":
                text = self.source.text(node)
                return Callee(self._scopes.resolve(text, node.start_byte) or text, tuple(reversed(path)))
            else:
                return Callee("this" if node.type == "this" else None, tuple(reversed(path)))
        return Callee(None, tuple(reversed(path)))

    def _innermost(self, start: int, end: int) -> int:
        index = bisect_right(self._starts, start) - 1
        while index >= 0 and -self._regions[index][1] < end:
            index = self._parents[index]
        return index

    def _make(self, index: int) -> int:
        if index < 0:
            return -1
        if index not in self._made:
            parent = self._make(self._parents[index])
            self._made[index] = len(self.places)
            self.places.append(self._place(index, parent))
        return self._made[index]

    def _region(self, index: int) -> Place:
        """Return the place that a region is; what is around it may be missing."""
        if index in self._made:
            return self.places[self._made[index]]
        if index not in self._read:
            self._read[index] = self._place(index, -1)
        return self._read[index]

    def _place(self, index: int, parent: int) -> Place:
        kind, made_of = self._regions[index][3:]
        if kind == "argument":
            function, number, first = made_of
            literal = self.source.string(first) if first is not None and first.type == "string" else None
            return Place(kind, "", number, self.callee(function), parent, literal)
        if not made_of:
            return Place(kind, parent=parent)
        if kind == "substitution":
            name, number, tag = made_of
            return Place(kind, name, number, self.callee(tag) if tag is not None else None, parent)
        [node] = made_of
        if kind == "initializer":
            text = self.source.text(node) if node.type == "identifier" else ""
            return Place(kind, (self._scopes.resolve(text, node.start_byte) or text) if text else "", parent=parent)
        text = self.source.string(node) if kind == "property" and node.type == "string" else self.source.text(node)
        return Place(kind, text, parent=parent)

    def _collect(self, matches: Matches, calls: Sequence[Called]) -> Iterator[_Region]:
        for call in calls:
            arguments = call.arguments
            first = arguments[0] if len(arguments) > 1 else None
            for index, argument in enumerate(arguments):
                yield _region(argument, "argument", call.function, index, first)
        for captures in matches.of("object-pair"):
            yield _region(captures["pair.value"][0], "property", captures["pair.key"][0])
        for captures in matches.of("reference"):
            for node in captures.get("reference.shorthand", ()):
                yield _region(node, "property", node)
        for query, capture, kind in _PLAIN:
            for captures in matches.of(query):
                yield _region(captures[capture][0], kind)
        for captures in matches.of("assignment"):
            yield _region(captures["assignment.value"][0], "assigned", captures["assignment.name"][0])
        for captures in matches.of("class-field"):
            yield _region(captures["field.value"][0], "field", captures["field.name"][0])
        for captures in matches.of("declarator"):
            if "declarator.value" in captures:
                yield _region(captures["declarator.value"][0], "initializer", captures["declarator.name"][0])
        yield from self._functions(matches)
        yield from self._templates(matches)

    def _functions(self, matches: Matches) -> Iterator[_Region]:
        for captures in matches.of("function"):
            whole, body = captures["function.whole"][0], captures["function.body"][0]
            kind: PlaceKind = "method" if whole.type == "method_definition" else "function"
            yield _region(whole, kind, *captures.get("function.name", ()))
            if body.type != "statement_block":
                yield _region(body, "returned")
        for captures in matches.of("class"):
            yield _region(captures["class.whole"][0], "class", *captures.get("class.name", ()))

    def _templates(self, matches: Matches) -> Iterator[_Region]:
        if b"${" not in self.source.data:
            return
        tags = {
            captures["tagged.template"][0].start_byte: captures["tagged.tag"][0]
            for captures in matches.of("tagged-template")
        }
        for captures in matches.of("string"):
            node = captures["string.text"][0]
            if node.type != "template_string":
                continue
            start = node.start_byte
            holes = [child for child in node.named_children if child.type == "template_substitution"]
            for index, hole in enumerate(holes):
                yield _region(hole, "substitution", str(start), index, tags.get(start))


def _region(node: Node, kind: PlaceKind, *made_of: Node | str | int | None) -> _Region:
    return node.start_byte, -node.end_byte, _ORDER[kind], kind, made_of


def _nested(found: Iterator[_Region]) -> tuple[list[_Region], list[int]]:
    """Sort regions outermost first, and tell for each the index of the one around it, -1 for none."""
    regions = sorted(found, key=itemgetter(0, 1, 2))
    stack: list[int] = []
    parents: list[int] = []
    for index, (start, end, *_) in enumerate(regions):
        while stack and (regions[stack[-1]][1] > end or -regions[stack[-1]][1] <= start):
            stack.pop()
        parents.append(stack[-1] if stack else -1)
        stack.append(index)
    return regions, parents


def spoken(chain: list[Place]) -> tuple[list[str], int | None]:
    """Return the names from the outermost place inward, as far as the first function, and the place that decided that it is the last.

    What a function returns goes on: of `service = () => ({ find: () => … })` it is `service.find`.
    """
    names: list[str] = []
    for index, place in enumerate(chain):
        following = chain[index + 1] if index + 1 < len(chain) else None
        if place.kind == "property" and following is not None and _runs(following):
            continue  # `effect: Effect.gen(function* () { … })` says how a service is made
        if place.kind in {"function", "method"}:
            if place.name:
                names.append(place.name)
            if index and _runs(chain[index - 1]):
                continue
            inner = next((at for at in range(index + 1, len(chain)) if chain[at].kind != "body"), None)
            if inner is None or chain[inner].kind != "returned":
                return names, inner
            if not _gives_functions(chain[inner:]):
                return names, None
        names += _named(place)
    return names, None


def _runs(place: Place) -> bool:
    """Whether an argument is the body of what is around it: `Effect.gen(function* () { … })`."""
    return place.kind == "argument" and place.callee is not None and place.callee.last == "gen"


def _gives_functions(returned: list[Place]) -> bool:
    """Whether what a function returns is another one, which stands in an object or is registered as a handler."""
    inner = [one for one in returned if one.kind != "body"]
    if not any(one.kind in {"function", "method"} for one in inner):
        return False
    first = next((one for one in inner if one.kind != "returned"), inner[0])
    handler = first.callee is not None and first.literal is not None and first.callee.last in _HANDLING
    return first.kind in {"property", "method"} or handler


def _named(place: Place) -> Iterator[str]:
    name = place.name.partition("@")[0]
    if place.kind in {"initializer", "property", "class", "field", "assigned"} and name:
        yield name
    elif place.kind == "argument" and place.literal is not None and place.callee:
        if place.callee.last in _METHODS:
            yield f"{place.callee.last.upper()} {place.literal}"
        elif place.callee.last in _HANDLING:
            yield place.literal
