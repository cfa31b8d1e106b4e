"""Where things stand: the calls, objects, declarations and functions around a piece of text.

Regions are spans of text with a role. Sorted, one sweep finds for each the one around it; no tree is climbed.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, TypeAlias

from analyzer.model import Callee, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

    from analyzer.extract.queries import Matches
    from analyzer.extract.scopes import Scopes
    from analyzer.extract.source import Source

_ORDER = {kind: order for order, kind in enumerate((
    "exported", "initializer", "assigned", "field", "property", "argument", "spread", "element", "returned",
    "substitution", "class", "method", "function", "body", "type",
))}  # fmt: skip
_HANDLING = {"handle", "handleRaw"}
_METHODS = {"get", "post", "put", "patch", "delete", "options", "head", "all", "on", "route", "command", "cron", "task"}


_Region: TypeAlias = tuple[
    int, int, int, int, Place
]  # start, minus the end, rank among equals, number, place: in the order of sorting


class Places:
    """The regions of one file, and the places made from those that were asked for."""

    def __init__(self, matches: Matches, source: Source, scopes: Scopes) -> None:
        self.source, self._scopes = source, scopes
        self._regions, self._parents = _nested(self._collect(matches))
        self._starts = [region[0] for region in self._regions]
        self._made: dict[int, int] = {}
        self._spoken: dict[int, str] = {}
        self.places: list[Place] = []

    def around(self, start: int, end: int) -> int:
        """Return the index of the innermost place that holds a span, -1 for none."""
        return self._make(self._innermost(start, end))

    def by(self, start: int) -> str:
        """Return the enclosing thing that a person would name, with dots: `adminRouter.getExports`."""
        innermost = index = self._innermost(start, start + 1)
        if innermost not in self._spoken:
            chain: list[Place] = []
            while index >= 0:
                chain.append(self._regions[index][4])
                index = self._parents[index]
            self._spoken[innermost] = ".".join(_spoken(chain[::-1]))
        return self._spoken[innermost]

    def callee(self, function: Node) -> Callee:
        """Return what is called, as a dotted path from its root."""
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
            place = self._regions[index][4]
            parent = self._make(self._parents[index])
            self._made[index] = len(self.places)
            self.places.append(Place(place.kind, place.name, place.index, place.callee, parent, place.literal))
        return self._made[index]

    def _collect(self, matches: Matches) -> Iterator[tuple[int, int, Place]]:
        text = self.source.text
        for captures in matches.of("call"):
            arguments = [child for child in captures["call.arguments"][0].named_children if child.type != "comment"]
            if not arguments:
                continue
            first = arguments[0]
            literal = self.source.string(first) if first.type == "string" and len(arguments) > 1 else None
            callee = self.callee(captures["call.function"][0])
            for index, argument in enumerate(arguments):
                yield _region(argument, Place("argument", index=index, callee=callee, literal=literal))
        for captures in matches.of("object-pair"):
            key = captures["pair.key"][0]
            name = self.source.string(key) if key.type == "string" else text(key)
            yield _region(captures["pair.value"][0], Place("property", name))
        for captures in matches.of("reference"):
            for node in captures.get("reference.shorthand", ()):
                yield _region(node, Place("property", text(node)))
        for query, capture, kind in (
            ("spread", "spread.value", "spread"),
            ("array-element", "element.value", "element"),
            ("returned", "returned.value", "returned"),
            ("type-position", "type.whole", "type"),
            ("scope", "scope.whole", "body"),
            ("export-default", "default.value", "exported"),
        ):
            for captures in matches.of(query):
                yield _region(captures[capture][0], Place(kind))  # type: ignore[arg-type]
        for captures in matches.of("assignment"):
            yield _region(captures["assignment.value"][0], Place("assigned", text(captures["assignment.name"][0])))
        for captures in matches.of("class-field"):
            yield _region(captures["field.value"][0], Place("field", text(captures["field.name"][0])))
        yield from self._declarators(matches)
        yield from self._functions(matches)
        yield from self._templates(matches)

    def _declarators(self, matches: Matches) -> Iterator[tuple[int, int, Place]]:
        for captures in matches.of("declarator"):
            name = captures["declarator.name"][0]
            if "declarator.value" in captures:
                id = self.source.text(name) if name.type == "identifier" else ""
                id = (self._scopes.resolve(id, name.start_byte) or id) if id else ""
                yield _region(captures["declarator.value"][0], Place("initializer", id))

    def _functions(self, matches: Matches) -> Iterator[tuple[int, int, Place]]:
        text = self.source.text
        for captures in matches.of("function"):
            whole, body = captures["function.whole"][0], captures["function.body"][0]
            kind = "method" if whole.type == "method_definition" else "function"
            name = captures.get("function.name")
            yield _region(whole, Place(kind, text(name[0]) if name else ""))  # type: ignore[arg-type]
            if body.type != "statement_block":
                yield _region(body, Place("returned"))
        for captures in matches.of("class"):
            name = captures.get("class.name")
            yield _region(captures["class.whole"][0], Place("class", text(name[0]) if name else ""))

    def _templates(self, matches: Matches) -> Iterator[tuple[int, int, Place]]:
        tags = {
            captures["tagged.template"][0].start_byte: captures["tagged.tag"][0]
            for captures in matches.of("tagged-template")
        }
        for captures in matches.of("string"):
            node = captures["string.text"][0]
            if node.type != "template_string":
                continue
            tag = self.callee(tags[node.start_byte]) if node.start_byte in tags else None
            holes = [child for child in node.named_children if child.type == "template_substitution"]
            for index, hole in enumerate(holes):
                yield _region(hole, Place("substitution", str(node.start_byte), index, tag))


def _region(node: Node, place: Place) -> tuple[int, int, Place]:
    return node.start_byte, node.end_byte, place


def _nested(found: Iterator[tuple[int, int, Place]]) -> tuple[list[_Region], list[int]]:
    """Sort regions outermost first, and tell for each the index of the one around it, -1 for none."""
    regions = [(start, -end, _ORDER[place.kind], number, place) for number, (start, end, place) in enumerate(found)]
    regions.sort()
    stack: list[int] = []
    parents: list[int] = []
    for index, (start, end, *_) in enumerate(regions):
        while stack and -regions[stack[-1]][1] < -end:
            stack.pop()
        while stack and -regions[stack[-1]][1] <= start:
            stack.pop()
        parents.append(stack[-1] if stack else -1)
        stack.append(index)
    return regions, parents


def _spoken(chain: list[Place]) -> Iterator[str]:
    """Yield the names from the outermost place inward, as far as the first function.

    What a function returns goes on: of `service = () => ({ find: () => … })` it is `service.find`.
    """
    for index, place in enumerate(chain):
        following = chain[index + 1] if index + 1 < len(chain) else None
        if place.kind == "property" and following is not None and _runs(following):
            continue  # `effect: Effect.gen(function* () { … })` says how a service is made
        if place.kind in {"function", "method"}:
            if place.name:
                yield place.name
            if index and _runs(chain[index - 1]):
                continue
            if not _gives_functions(chain, index + 1):
                return
        yield from _named(place)


def _runs(place: Place) -> bool:
    """Whether an argument is the body of what is around it: `Effect.gen(function* () { … })`."""
    return place.kind == "argument" and place.callee is not None and place.callee.last == "gen"


def _gives_functions(chain: list[Place], start: int) -> bool:
    """Whether what stands in a function is another one, which it returns in an object or registers as a handler."""
    while start < len(chain) and chain[start].kind == "body":
        start += 1
    if start == len(chain) or chain[start].kind != "returned":
        return False
    inner = [one for one in chain[start:] if one.kind != "body"]
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
