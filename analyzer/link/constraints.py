"""What stands beside the columns of a declaration: keys, foreign keys, indexes, uniques and checks.

Sources: https://orm.drizzle.team/docs/indexes-constraints, /docs/generated-columns; names as drizzle-kit makes them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from analyzer.link.values import Builder, Closure, ColumnRef, Constant, Record, Sequence, Sql, Unknown, Value
from analyzer.model import CheckRule, ForeignKey, Index

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NameOf: TypeAlias = Callable[[ColumnRef], str | None]
Run: TypeAlias = Callable[[Closure], Value]


def parts(value: Value) -> tuple[Builder, ...]:
    """Return the constraints that the third argument of a declaration gives: an object, or an array."""
    items = value.entries.values() if isinstance(value, Record) else value.items if isinstance(value, Sequence) else ()
    return tuple(item for part in items for item in ([part] if isinstance(part, Builder) else parts(part)))


def names(values: Iterable[Value], name_of: NameOf) -> tuple[str | None, ...]:
    """Return the physical names of columns; None for what is no column."""
    flat = (item for value in values for item in (value.items if isinstance(value, Sequence) else (value,)))
    return tuple(name_of(item) if isinstance(item, ColumnRef) else None for item in flat)


def primary_key(part: Builder, name_of: NameOf) -> tuple[str | None, tuple[str, ...]] | None:
    """Return the name and columns of a `primaryKey(…)`; None when the part is none."""
    if part.name != "primaryKey":
        return None
    options = next((argument for argument in part.arguments if isinstance(argument, Record)), None)
    given = (options.entries.get("columns", Unknown()),) if options else part.arguments
    name = options.entries.get("name") if options else None
    return _text(name), tuple(column for column in names(given, name_of) if column)


def foreign_key(part: Builder, name_of: NameOf, run: Run) -> Iterator[ForeignKey]:
    """Yield the foreign key that a `foreignKey(…)` makes."""
    options = part.arguments[0] if part.name == "foreignKey" and part.arguments else None
    if isinstance(options, Closure):
        options = run(options)
    if not isinstance(options, Record):
        return
    here = names((options.entries.get("columns", Unknown()),), name_of)
    there = options.entries.get("foreignColumns", Unknown())
    first = there.items[0] if isinstance(there, Sequence) and there.items else None
    rules = {name: arguments[0] for name, arguments in part.calls if arguments}
    yield ForeignKey(
        tuple(name or "?" for name in here),
        first.table if isinstance(first, ColumnRef) else None,
        tuple(name or "?" for name in names((there,), name_of)),
        _text(rules.get("onDelete")),
        _text(rules.get("onUpdate")),
        _text(options.entries.get("name")),
        part.line,
    )


def index(part: Builder, name_of: NameOf) -> Iterator[Index]:
    """Yield the index, or the unique constraint, that a part makes."""
    if part.name not in {"index", "uniqueIndex", "unique"}:
        return
    calls = dict(part.calls)
    on = next((arguments for name, arguments in part.calls if name in {"on", "using", "onOnly"}), ())
    method = on[0].value if "using" in calls and on and isinstance(on[0], Constant) else None
    given = tuple(value for value in _flat(on) if not isinstance(value, Constant))
    where = calls.get("where", ())
    yield Index(
        name=_text(part.arguments[0] if part.arguments else None) or None,
        columns=names(given, name_of),
        unique=part.name != "index",
        constraint=part.name == "unique",
        method=str(method) if method else None,
        where=sql_text(where[0], name_of, _mark(part)) if where else None,
        expressions=tuple(
            None if isinstance(value, ColumnRef) else sql_text(value, name_of, _mark(part)) for value in given
        ),
        orders=tuple(value.orders if isinstance(value, ColumnRef) else () for value in given),
        nulls_not_distinct="nullsNotDistinct" in calls,
        line=part.line,
    )


def check(part: Builder, name_of: NameOf) -> Iterator[CheckRule]:
    """Yield the check that a `check(name, sql)` makes."""
    if part.name == "check" and part.arguments:
        expression = sql_text(part.arguments[1], name_of, _mark(part)) if len(part.arguments) > 1 else "?"
        yield CheckRule(_text(part.arguments[0]), expression, part.line)


def sql_text(value: Value, name_of: NameOf, mark: str = '"') -> str:
    """Return a piece of SQL with the columns in it by their physical names, and `?` for what cannot be computed."""
    match value:
        case Sql(texts):
            return "".join(part if isinstance(part, str) else sql_text(part, name_of, mark) for part in texts)
        case ColumnRef():
            name = name_of(value)
            return f"{mark}{name}{mark}" if name else "?"
        case Constant(bool() as flag):
            return str(flag).lower()
        case Constant(int() | float() as number):
            return str(number)
        case Constant(str() as text):
            return "'" + text.replace("'", "''") + "'"
        case _:
            return "?"


def _mark(part: Builder) -> str:
    return "`" if part.dialect == "mysql" else '"'


def _flat(values: Iterable[Value]) -> Iterator[Value]:
    for value in values:
        yield from value.items if isinstance(value, Sequence) else (value,)


def _text(value: Value | None) -> str | None:
    return str(value.value) if isinstance(value, Constant) and value.value is not None else None
