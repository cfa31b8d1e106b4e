"""Columns that a query names by keys of objects: `insert(users).values({ name, ...rest })` names `name` and leaves others open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.link.surroundings import SELECTING, UPSERTING
from analyzer.model import (
    Action,
    Array,
    Call,
    Choice,
    Expression,
    Function,
    Member,
    Name,
    Object,
    Opaque,
    Reference,
    Site,
    Spread,
    Usage,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.link.world import Unit

DELETED = "delete returning"  # what is taken out is read
_EACH = {"map", "flatMap"}
_DEPTH = 8


def told(usage: Usage, reference: Reference, unit: Unit) -> Iterator[Usage]:
    """Yield a usage, saying whether it is of whole rows, and the columns that the query writes by name."""
    if usage.column is not None:
        yield usage
        return
    returning = usage.action == "delete" and any(one.method == "returning" for one in reference.chained)
    evidence = DELETED if returning else usage.evidence
    yield replace(usage, whole_row=_is_whole(usage, reference, unit), evidence=evidence)
    for one in reference.chained:
        action: Action = "insert" if one.method == "values" else "update"
        if one.method in UPSERTING and usage.action == "insert":
            yield replace(usage, action="update", evidence="upsert")
        if one.method in {"values", "set", *UPSERTING}:
            row = entries_of(one.value, "set") if one.method in UPSERTING else one.value
            for key, site in keys(row, unit)[0] if row is not None else ():
                yield replace(usage, column=key, action=action, certainty="named", evidence=one.method, site=site)


def _is_whole(usage: Usage, reference: Reference, unit: Unit) -> bool:
    chained = {one.method: one.value for one in reference.chained}
    if usage.action in {"insert", "update"}:
        written = chained.get("values" if usage.action == "insert" else "set")
        return keys(written, unit)[1] or chained.get("returning", written) is None
    if usage.evidence in {"alias", "aliasedTable"}:
        return False
    return (
        usage.action == "derive"
        or usage.evidence == "select"
        or any(method in chained and chained[method] is None for method in SELECTING)
    )


def keys(expression: Expression | None, unit: Unit) -> tuple[tuple[tuple[str, Site], ...], bool]:
    """Return the keys of an object, or of each object of a list, and whether there may be more.

    >>> from analyzer.model import Entry, Literal
    >>> keys(Object((Entry("name", Literal("x"), Site(3, 5)),)), None)
    ((('name', Site(line=3, column=5)),), False)
    """
    found = list(_keys(expression, unit, _DEPTH)) if expression is not None else [None]
    return tuple(key for key in found if key is not None), None in found


def entries_of(expression: Expression | None, key: str) -> Expression | None:
    """Return the value of a key of an object literal."""
    entries = expression.entries if isinstance(expression, Object) else ()
    return next((entry.value for entry in entries if entry.key == key), None)


def _keys(expression: Expression, unit: Unit, depth: int) -> Iterator[tuple[str, Site] | None]:
    """Yield each key with its place, and None for what is not known."""
    if not depth:
        yield None
        return
    match expression:
        case Object(entries):
            for entry in entries:
                if entry.key is not None:
                    yield entry.key, entry.site
                elif entry.computed is not None:
                    yield None
                else:
                    yield from _keys(entry.value, unit, depth - 1)
        case Array(parts) | Choice(parts):
            for part in parts:
                yield from _keys(part, unit, depth - 1)
        case Spread(inner):
            yield from _keys(inner, unit, depth - 1)
        case Call(Member(_, method), (Function(_, returns), *_)) if method in _EACH:
            for value in returns:
                yield from _keys(value, unit, depth - 1)
        case Call(Name(id)) if isinstance(made := _held(unit, id), Function):
            for value in made.returns:
                yield from _keys(value, unit, depth - 1)
        case Name(id):
            yield None  # a name may be given more keys before it is written
            yield from _keys(_held(unit, id), unit, depth - 1)
        case _:
            yield None


def _held(unit: Unit, id: str) -> Expression:
    binding = unit.bindings.get(id)
    return binding.value if binding is not None and binding.value is not None else Opaque("unknown")
