"""What goes wrong because of a difference: at run time, in code that believes the left side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.drift.types import base, canonical

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.drift.pair import Pair
    from analyzer.model import Dialect, Difference

_FAMILIES = (
    {"text", "character varying", "character", "name", "citext"},
    {"integer", "bigint", "smallint", "numeric", "real", "double precision"},
    {"date", "timestamp", "timestamp with time zone"},
    {"time", "time with time zone"},
    {"uuid"},
    {"boolean"},
    {"jsonb"},
    {"bytea"},
    {"inet", "cidr"},
    {"interval"},
)  # types between which PostgreSQL has an operator `=`


def comparable(left: str | None, right: str | None, dialect: Dialect) -> bool | None:
    """Whether two types have an operator `=`; None when that is not known.

    >>> comparable("uuid", "text", "postgresql"), comparable("varchar(20)", "text", "postgresql")
    (False, True)
    """
    if left is None or right is None or dialect != "postgresql":
        return None
    kinds = [base(canonical(one, dialect)) for one in (left, right)]
    families = [next((index for index, family in enumerate(_FAMILIES) if kind in family), None) for kind in kinds]
    if kinds[0] == kinds[1]:
        return True
    return None if None in families else families[0] == families[1]


def broken(one: Difference, pair: Pair) -> tuple[str, ...]:
    """Return what goes wrong, in sentences; nothing when nothing does, or it is not known."""
    match one.rule:
        case "TT201" | "TT220" if one.kind == "missing":
            return ("every query of it fails: relation does not exist",)
        case "TT203":
            return ("what is written under one name is not seen under the other",)
        case "TT204":
            return ("every query of its tables fails",)
        case "TT206":
            return ("reading whole rows, inserting and updating it fail: column does not exist",)
        case "TT208":
            return ("every insert fails: code gives it no value, and it may not be null",)
        case "TT209":
            return tuple(_of_type(one, pair))
        case "TT210" if one.expected == "null":
            return ("inserts that leave it out fail, and so does setting it to null",)
        case "TT210":
            return ("rows may hold null where code expects a value",)
        case "TT211" if one.actual is None:
            return tuple(_without_default(one, pair))
        case "TT213" if one.kind != "unexpected":
            return ("rows may come twice, and `on conflict` on these columns fails",)
        case "TT214" if one.kind == "missing":
            return ("rows may come twice, and `on conflict` on these columns fails",)
        case "TT214" if one.kind == "unexpected":
            return ("inserts that code takes for allowed fail",)
        case "TT214":
            return (
                "rows with null in these columns are told apart otherwise: duplicates may come, or inserts may fail",
            )
        case "TT215" if one.attribute in {"on delete", "on update"}:
            return (_of_rule(one),)
        case "TT215" if one.kind == "missing":
            return ("rows may refer to what is not there, and nothing is deleted or refused along with it",)
        case "TT215" if one.kind == "unexpected":
            return ("inserts and deletes that code takes for allowed may fail",)
        case "TT219":
            return tuple(_of_enum(one))
        case _:
            return ()


def _of_type(one: Difference, pair: Pair) -> Iterator[str]:
    if one.attribute == "length":
        yield f"values that fit {one.expected} may be cut off or refused by {one.actual}, or the other way round"
        return
    here = (one.schema, one.table or "")
    for table, link in pair.linked[0].get(here, ()):
        for name, foreign in zip(link.columns, link.foreign_columns, strict=False):
            left, right = (table.key, name), ((link.foreign_schema, link.foreign_table), foreign)
            if (here, one.column) in (left, right):
                yield from _join(pair, left, right)
    if comparable(one.expected, one.actual, pair.dialect) is False:
        yield f"comparing it with a {one.expected} fails: operator does not exist: {_bare(one.actual)} = {_bare(one.expected)}"


def _join(
    pair: Pair, left: tuple[tuple[str | None, str], str], right: tuple[tuple[str | None, str], str]
) -> Iterator[str]:
    """Yield that the join of a foreign key's two ends fails in the source, when it does."""
    tables = [pair.right.get(key) for key, _ in (left, right)]
    columns = [table.column(name) if table else None for table, (_, name) in zip(tables, (left, right), strict=True)]
    types = [column.type if column else None for column in columns]
    if comparable(types[0], types[1], pair.dialect) is False:
        names = [f"{key[1]}.{name}" for key, name in (left, right)]
        told = f"{_bare(types[0])} = {_bare(types[1])}"
        yield f"the join of {names[0]} with {names[1]} fails: operator does not exist: {told}"


def _bare(type: str | None) -> str:
    return base(canonical(type or "", "postgresql"))


def _without_default(one: Difference, pair: Pair) -> Iterator[str]:
    table = pair.right.get((one.schema, one.table or ""))
    column = table.column(one.column or "") if table else None
    if column is not None and not column.nullable:
        yield "inserts that leave it out fail: it may not be null"


def _of_rule(one: Difference) -> str:
    verb = "deleting" if one.attribute == "on delete" else "changing the key of"
    if one.actual in {"no action", "restrict"}:
        return f"{verb} the row it refers to fails where code counts on {one.expected}"
    follows = {"cascade": "goes along", "set null": "loses its reference", "set default": "gets another reference"}
    return f"{verb} the row it refers to: this row {follows.get(one.actual or '', 'changes')}, which code does not count on"


def _of_enum(one: Difference) -> Iterator[str]:
    if one.kind == "missing":
        yield "tables that use it cannot be made"
    expected, actual = (one.expected or "").split(", "), (one.actual or "").split(", ")
    lost = [value for value in expected if value and value not in actual]
    if one.kind == "changed" and lost:
        yield f"writing {', '.join(repr(value) for value in lost)} fails"
    more = [value for value in actual if value and value not in expected]
    if one.kind == "changed" and more:
        yield f"reading may give {', '.join(repr(value) for value in more)}, which code does not know"
