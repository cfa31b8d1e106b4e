"""`CREATE TABLE`, `ALTER TABLE` and `CREATE INDEX` of a dump, by sqlglot."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal

from msgspec.structs import replace

from analyzer.databases.catalog import plain
from analyzer.databases.mentions import unquoted
from analyzer.model import Check, IndexPart, Key, Link, PhysicalColumn, PhysicalIndex, PhysicalTable

if TYPE_CHECKING:
    from collections.abc import Iterable

_IDENTITY = re.compile(
    r"\balter\s+column\s+(?P<column>\"(?:[^\"]|\"\")+\"|[\w$]+)\s+add\s+generated\s+(?P<mode>always|by\s+default)\s+as\s+identity",
    re.I,
)
_DEFAULT = re.compile(
    r"\balter\s+column\s+(?P<column>\"(?:[^\"]|\"\")+\"|[\w$]+)\s+set\s+default\s+(?P<text>.*)$", re.I | re.S
)
_NO_MATTER = re.compile(
    r"\b(enable|disable|force|no\s+force)\s+(row\s+level\s+security|trigger|rule)|\bowner\s+to\b|\bset\s+(storage|statistics|compression|schema|tablespace|logged|unlogged)\b"
    r"|\bcluster\s+on\b|\breplica\s+identity\b|\balter\s+column\s+\S+\s+set\s+(storage|statistics|compression)\b|\bset\s+\(|\binherit\b|\bvalidate\s+constraint\b",
    re.I,
)
_TAIL = re.compile(
    r"\)\s*(?:partition\s+by\s.*|with\s*\(.*|inherits\s*\(.*|using\s+\w+.*|server\s.*|tablespace\s.*)$", re.I | re.S
)
_NOT_NULL = re.compile(r"\bconstraint\s+(?:\"(?:[^\"]|\"\")+\"|[\w$]+)\s+not\s+null\b", re.I)
_BIT_VARYING = re.compile(r"\bbit\s+varying\b", re.I)
_NULLS = re.compile(r"\bnulls\s+not\s+distinct\b", re.I)
_INCLUDE = re.compile(r"\)\s*include\s*\([^)]*\)", re.I)
_WITH = re.compile(r"\)\s*with\s*\([^)]*\)", re.I)
_ON_ONLY = re.compile(r"\bon\s+only\b", re.I)


class UnreadError(Exception):
    """A statement is not understood."""


def created(key: tuple[str | None, str], text: str) -> PhysicalTable:
    """Return the table that a `CREATE TABLE` makes. Raises `UnreadError`."""
    from sqlglot import exp

    if re.search(r"\bpartition\s+of\b", text, re.I):
        raise UnreadError("a partition is made in one statement")
    head, _, rest = text.partition("(")
    plainly = (
        re.sub(r"\b(unlogged|foreign)\s+table\b", "table", head, flags=re.I) + "(" + _NOT_NULL.sub("NOT NULL", rest)
    )
    node = _parsed(_TAIL.sub(")", plainly), exp.Create)
    body = node.this
    if not isinstance(body, exp.Schema):
        raise UnreadError("it has no columns")
    inherits = re.search(r"\)\s*inherits\s*\(", text, re.I)
    table = PhysicalTable(*key, untold="it inherits columns" if inherits else None)
    for part in body.expressions:
        table = _with_column(table, part) if isinstance(part, exp.ColumnDef) else _with_constraint(table, part)
    return table


def altered(table: PhysicalTable, text: str) -> PhysicalTable:
    """Return a table as an `ALTER TABLE` leaves it. Raises `UnreadError`."""
    from sqlglot import exp

    if match := _IDENTITY.search(text):
        mode: Literal["always", "by default"] = "always" if match["mode"].lower() == "always" else "by default"
        return _changed(table, match["column"], identity=mode, default=None)
    if match := _DEFAULT.search(text):
        return _changed(table, match["column"], default=match["text"].strip())
    if _NO_MATTER.search(text) and not re.search(r"\badd\s+constraint\b", text, re.I):
        return table
    distinct = _NULLS.search(text) is None
    plainly = re.sub(r"\s+not\s+valid\s*$", "", _NULLS.sub("", text), flags=re.I)
    node = _parsed(plainly, exp.Alter)
    for action in node.args["actions"]:
        if not isinstance(action, exp.AddConstraint):
            raise UnreadError(f"it does not add a constraint but {type(action).__name__}")
        for part in action.expressions:
            table = _with_constraint(table, part, nulls_not_distinct=not distinct)
    return table


def index(text: str) -> tuple[tuple[str | None, str], PhysicalIndex]:
    """Return the index that a `CREATE INDEX` makes, and the table's schema and name. Raises `UnreadError`."""
    from sqlglot import exp

    plainly = _WITH.sub(")", _INCLUDE.sub(")", _NULLS.sub("", _ON_ONLY.sub("ON", text))))
    node = _parsed(plainly, exp.Create)
    made = node.this
    table, parameters = made.args.get("table"), made.args.get("params")
    if table is None or parameters is None:
        raise UnreadError("it names no table")
    where = parameters.args.get("where")
    method = parameters.args.get("using")
    return (plain(table.db or None), table.name), PhysicalIndex(
        name=made.name,
        parts=tuple(_part(one) for one in parameters.args.get("columns") or ()),
        unique=bool(node.args.get("unique")),
        method=method.name.lower() if method is not None else "btree",
        where=_sql(where.this) if where is not None else None,
    )


