"""Keys, uniques, foreign keys, indexes and checks: matched by what they do, not by what they are called."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeVar

from analyzer.drift.expressions import expression
from analyzer.drift.parts import taken_apart
from analyzer.drift.types import base, canonical

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    from analyzer.drift.pair import Pair
    from analyzer.model import Check, Difference, Link, PhysicalIndex, PhysicalTable

T = TypeVar("T")


def compared(pair: Pair, table: PhysicalTable, other: PhysicalTable) -> Iterator[Difference]:
    """Yield the differences of two tables' constraints and indexes."""
    if table.untold is not None or other.untold is not None:
        return
    told = {"schema": table.schema, "table": table.name}
    if pair.tells("primary-key"):
        yield from _primary_key(pair, table, other, told)
    if pair.tells("unique"):
        yield from _uniques(pair, table, other, told)
    if pair.tells("foreign-key"):
        yield from _foreign_keys(pair, table, other, told)
    if pair.tells("index"):
        yield from _indexes(pair, table, other, told)
    if pair.tells("check"):
        yield from _checks(pair, table, other, told)


def _primary_key(pair: Pair, table: PhysicalTable, other: PhysicalTable, told: dict[str, Any]) -> Iterator[Difference]:
    left, right = table.primary_key, other.primary_key
    columns = (left.columns if left else ()), (right.columns if right else ())
    if set(columns[0]) == set(columns[1]):  # drizzle-kit sorts them
        return
    kind = "unexpected" if not columns[0] else "missing" if not columns[1] else "changed"
    sides = {"expected": _listed(columns[0]), "actual": _listed(columns[1])}
    place = (left.place if left else None) or table.place
    yield pair.difference("TT213", kind, "primary-key", **told, **sides, place=place)


def _uniques(pair: Pair, table: PhysicalTable, other: PhysicalTable, told: dict[str, Any]) -> Iterator[Difference]:
    """Uniques by constraint and by index are the same to all who read and write; a set of columns counts once."""
    left, right = _unique_sets(table), _unique_sets(other)
    for columns in sorted({*left, *right}, key=sorted):
        mine, found = left.get(columns), right.get(columns)
        if mine and not found:
            yield pair.difference(
                "TT214", "missing", "unique", **told, expected=_listed(mine[0]), **_named(mine, table)
            )
        elif found and not mine:
            named = {"name": found[1], "place": table.place}
            yield pair.difference("TT214", "unexpected", "unique", **told, actual=_listed(found[0]), **named)
        elif mine and found and mine[2] != found[2]:
            words = {True: "nulls not distinct", False: "nulls distinct"}
            sides = {"attribute": "nulls", "expected": words[mine[2]], "actual": words[found[2]], "found": found[1]}
            yield pair.difference("TT214", "changed", "unique", **told, **sides, **_named(mine, table))


def _unique_sets(table: PhysicalTable) -> dict[frozenset[str], tuple[tuple[str, ...], str | None, bool, Any]]:
    found = {
        frozenset(key.columns): (key.columns, key.name, key.nulls_not_distinct, key.place) for key in table.uniques
    }
    for index in table.indexes:
        columns = tuple(part.column for part in index.parts if part.column)
        if index.unique and not index.where and len(columns) == len(index.parts) and index.valid:
            found.setdefault(frozenset(columns), (columns, index.name, False, index.place))
    key = frozenset(table.primary_key.columns) if table.primary_key else None
    return {columns: one for columns, one in found.items() if columns != key}


def _named(one: tuple[Any, ...], table: PhysicalTable) -> dict[str, Any]:
    return {"name": one[1], "place": one[3] or table.place}


