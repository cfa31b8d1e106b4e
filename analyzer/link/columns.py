"""A property of a table declaration becomes a column: its name, type and rules.

Sources: https://orm.drizzle.team/docs/column-types/pg, /docs/sql-schema-declaration, /docs/indexes-constraints,
/docs/custom-types. Casing names only the columns that have no name of their own.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from analyzer.link.combine import shown, spoken
from analyzer.link.evaluate import Evaluator
from analyzer.link.types import sql_type
from analyzer.link.values import (
    Builder,
    Closure,
    ColumnRef,
    Constant,
    CustomBuilder,
    Record,
    Sequence,
    Sql,
    Union,
    Unknown,
    Value,
)
from analyzer.model import Column

if TYPE_CHECKING:
    from analyzer.link.types import Options

_WORDS = re.compile(r"[\da-z]+|[A-Z]+(?![a-z])|[A-Z][\da-z]+")
_NOT_NULL = {"notNull", "primaryKey", "generatedAlwaysAsIdentity", "generatedByDefaultAsIdentity"}
_SERIAL = {"serial", "bigserial", "smallserial"}
_IDENTITY: dict[str, Literal["always", "by default"]] = {
    "generatedAlwaysAsIdentity": "always",
    "generatedByDefaultAsIdentity": "by default",
}
_RULES = {"onDelete": "on_delete", "onUpdate": "on_update"}


class Reference(Struct, frozen=True):
    """The target of a column's `.references(…)`: a column, and the rules."""

    target: ColumnRef
    on_delete: str | None
    on_update: str | None


class Read(Struct, frozen=True):
    """A column, and the foreign key that stands on it."""

    column: Column
    reference: Reference | None
    unique_name: str | None = None


def cased(property: str, casing: str | None) -> str:
    """Return the name that a column without one takes from its property.

    >>> cased("createdAt", "snake_case"), cased("created_at", "camelCase"), cased("createdAt", None)
    ('created_at', 'createdAt', 'createdAt')
    """
    words = _WORDS.findall(re.sub("['’]", "", property))
    if casing == "snake_case":
        return "_".join(word.lower() for word in words)
    if casing == "camelCase":
        return "".join(word.lower() if index == 0 else word[0].upper() + word[1:] for index, word in enumerate(words))
    return property


def read(evaluator: Evaluator, property: str, value: Value, unnamed: str, line: int) -> Read:
    """Return the column that a value makes under a property; `unnamed` is its name where it has none of its own."""
    if isinstance(value, Union):
        value = next((option for option in value.options if isinstance(option, Builder)), value)
    if not isinstance(value, Builder):
        shape = value.reason if isinstance(value, Unknown) and value.reason else shown(value)
        return Read(Column(property, None, None, reason=f"its builder cannot be computed: {shape}", line=line), None)
    named, options, rest = _arguments(value)
    kind, reason = _type(evaluator, value, options, rest)
    calls = [name for name, _ in value.calls]
    reference = next(
        (_reference(evaluator, arguments) for name, arguments in value.calls if name == "references"), None
    )
    unique = next((arguments for name, arguments in value.calls if name == "unique"), None)
    name = named.value if isinstance(named, Constant) and isinstance(named.value, str) else None
    unknown = isinstance(named, Unknown)
    column = Column(
        property=property,
        name=name or (None if unknown else unnamed),
        type=kind,
        nullable=not (_NOT_NULL & set(calls) or value.name in _SERIAL),
        default=_default(value),
        primary_key="primaryKey" in calls,
        unique=unique is not None,
        reason="its name cannot be computed" if unknown else reason,
        line=line,
        made=(value.file, value.line),
        identity=next((_IDENTITY[name] for name in calls if name in _IDENTITY), None) or _counted(value),
        generated=next((_generated(arguments) for name, arguments in value.calls if name == "generatedAlwaysAs"), None),
        type_schema=_type_schema(evaluator, value),
    )
    first = unique[0] if unique else None
    return Read(
        column, reference, first.value if isinstance(first, Constant) and isinstance(first.value, str) else None
    )


def _arguments(builder: Builder) -> tuple[Value | None, Options, tuple[Value, ...]]:
    """Split a builder's arguments into name, options and what else there is."""
    arguments = builder.arguments[1:] if builder.name == "customType" else builder.arguments
    named = arguments[0] if arguments and isinstance(arguments[0], Constant | Unknown) else None
    if isinstance(named, Unknown) and builder.name == "customType" and len(arguments) == 1:
        named = None
    if isinstance(named, Constant) and not isinstance(named.value, str):
        named = None
    rest = arguments[1:] if named is not None else arguments
    record = next((value for value in rest if isinstance(value, Record)), None)
    options = {key: part.value for key, part in record.entries.items() if isinstance(part, Constant)} if record else {}
    return named, options, tuple(rest)


def _type(
    evaluator: Evaluator, builder: Builder, options: Options, rest: tuple[Value, ...]
) -> tuple[str | None, str | None]:
    base, reason = _base_type(evaluator, builder, options, rest)
    for name, arguments in builder.calls:
        if name == "array" and base is not None:
            size = arguments[0].value if arguments and isinstance(arguments[0], Constant) else None
            dimensions = size if isinstance(size, str) and size.startswith("[") else None
            base += dimensions or f"[{size if isinstance(size, int) else ''}]"
    return base, reason


