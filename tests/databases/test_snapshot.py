"""Snapshots of drizzle-kit: versions 5 to 7 as objects, version 8 as a list, for each dialect."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from analyzer import databases
from analyzer.databases.sources import sources
from analyzer.drift import compare
from analyzer.model import AnalyzerError, IndexPart, Key, Link, PhysicalSchema

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _column(name: str, type: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": type, "primaryKey": False, "notNull": False, **more}


def _objects(version: str, values: Any) -> dict[str, Any]:
    boat = {
        "name": "boat",
        "schema": "",
        "columns": {
            "id": _column("id", "serial", primaryKey=True, notNull=True),
            "name": _column("name", "varchar(80)", notNull=True, default="'none'"),
            "mood": _column("mood", "mood", typeSchema="public"),
            "n": _column("n", "integer", identity={"type": "always", "name": "s"}),
            "at": _column("at", "timestamp", default="now()"),
        },
        "indexes": {
            "boat_at_idx": {
                "name": "boat_at_idx",
                "columns": [{"expression": "at", "isExpression": False, "asc": False, "nulls": "last"}]
                if version == "7"
                else ["at"],
                "isUnique": False,
                "method": "btree",
            }
        },
        "foreignKeys": {
            "fk": {
                "name": "fk",
                "tableFrom": "boat",
                "columnsFrom": ["n"],
                "tableTo": "pier",
                "schemaTo": "harbour",
                "columnsTo": ["id"],
                "onDelete": "cascade",
                "onUpdate": "no action",
            }
        },
        "compositePrimaryKeys": {},
        "uniqueConstraints": {
            "boat_name_unique": {"name": "boat_name_unique", "columns": ["name"], "nullsNotDistinct": False}
        },
    }
    pier = {"name": "pier", "schema": "harbour", "columns": {"id": _column("id", "integer", primaryKey=True)}}
    enums = {"public.mood": {"name": "mood", "values": values, "schema": "public"}}
    tables = {"public.boat": boat, "harbour.pier": pier}
    return {
        "version": version,
        "dialect": "pg" if version == "5" else "postgresql",
        "tables": tables,
        "enums": enums,
        "schemas": {"harbour": "harbour"},
    }


LISTED: dict[str, Any] = {
    "version": "8",
    "dialect": "postgres",
    "ddl": [
        {"entityType": "schemas", "name": "harbour"},
        {"entityType": "enums", "schema": "public", "name": "mood", "values": ["calm", "rough"]},
        {"entityType": "tables", "schema": "public", "name": "boat", "isRlsEnabled": False},
        {"entityType": "tables", "schema": "harbour", "name": "pier", "isRlsEnabled": False},
        *(
            {"entityType": "columns", "schema": "public", "table": "boat", "typeSchema": None, "dimensions": 0, "generated": None,
             "identity": None, "default": None, "notNull": False, **more}
            for more in (
                {"name": "id", "type": "serial", "notNull": True},
                {"name": "name", "type": "varchar(80)", "notNull": True, "default": "'none'"},
                {"name": "mood", "type": "mood", "typeSchema": "public"},
                {"name": "n", "type": "integer", "identity": {"type": "always"}},
                {"name": "at", "type": "timestamp", "default": "now()"},
            )
        ),
        {"entityType": "columns", "schema": "harbour", "table": "pier", "name": "id", "type": "integer", "notNull": True},
        {"entityType": "pks", "schema": "public", "table": "boat", "name": "boat_pkey", "columns": ["id"]},
        {"entityType": "pks", "schema": "harbour", "table": "pier", "name": "pier_pkey", "columns": ["id"]},
        {"entityType": "uniques", "schema": "public", "table": "boat", "name": "boat_name_unique", "columns": ["name"], "nullsNotDistinct": False},
        {"entityType": "fks", "schema": "public", "table": "boat", "name": "fk", "columns": ["n"], "schemaTo": "harbour",
         "tableTo": "pier", "columnsTo": ["id"], "onDelete": "CASCADE", "onUpdate": "NO ACTION"},
        {"entityType": "indexes", "schema": "public", "table": "boat", "name": "boat_at_idx", "isUnique": False, "where": None,
         "method": "btree", "columns": [{"value": "at", "isExpression": False, "asc": False, "nullsFirst": False, "opclass": None}]},
    ],
}  # fmt: skip


def _read(folder: Path) -> PhysicalSchema:
    return databases.read(sources([f"snap=snapshot:{folder}"])[0])


@pytest.mark.parametrize(
    "data",
    [
        _objects("5", {"calm": "calm", "rough": "rough"}),
        _objects("6", ["calm", "rough"]),
        _objects("7", ["calm", "rough"]),
        LISTED,
    ],
    ids=["5", "6", "7", "8"],
)
def test_versions(tree: Callable[..., Path], data: dict[str, Any]) -> None:
    found = _read(tree({"meta/0000_snapshot.json": json.dumps(data)}))
    boat, pier = found.table(None, "boat"), found.table("harbour", "pier")
    assert boat is not None
    assert pier is not None
    assert found.schemas == ("harbour",)
    assert [(enum.name, enum.values) for enum in found.enums] == [("mood", ("calm", "rough"))]
    assert [(one.name, one.type, one.nullable, one.default, one.identity) for one in boat.columns] == [
        ("id", "serial", False, None, None),
        ("name", "varchar(80)", False, "'none'", None),
        ("mood", "mood", True, None, None),
        ("n", "integer", True, None, "always"),
        ("at", "timestamp", True, "now()", None),
    ]
    assert boat.primary_key is not None
    assert boat.primary_key.columns == ("id",)
    assert boat.uniques == (Key("boat_name_unique", ("name",)),)
    assert boat.foreign_keys == (Link("fk", ("n",), "harbour", "pier", ("id",), "cascade", "no action"),)
    (index,) = boat.indexes
    newer = data["version"] in {"7", "8"}
    assert index.parts == (IndexPart("at", None, newer, False if newer else None),)
    assert (
        compare(found, [_read(tree({"0/snapshot.json": json.dumps(LISTED)}, "other"))]).differences == () or not newer
    )


def test_the_latest_by_name(tree: Callable[..., Path]) -> None:
    def one(name: str) -> str:
        return json.dumps({"version": "6", "dialect": "sqlite", "tables": {name: {"name": name, "columns": {}}}})

    files = {f"meta/{number}_snapshot.json": one(f"t{number}") for number in ("0000", "0001", "0002")}
    journal = json.dumps({"dialect": "sqlite", "entries": [{"idx": 0, "tag": "a"}, {"idx": 1, "tag": "b"}]})
    folder = tree({**files, "meta/_journal.json": journal})
    assert [table.name for table in _read(folder).tables] == ["t0002"]
    assert [table.name for table in _read(folder / "meta" / "0000_snapshot.json").tables] == ["t0000"]
    assert _read(folder).dialect == "sqlite"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "cannot be read"),
        ('{"version": "4"}', "is no snapshot of drizzle-kit of version 5 to 8 \\(it says '4'\\)"),
        ('{"version": "7", "dialect": "postgresql", "tables": {"a": {}}}', "is not as drizzle-kit writes it"),
        ("[]", "is not as drizzle-kit writes it|is no snapshot"),
    ],
)
def test_what_is_no_snapshot(tree: Callable[..., Path], content: str, says: str) -> None:
    with pytest.raises(AnalyzerError, match=says):
        _read(tree({"meta/0000_snapshot.json": content}))


def test_a_folder_without_one(tree: Callable[..., Path]) -> None:
    with pytest.raises(AnalyzerError, match="holds no snapshot"):
        _read(tree({"0000.sql": ""}))