def _foreign_keys(pair: Pair, table: PhysicalTable, other: PhysicalTable, told: dict[str, Any]) -> Iterator[Difference]:
    for mine, found in _matched(table.foreign_keys, other.foreign_keys, lambda one: [_ends(one)]):
        place = (mine.place if mine else None) or table.place
        named = {"name": (mine or found).name, "column": _single(mine or found), "place": place}  # type: ignore[union-attr, arg-type]
        if mine is not None and found is None:
            yield pair.difference("TT215", "missing", "foreign-key", **told, **named, expected=_spelled(mine))
        elif found is not None and mine is None:
            yield pair.difference("TT215", "unexpected", "foreign-key", **told, **named, actual=_spelled(found))
        elif mine is not None and found is not None:
            for attribute in ("on_delete", "on_update"):
                sides = _rule(pair, getattr(mine, attribute)), _rule(pair, getattr(found, attribute))
                if sides[0] != sides[1]:
                    values: dict[str, Any] = {
                        "attribute": attribute.replace("_", " "),
                        "expected": sides[0],
                        "actual": sides[1],
                    }
                    values["found"] = found.name
                    yield pair.difference("TT215", "changed", "foreign-key", **told, **named, **values)
    for link in other.foreign_keys:
        yield from _unlike_ends(pair, table, other, link, told)


def _rule(pair: Pair, rule: str) -> str:
    return "no action" if pair.dialect == "mysql" and rule == "restrict" else rule  # the same to InnoDB


def _unlike_ends(
    pair: Pair, table: PhysicalTable, other: PhysicalTable, link: Link, told: dict[str, Any]
) -> Iterator[Difference]:
    """Yield the foreign keys of the source whose two ends have different types."""
    there = pair.right.get((link.foreign_schema, link.foreign_table))
    for name, foreign in zip(link.columns, link.foreign_columns, strict=False):
        here, target = other.column(name), there.column(foreign) if there else None
        if here is None or target is None or here.type is None or target.type is None:
            continue
        types = [base(canonical(one, pair.dialect)) for one in (here.type, target.type)]
        if types[0] != types[1] and not set(types) <= _TEXTS:
            note = f"{link.foreign_table}.{foreign} is {target.type}"
            sides = {"attribute": "type", "expected": target.type, "actual": here.type, "note": note}
            named = {"column": name, "name": link.name, "place": table.place}
            yield pair.difference("TT216", "changed", "foreign-key", **told, **named, **sides)


_TEXTS = {"text", "character varying"}  # which PostgreSQL compares as one


def _ends(link: Link) -> Hashable:
    pairs = frozenset(zip(link.columns, link.foreign_columns, strict=False))
    return pairs, link.foreign_schema, link.foreign_table


def _single(link: Link) -> str | None:
    return link.columns[0] if len(link.columns) == 1 else None


def _spelled(link: Link) -> str:
    target = ".".join(part for part in (link.foreign_schema, link.foreign_table) if part)
    rules = [f" on {word} {rule}" for word, rule in (("delete", link.on_delete), ("update", link.on_update)) if rule != "no action"]  # fmt: skip
    return f"({_listed(link.columns)}) → {target} ({_listed(link.foreign_columns)}){''.join(rules)}"


def _indexes(pair: Pair, table: PhysicalTable, other: PhysicalTable, told: dict[str, Any]) -> Iterator[Difference]:
    left = [index for index in table.indexes if not _is_plain_unique(index)]
    right = [index for index in other.indexes if not _is_plain_unique(index)]
    keys = [lambda one: [_does(pair, one)], lambda one: [one.name] if one.name else []]
    for mine, found in _matched(left, right, *keys):
        place = (mine.place if mine else None) or table.place
        named = {"name": (mine or found).name, "place": place}  # type: ignore[union-attr]
        sides = {"expected": described(mine) if mine else None, "actual": described(found) if found else None}
        if mine is None or found is None:
            kind, unique = ("missing" if found is None else "unexpected"), (mine or found).unique  # type: ignore[union-attr]
            yield pair.difference(
                "TT214" if unique else "TT217", kind, "unique" if unique else "index", **told, **named, **sides
            )
        elif _does(pair, mine) != _does(pair, found) and _is_told(mine):
            yield pair.difference(
                "TT217", "changed", "index", **told, **named, attribute="definition", found=found.name, **sides
            )
        elif not found.valid:
            sides = {
                "attribute": "valid",
                "expected": "valid",
                "actual": "invalid: it was not built to its end",
                "found": found.name,
            }
            yield pair.difference("TT217", "changed", "index", **told, **named, **sides)