def _base_type(
    evaluator: Evaluator, builder: Builder, options: Options, rest: tuple[Value, ...]
) -> tuple[str | None, str | None]:
    if builder.name.startswith("enum:"):
        name = evaluator.declared[builder.name[5:]].name
        return (str(name.value), None) if isinstance(name, Constant) else (None, "the enum's name cannot be computed")
    if builder.name == "customType":
        return _custom(evaluator, builder, rest)
    if builder.name in {"mysqlEnum", "singlestoreEnum"}:
        values = strings(rest[0]) if rest else None
        return (
            ("enum(" + ",".join(f"'{value}'" for value in values) + ")", None)
            if values
            else (None, "its values cannot be computed")
        )
    type = sql_type(builder.dialect, builder.name, options)
    return type, None if type else f"{builder.name!r} is no column builder of {builder.dialect}"


def _counted(builder: Builder) -> Literal["by default"] | None:
    """Return how MySQL makes a column's values: `.autoincrement()`, or `serial`, which is one."""
    names = {builder.name, *(name for name, _ in builder.calls)}
    return "by default" if builder.dialect == "mysql" and names & {"autoincrement", "serial"} else None


def _type_schema(evaluator: Evaluator, builder: Builder) -> str | None:
    """Return the database schema of the enum that is a column's type."""
    schema = evaluator.declared[builder.name[5:]].schema if builder.name.startswith("enum:") else None
    return str(schema.value) if isinstance(schema, Constant) and schema.value else None


def _generated(arguments: tuple[Value, ...]) -> str:
    """Return the expression of a generated column; `?` when it cannot be computed."""
    value = arguments[0] if arguments else Unknown()
    return value.text if isinstance(value, Sql) else spoken(value) if isinstance(value, Constant) else "?"


def _custom(evaluator: Evaluator, builder: Builder, rest: tuple[Value, ...]) -> tuple[str | None, str | None]:
    custom = builder.arguments[0]
    options = custom.options if isinstance(custom, CustomBuilder) else None
    maker = options.entries.get("dataType") if isinstance(options, Record) else None
    if isinstance(maker, Closure):
        result = evaluator.run(maker, list(rest[:1]), always=True)
        if isinstance(result, Union):
            result = next((option for option in result.options if isinstance(option, Constant)), result)
        if isinstance(result, Constant) and isinstance(result.value, str):
            return result.value, None
    return None, "the type of its customType cannot be computed"


def strings(value: Value) -> tuple[str, ...] | None:
    """Return the strings of an array, or the values of an enum's object; None when any is unknown."""
    parts = (
        value.items
        if isinstance(value, Sequence)
        else tuple(value.entries.values())
        if isinstance(value, Record)
        else ()
    )
    texts = tuple(part.value for part in parts if isinstance(part, Constant) and isinstance(part.value, str))
    return texts if parts and len(texts) == len(parts) else None


def _default(builder: Builder) -> str | None:
    for name, arguments in reversed(builder.calls):
        if name == "defaultNow":
            return "(now())" if builder.dialect == "mysql" else "now()"
        if name == "defaultRandom":
            return "gen_random_uuid()"
        if name == "default":
            return printed(arguments[0]) if arguments else None
    return None


def printed(value: Value) -> str:
    """Return a default as DDL shows it; `(computed)` when the text does not tell."""
    match value:
        case Sql():
            return value.text
        case Constant(str() as text):
            return "'" + text.replace("'", "''") + "'"
        case Constant(inner):
            return json.dumps(inner)
        case Record() | Sequence():
            plain = _plain(value)
            return (
                "(computed)"
                if plain is _UNKNOWN
                else "'" + json.dumps(plain, separators=(",", ":"), ensure_ascii=False) + "'"
            )
        case _:
            return "(computed)"


_UNKNOWN = object()


def _plain(value: Value) -> object:
    match value:
        case Constant(inner):
            return inner
        case Sequence(items):
            parts = [_plain(item) for item in items]
            return _UNKNOWN if _UNKNOWN in parts else parts
        case Record(entries, open=False):
            found = {key: _plain(part) for key, part in entries.items()}
            return _UNKNOWN if _UNKNOWN in found.values() else found
        case _:
            return _UNKNOWN


def _reference(evaluator: Evaluator, arguments: tuple[Value, ...]) -> Reference | None:
    target = arguments[0] if arguments else None
    if isinstance(target, Closure):
        target = evaluator.run(target, [])
    if isinstance(target, Union):
        target = next((option for option in target.options if isinstance(option, ColumnRef)), target)
    if not isinstance(target, ColumnRef):
        return None
    rules = arguments[1] if len(arguments) > 1 else None
    return Reference(target, *rules_of(rules))


def rules_of(value: Value | None) -> tuple[str | None, str | None]:
    """Return `onDelete` and `onUpdate` of an object of options."""
    entries = value.entries if isinstance(value, Record) else {}
    texts = [entries.get(key) for key in _RULES]
    on_delete, on_update = (str(text.value) if isinstance(text, Constant) else None for text in texts)
    return on_delete, on_update