def is_nulls_not_distinct(text: str) -> bool:
    """Whether a unique index counts nulls as the same."""
    return _NULLS.search(text) is not None


def _parsed(text: str, kind: type) -> Any:
    import sqlglot
    from sqlglot.errors import SqlglotError

    try:
        node = sqlglot.parse_one(_BIT_VARYING.sub("varbit", text), read="postgres")
    except (SqlglotError, RecursionError) as error:
        raise UnreadError(str(error).splitlines()[0]) from None
    if not isinstance(node, kind):
        raise UnreadError("it is of a kind that is not understood")
    return node


def _sql(node: Any) -> str:
    text: str = node.sql(dialect="postgres", normalize_functions="lower")
    return text


def _part(node: Any) -> IndexPart:
    from sqlglot import exp

    ordered = node if isinstance(node, exp.Ordered) else None
    inner = ordered.this if ordered is not None else node
    operators = None
    if isinstance(inner, exp.Opclass):
        operators, inner = _sql(inner.args["expression"]).rpartition(".")[2], inner.this
    descending = bool(ordered is not None and ordered.args.get("desc"))
    nulls = bool(ordered is not None and ordered.args.get("nulls_first"))
    if isinstance(inner, exp.Column):
        return IndexPart(inner.name, None, descending, nulls, operators)
    return IndexPart(None, _sql(inner), descending, nulls, operators)


def _with_column(table: PhysicalTable, node: Any) -> PhysicalTable:
    from sqlglot import exp

    type = _sql(node.args["kind"])
    column = PhysicalColumn(node.name, type if '"' in type else type.lower())
    for one in node.args.get("constraints") or ():
        match one.kind:
            case exp.NotNullColumnConstraint():
                column = replace(column, nullable=bool(one.kind.args.get("allow_null")))
            case exp.DefaultColumnConstraint():
                column = replace(column, default=_sql(one.kind.this))
            case exp.GeneratedAsIdentityColumnConstraint() if one.kind.args.get("expression") is not None:
                column = replace(column, generated=_sql(one.kind.args["expression"]))
            case exp.GeneratedAsIdentityColumnConstraint():
                column = replace(column, identity="always" if one.kind.this else "by default")
            case exp.ComputedColumnConstraint():
                column = replace(column, generated=_sql(one.kind.this))
            case exp.PrimaryKeyColumnConstraint():
                table = replace(table, primary_key=Key(None, (column.name,)))
            case exp.UniqueColumnConstraint():
                table = replace(table, uniques=(*table.uniques, Key(None, (column.name,))))
            case exp.CheckColumnConstraint():
                table = replace(table, checks=(*table.checks, Check(None, _sql(one.kind.this))))
            case exp.Reference():
                link = _referring(f"{table.name}_{column.name}_fkey", (column.name,), one.kind, ())
                table = replace(table, foreign_keys=(*table.foreign_keys, link))
            case exp.CollateColumnConstraint():
                pass
            case _:
                raise UnreadError(f"the column {column.name!r} has a rule that is not understood: {_sql(one)}")
    return replace(table, columns=(*table.columns, column))


def _with_constraint(table: PhysicalTable, node: Any, *, nulls_not_distinct: bool = False) -> PhysicalTable:
    from sqlglot import exp

    name = node.name if isinstance(node, exp.Constraint) else None
    for one in node.expressions if isinstance(node, exp.Constraint) else (node,):
        match one:
            case exp.PrimaryKey():
                table = replace(table, primary_key=Key(name, _names(one.expressions)))
            case exp.UniqueColumnConstraint():
                columns = _names(one.this.expressions) if one.this is not None else ()
                table = replace(
                    table,
                    uniques=(*table.uniques, Key(name, columns, nulls_not_distinct or bool(one.args.get("nulls")))),
                )
            case exp.CheckColumnConstraint():
                table = replace(table, checks=(*table.checks, Check(name, _sql(one.this))))
            case exp.ForeignKey():
                table = replace(table, foreign_keys=(*table.foreign_keys, _link(name, one)))
            case _:
                raise UnreadError(f"a constraint is not understood: {_sql(one)[:60]}")
    return table


def _link(name: str | None, node: Any) -> Link:
    return _referring(name, _names(node.expressions), node.args["reference"], _options(node))


def _referring(name: str | None, columns: tuple[str, ...], reference: Any, more: Iterable[str]) -> Link:
    from sqlglot import exp

    target = reference.this
    table = target.this if isinstance(target, exp.Schema) else target
    options = [str(option).lower() for option in (*(reference.args.get("options") or ()), *more)]
    rules = {word: _rule(options, word) for word in ("delete", "update")}
    return Link(
        name,
        columns,
        plain(table.db or None),
        table.name,
        _names(target.expressions),
        rules["delete"],
        rules["update"],
    )


def _options(node: Any) -> Iterable[str]:
    for word in ("delete", "update"):
        if node.args.get(word):
            yield f"on {word} {node.args[word]}"
    yield from (str(option) for option in node.args.get("options") or ())


def _rule(options: list[str], word: str) -> str:
    return next((text.removeprefix(f"on {word} ") for text in options if text.startswith(f"on {word} ")), "no action")


def _names(nodes: Iterable[Any]) -> tuple[str, ...]:
    return tuple(node.name if node.name else node.this.name for node in nodes)


def _changed(table: PhysicalTable, name: str, **changes: Any) -> PhysicalTable:
    wanted = unquoted(name)
    columns = tuple(replace(one, **changes) if one.name == wanted else one for one in table.columns)
    return replace(table, columns=columns)