def _is_plain_unique(index: PhysicalIndex) -> bool:
    """Whether an index says no more than a unique constraint does."""
    return index.unique and not index.where and all(part.column for part in index.parts)


def _is_told(index: PhysicalIndex) -> bool:
    texts = [index.where or "", *(part.expression or "" for part in index.parts)]
    return not any("?" in text for text in texts)


def _does(pair: Pair, index: PhysicalIndex) -> Hashable:
    parts = tuple(
        (
            part.column or expression(part.expression or "?", pair.dialect) or part.expression,
            part.descending,
            _nulls_first(part.descending, part.nulls_first),
            None if part.operator_class in _DEFAULT_OPERATORS else part.operator_class,
        )
        for part in map(taken_apart, index.parts)
    )
    where = index.where and (expression(index.where, pair.dialect) or index.where)
    if index.method != "btree":
        parts = tuple((name, False, False, operators) for name, _, _, operators in parts)
    return index.unique, index.method, parts, where


_DEFAULT_OPERATORS = {
    f"{type}_ops"
    for type in [
        "text",
        "varchar",
        "bpchar",
        "char",
        "name",
        "uuid",
        "date",
        "time",
        "timetz",
        "timestamp",
        "timestamptz",
        "interval",
        "bool",
        "bytea",
        "bit",
        "varbit",
        "money",
        "int2",
        "int4",
        "int8",
        "float4",
        "float8",
        "numeric",
        "oid",
        "enum",
        "array",
        "record",
        "range",
        "jsonb",
        "tsvector",
        "cidr",
        "macaddr",
        "vector",
    ]
}  # https://www.postgresql.org/docs/current/indexes-opclass.html: saying the default says nothing


def _nulls_first(descending: bool, said: bool | None) -> bool:
    return descending if said is None else said


def described(index: PhysicalIndex) -> str:
    """Return an index in words: what is unique, how, over what, and when."""
    parts = [
        f"{part.column or part.expression}{' desc' if part.descending else ''}"
        f"{f' {part.operator_class}' if part.operator_class else ''}"
        for part in map(taken_apart, index.parts)
    ]
    method = f"{index.method} " if index.method != "btree" else ""
    return f"{'unique ' if index.unique else ''}{method}({', '.join(parts)}){f' where {index.where}' if index.where else ''}"


def _checks(pair: Pair, table: PhysicalTable, other: PhysicalTable, told: dict[str, Any]) -> Iterator[Difference]:
    def spelled(one: Check) -> list[Hashable]:
        return [expression(one.expression, pair.dialect) or one.expression] if one.expression else []

    def named(one: Check) -> list[Hashable]:
        return [one.name] if one.name else []

    for mine, found in _matched(table.checks, other.checks, spelled, named):
        about = {"name": (mine or found).name, "place": (mine.place if mine else None) or table.place}  # type: ignore[union-attr]
        sides = {"expected": mine.expression if mine else None, "actual": found.expression if found else None}
        if mine is None or found is None:
            kind = "missing" if found is None else "unexpected"
            yield pair.difference("TT218", kind, "check", **told, **about, **sides)
        elif mine.expression and found.expression and spelled(mine) != spelled(found) and "?" not in mine.expression:
            yield pair.difference(
                "TT218", "changed", "check", **told, **about, attribute="definition", found=found.name, **sides
            )


def _matched(
    left: Sequence[T], right: Sequence[T], *keys: Callable[[T], list[Hashable]]
) -> list[tuple[T | None, T | None]]:
    """Pair what is the same by the first key, then of the rest what is by the next; what is left stands alone."""
    pairs: list[tuple[T | None, T | None]] = []
    mine, found = list(left), list(right)
    for key in keys:
        there: dict[Hashable, list[T]] = defaultdict(list)
        for one in found:
            for word in key(one):
                there[word].append(one)
        rest = []
        for one in mine:
            match = next((there[word].pop(0) for word in key(one) if there[word]), None)
            if match is None:
                rest.append(one)
            else:
                pairs.append((one, match))
                found = [other for other in found if other is not match]
        mine = rest
    return [*pairs, *((one, None) for one in mine), *((None, one) for one in found)]


def _listed(columns: Sequence[str]) -> str | None:
    return ", ".join(columns) or None
