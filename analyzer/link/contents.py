"""The tables that a value holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.link.values import Namespace, Record, Sequence, TableRef, Union, Value

if TYPE_CHECKING:
    from analyzer.link.evaluate import Evaluator


def tables_in(evaluator: Evaluator, value: Value, depth: int = 3) -> tuple[str, ...]:
    """Return the ids of all tables in an object, list or module, sorted; enums left out."""
    key = id(value), depth
    if key not in evaluator.held:
        evaluator.held[key] = value, _tables_in(evaluator, value, depth)
    return evaluator.held[key][1]


def _tables_in(evaluator: Evaluator, value: Value, depth: int) -> tuple[str, ...]:
    found: set[str] = set()
    match value:
        case TableRef(id):
            if evaluator.declared[id].kind != "enum":
                found.add(id)
        case Union(options) | Sequence(options):
            for option in options:
                found.update(tables_in(evaluator, option, depth - 1) if depth else ())
        case Namespace() | Record():
            record = evaluator.record(value)
            for part in record.entries.values() if record and depth else ():
                found.update(tables_in(evaluator, part, depth - 1))
        case _:
            pass
    return tuple(sorted(found))
