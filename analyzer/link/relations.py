"""`relations(…)`, `defineRelations(…)`: which relation name of which table leads to which table.

Sources: https://orm.drizzle.team/docs/relations and /docs/relations-v2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.link.values import (
    NOTHING,
    Closure,
    ColumnRef,
    Environment,
    Method,
    Record,
    Relations,
    RelationsMap,
    TableRef,
    Union,
    Value,
)
from analyzer.model import Array, Call, Expression, Member, Name, Object

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from analyzer.link.evaluate import Evaluator


def tables_of(values: list[Value]) -> list[str]:
    """Return the ids of the tables among some values."""
    found: list[str] = []
    for value in values:
        for option in value.options if isinstance(value, Union) else (value,):
            if isinstance(option, TableRef):
                found.append(option.id)
    return found


def relations(evaluator: Evaluator, call: Call, path: str, environment: Environment) -> Value:
    if len(call.arguments) < 2:
        return NOTHING
    tables = tables_of([evaluator.unowned(call.arguments[0], path, environment)])
    body = evaluator.evaluate(call.arguments[1], path, environment)
    helper = Record({"one": Method(NOTHING, "one"), "many": Method(NOTHING, "many")})
    if not tables:
        return NOTHING
    if not isinstance(body, Closure):
        return Relations(tables[0], {}, open=True)
    targets: dict[str, tuple[str, ...]] = {}
    for name, value in _related(evaluator, body, helper):
        targets[name] = (*targets.get(name, ()), value)
    return Relations(tables[0], targets, dict(_keyed(evaluator, body, helper)), open=not _is_plain(body, targets))


def _is_plain(body: Closure, targets: Container[str]) -> bool:
    """Whether each relation that a function returns is known."""
    results = body.function.returns
    plain = all(isinstance(one, Object) and all(entry.key in targets for entry in one.entries) for one in results)
    return bool(results) and plain


def _keyed(evaluator: Evaluator, body: Closure, helper: Record) -> Iterator[tuple[str, tuple[ColumnRef, ...]]]:
    """Yield the columns that each relation joins by: its `fields` and `references`."""
    inner = body.environment.with_({parameter.id: helper for parameter in body.function.parameters[:1]})
    for result in body.function.returns:
        for entry in result.entries if isinstance(result, Object) else ():
            options = entry.value.arguments[1:2] if isinstance(entry.value, Call) else ()
            named = [part.value for option in options if isinstance(option, Object) for part in option.entries]
            items = [item for value in named if isinstance(value, Array) for item in value.items]
            values = (evaluator.evaluate(item, body.file, inner) for item in items)
            found = tuple(value for value in values if isinstance(value, ColumnRef))
            if entry.key is not None and found:
                yield entry.key, found


def _related(evaluator: Evaluator, body: Closure, helper: Record) -> list[tuple[str, str]]:
    bound = {parameter.id: helper for parameter in body.function.parameters[:1]}
    inner = body.environment.with_(bound)
    found: list[tuple[str, str]] = []
    for result in body.function.returns:
        for entry in result.entries if isinstance(result, Object) else ():
            if entry.key is None or not isinstance(entry.value, Call) or not entry.value.arguments:
                continue
            for id in tables_of([evaluator.unowned(entry.value.arguments[0], body.file, inner)]):
                found.append((entry.key, id))
    return found


def relations_map(evaluator: Evaluator, call: Call, path: str, environment: Environment) -> Value:
    if not call.arguments:
        return NOTHING
    schema = evaluator.evaluate(call.arguments[0], path, environment)
    keys = evaluator.record(schema)
    body = evaluator.evaluate(call.arguments[1], path, environment) if len(call.arguments) > 1 else NOTHING
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    joined: dict[str, dict[str, tuple[ColumnRef, ...]]] = {}
    open = set() if isinstance(body, Closure) or len(call.arguments) < 2 else {"*"}
    for result in body.function.returns if isinstance(body, Closure) else ():
        open |= set() if isinstance(result, Object) else {"*"}
        for entry in result.entries if isinstance(result, Object) else ():
            if entry.key is None or not isinstance(entry.value, Object):
                open.add(entry.key or "*")
                continue
            targets: dict[str, tuple[str, ...]] = {}
            for relation in entry.value.entries:
                value = relation.value
                if relation.key is None or not isinstance(value, Call):
                    open.add(entry.key)
                if relation.key and isinstance(value, Call) and isinstance(value.callee, Member) and keys:
                    names = [value.callee.property, *_mentioned(value.arguments)]
                    parts = [keys.entries.get(name, NOTHING) for name in dict.fromkeys(names)]
                    targets[relation.key] = tuple(
                        id
                        for id in tables_of(parts)
                        if id not in tables_of([keys.entries.get(entry.key, NOTHING)]) or id in tables_of(parts[:1])
                    )
                    joined.setdefault(entry.key, {})[relation.key] = tuple(
                        ColumnRef(id, column)
                        for name, column in _columns(value.arguments)
                        for id in tables_of([keys.entries.get(name, NOTHING)])
                    )
            found[entry.key] = targets
    return RelationsMap(schema, found, joined, frozenset(open))


def _mentioned(arguments: tuple[Expression, ...]) -> Iterator[str]:
    """Yield the tables named in a relation's options: `r.members.id.through(r.memberships.userId)` names a junction."""
    return (table for table, _ in _columns(arguments))


def _columns(arguments: tuple[Expression, ...]) -> Iterator[tuple[str, str]]:
    """Yield the columns named in a relation's options, with the keys of their tables."""
    stack: list[Expression] = list(arguments)
    while stack:
        match stack.pop():
            case Object(entries):
                stack += [entry.value for entry in entries]
            case Array(items):
                stack += items
            case Call(callee, given):
                stack += [callee, *given]
            case Member(Member(Name(), table), column):
                yield table, column
            case Member(inner, _):
                stack.append(inner)
            case _:
                continue
