"""Chains of calls and members: what is read from a name, and how the query around a table goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.model import Array, Call, Chained, Function, Member, Name, Object, Opaque, Spread

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from analyzer.extract.calls import Called
    from analyzer.extract.lowering import Lowering
    from analyzer.extract.queries import Captures, Matches
    from analyzer.extract.source import Source
    from analyzer.model import Expression

_SELECTING = {"select", "selectDistinct", "selectDistinctOn"}
_SAYING = {*_SELECTING, "values", "set", "onConflictDoUpdate", "onDuplicateKeyUpdate", "returning"}
READ_FROM = {
    "member_expression",
    "subscript_expression",
    "parenthesized_expression",
    "non_null_expression",
    "await_expression",
    "as_expression",
    "satisfies_expression",
}


class Accesses:
    """Which member is read from which stretch of text, and which call is made of it."""

    def __init__(self, matches: Matches, calls: Sequence[Called]) -> None:
        self._members = {captures["member.object"][0].id: captures for captures in matches.of("member")}
        self._calls = {call.function.id: call for call in calls}
        self._wrappers: dict[int, Node] = {}
        for captures in matches.of("wrapper"):
            whole = captures["wrapper.whole"][0]
            inner = next((child for child in whole.named_children if child.type != "comment"), None)
            if inner is not None:
                self._wrappers[inner.id] = whole

    def outward(self, node: Node) -> Node:
        """Return the expression that `node` is wrapped in: parentheses, `as`, `!`, `satisfies`, `await`."""
        while (whole := self._wrappers.get(node.id)) is not None:
            node = whole
        return node

    def after(self, call: Node) -> Iterator[tuple[str, Node]]:
        """Yield the calls that are chained on a call, by name."""
        node: Node = call
        while (access := self.member(self.outward(node))) is not None:
            name = access.get("member.property")
            chained = self.call(access["member.whole"][0])
            node = chained.whole if chained is not None else access["member.whole"][0]
            if chained is not None and name:
                yield name[0].text.decode() if name[0].text else "", node

    def member(self, node: Node) -> Captures | None:
        """Return the access that reads a member of `node`."""
        return self._members.get(node.id)

    def call(self, node: Node) -> Called | None:
        """Return the call that is made of `node`."""
        return self._calls.get(node.id)


def chained(call: Node, accesses: Accesses, source: Source, lowering: Lowering) -> Iterator[Chained]:
    """Yield what the chain around a call that is given a table selects, writes and returns."""
    for name, node in (*_before(call, source), *accesses.after(call)):
        if name in _SAYING:
            given = [child for child in _arguments(node) if child.type != "comment"]
            taken = name not in _SELECTING
            value = (lowering.expression(given[0]) if taken else Opaque("fields")) if given else None
            yield Chained(name, value)


def _before(call: Node, source: Source) -> Iterator[tuple[str, Node]]:
    """Yield the calls that a call is chained on, by name: those of `db.select().from(users)` are `select`."""
    function = call.child_by_field_name("function")
    while function is not None and function.type in {"member_expression", *READ_FROM}:
        inner = function.child_by_field_name("object") or function.named_children[0]
        if inner.type == "call_expression":
            function = inner.child_by_field_name("function")
            name = function.child_by_field_name("property") if function is not None else None
            if name is not None:
                yield source.text(name), inner
        else:
            function = inner


def _arguments(call: Node) -> list[Node]:
    arguments = call.child_by_field_name("arguments")
    return arguments.named_children if arguments is not None else []


def named(expression: Expression) -> Iterator[str]:
    """Yield the names that stand for a written value as a whole: of `{ ...shared, id }` it is `shared`."""
    match expression:
        case Name(id):
            yield id
        case Object(entries):
            for entry in entries:
                if entry.key is None:
                    yield from named(entry.value)
        case Array(items):
            for item in items:
                yield from named(item)
        case Spread(inner):
            yield from named(inner)
        case Call(callee, arguments):
            for part in (callee, *arguments):
                yield from named(part)
        case Member(inner):
            yield from named(inner)
        case _:
            return


def parameters(expression: Expression) -> Iterator[str]:
    """Yield the first parameters of the functions in a relational query's configuration: they stand for its table."""
    match expression:
        case Function(given):
            yield from (parameter.id for parameter in given[:1])
        case Object(entries):
            for entry in entries:
                yield from parameters(entry.value)
        case _:
            return


def span(node: Node) -> tuple[int, int]:
    return node.start_byte, node.end_byte
