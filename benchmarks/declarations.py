"""Declarations beside what drizzle-orm says when it runs the schema. Usage: declarations.py FOLDER NAMES.json[.gz]

Compared for each table: name and schema; for each column name, type, nullability, primary key and whether it has a default;
primary keys, foreign keys with their rules, indexes, unique constraints.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analyzer.app import analyze
from analyzer.model import Settings, Table

if TYPE_CHECKING:
    from collections.abc import Iterator

Row = dict[str, Any]


def differences(table: Table, row: Row, names: dict[str, str | None]) -> Iterator[tuple[str, object, object]]:
    """Yield what differs: the kind, our value, and theirs."""
    if (table.name, table.schema) != (row["name"], row["schema"]):
        yield "name", table.physical, row["name"]
    columns = {one.property: one for one in table.columns}
    for theirs in row["columns"]:
        ours = columns.get(theirs["property"])
        if ours is None or ours.type is None or ours.name is None:
            yield "unknown column", theirs["property"], ours.reason if ours else "absent"
            continue
        had = ours.name, ours.type, not ours.nullable, ours.primary_key, ours.default is not None
        want = theirs["name"], theirs["sqlType"], theirs["notNull"], theirs["primary"], bool(theirs["ddlDefault"])
        if had != want:
            yield "column", had, want
    for kind, mine, other in _constraints(table, row, names):
        if mine != other:
            yield kind, mine, other


def _constraints(table: Table, row: Row, names: dict[str, str | None]) -> Iterator[tuple[str, object, object]]:
    single = [tuple(one["name"] for one in row["columns"] if one["primary"])]
    yield "primary key", table.primary_key, ([tuple(one["columns"]) for one in row["primaryKeys"]] or single)[0]
    yield (
        "foreign keys",
        sorted(
            str((k.columns, names.get(k.table or ""), k.foreign_columns, k.on_delete or "no action"))
            for k in table.foreign_keys
        ),
        sorted(
            str((tuple(k["columns"]), k["foreignTable"], tuple(k["foreignColumns"]), k["onDelete"] or "no action"))
            for k in row["foreignKeys"]
        ),
    )
    yield (
        "indexes",
        sorted(str((one.name or "", one.columns, one.unique)) for one in table.indexes if not one.constraint),
        sorted(
            str((one["name"] or "", tuple(part.get("column") for part in one["columns"]), bool(one["unique"])))
            for one in row["indexes"]
        ),
    )
    unique = [tuple(one["columns"]) for one in row["uniqueConstraints"]]
    unique += [(one["name"],) for one in row["columns"] if one["unique"]]
    yield "unique", sorted(str(one.columns) for one in table.indexes if one.constraint), sorted(map(str, unique))


def main() -> None:
    """Print every difference, then the counts."""
    raw = Path(sys.argv[2]).read_bytes()
    rows: list[Row] = json.loads(gzip.decompress(raw) if sys.argv[2].endswith(".gz") else raw)["tables"]
    by_export = {(one["module"], one["export"]): row for row in rows for one in row["exports"]}
    by_name = {(row["dialect"], row["schema"], row["name"]): row for row in rows}
    report = analyze(Settings(roots=(sys.argv[1],)))
    names = {one.table.id: one.table.physical for one in report.verdicts}
    production = [one.table for one in report.verdicts if one.table.kind == "table" and one.table.role == "production"]
    called = Counter((one.dialect, one.schema, one.name) for one in production)
    counts: Counter[str] = Counter()
    for table in (one.table for one in report.verdicts if one.table.kind == "table"):
        row = by_export.get((table.file, table.symbol))
        key = table.dialect, table.schema, table.name
        if row is None and called[key] == 1 and table.role == "production":  # exported by a barrel
            row = by_name.get(key)
        if row is None:
            continue
        counts.update({"tables": 1, "columns": len(row["columns"])})
        for kind, mine, other in differences(table, row, names):
            counts[kind] += 1
            print(f"{kind}: {table.file}:{table.line} {table.symbol}: {mine}, drizzle-orm says {other}")
    print(", ".join(f"{count} {kind}" for kind, count in counts.items()))


if __name__ == "__main__":
    main()
