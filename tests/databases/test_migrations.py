"""Folders of migrations, replayed: in the order of the journal, by a role that can touch no file, failures by place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from analyzer import databases
from analyzer.databases.sources import sources
from analyzer.model import AnalyzerError, PhysicalSchema

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable


def _read(folder: Path) -> PhysicalSchema:
    return databases.read(sources([f"mig={folder}"])[0])


def _journal(*tags: str, dialect: str = "postgresql") -> str:
    entries = [{"idx": place, "tag": tag} for place, tag in enumerate(tags)]
    return json.dumps({"version": "7", "dialect": dialect, "entries": entries})


def test_the_order_is_the_journals(tree: Callable[..., Path]) -> None:
    folder = tree(
        {
            "meta/_journal.json": _journal("0001_second_name_first", "0000_later"),
            "0001_second_name_first.sql": 'CREATE TABLE "boat" ("id" serial PRIMARY KEY);',
            "0000_later.sql": 'ALTER TABLE "boat" ADD COLUMN "name" text;--> statement-breakpoint\nCREATE INDEX "i" ON "boat" ("name");',
            "0002_stray.sql": "CREATE TABLE stray ();",
        }
    )
    found = _read(folder)
    (boat,) = found.tables
    assert [column.name for column in boat.columns] == ["id", "name"]
    assert [index.name for index in boat.indexes] == ["i"]
    assert found.notes == ("0002_stray.sql is not in the journal and was not run",)


def test_folders_of_the_newer_kind(tree: Callable[..., Path]) -> None:
    folder = tree(
        {
            "20250101000000_a/migration.sql": "CREATE TABLE boat (id int);",
            "20250102000000_b/migration.sql": "ALTER TABLE boat RENAME TO ship;",
            "20250102000000_b/snapshot.json": '{"version": "8", "dialect": "postgres", "ddl": []}',
        }
    )
    assert [table.name for table in _read(folder).tables] == ["ship"]


def test_a_failing_statement_is_named_and_the_rest_goes_on(tree: Callable[..., Path]) -> None:
    folder = tree(
        {
            "0000_a.sql": "CREATE TABLE boat (id int);\n\nCREATE TABLE pier (\n  id int,\n  kind no_such_type\n);\nCREATE TABLE quay (id int);",
            "0001_b.sql": "ALTER TABLE nowhere ADD COLUMN x int;",
        }
    )
    found = _read(folder)
    assert [table.name for table in found.tables] == ["boat", "quay"]
    assert found.notes == (
        '0000_a.sql:5 cannot be run: type "no_such_type" does not exist',
        '0001_b.sql:1 cannot be run: relation "nowhere" does not exist',
    )
    assert "pier" in found.unmade
    assert "nowhere" not in found.unmade


def test_a_migration_is_one_transaction_where_it_can_be(tree: Callable[..., Path]) -> None:
    sql = (
        "CREATE TYPE mood AS ENUM ('calm');\nALTER TYPE mood ADD VALUE 'rough';\nCREATE TABLE boat (id int, m mood DEFAULT 'rough');\n"
        "CREATE TEMP TABLE plan ON COMMIT DROP AS SELECT 1 AS id;\nCREATE TABLE pier AS SELECT id FROM plan;\n"
        "CREATE INDEX CONCURRENTLY i ON boat (id);\nBEGIN;\nCREATE TABLE quay (id int);\nCOMMIT;\nCREATE TABLE mole (id int);"
    )
    found = _read(tree({"0000.sql": sql}))
    assert found.notes == ()
    assert [table.name for table in found.tables] == ["boat", "mole", "pier", "quay"]
    assert [index.name for table in found.tables for index in table.indexes] == ["i"]


def test_roles_and_vectors_are_there(tree: Callable[..., Path]) -> None:
    sql = (
        "CREATE EXTENSION IF NOT EXISTS vector;\nCREATE TABLE boat (id int, shape vector(3));\n"
        'ALTER TABLE boat ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON boat TO "authenticated", anon USING (true);'
    )
    found = _read(tree({"0000.sql": sql}))
    assert found.notes == ()
    assert found.extensions == ("vector",)
    assert [one.name for one in found.dependents] == ["p"]


@pytest.mark.parametrize(
    "statement",
    [
        "COPY boat FROM PROGRAM 'id > {file}'",
        "COPY boat TO '{file}'",
        "DO $$ begin execute $x$copy boat to '{file}'$x$; end $$",
        "SELECT pg_read_file('/etc/passwd')",
        "ALTER ROLE CURRENT_USER SUPERUSER",
        "CREATE FUNCTION f() RETURNS int LANGUAGE c AS '/tmp/x.so', 'f'",
        "SELECT lo_export(lo_creat(-1), '{file}')",
    ],
)
def test_what_is_replayed_touches_nothing_of_the_machine(
    tree: Callable[..., Path], tmp_path: Path, statement: str
) -> None:
    file = tmp_path / "written"
    found = _read(tree({"0000.sql": "CREATE TABLE boat (id int);\n" + statement.format(file=file) + ";"}))
    assert [table.name for table in found.tables] == ["boat"]
    assert not file.exists()
    told = statement.startswith("COPY") or "cannot be run" in "".join(found.notes)
    assert told


def test_sqlite_in_memory(tree: Callable[..., Path], tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    folder = tree(
        {
            "meta/_journal.json": _journal("0000_a", "0001_b", dialect="sqlite"),
            "0000_a.sql": "CREATE TABLE `boat` (`id` integer PRIMARY KEY NOT NULL, `name` text DEFAULT 'x');\n--> statement-breakpoint\n"
            "CREATE UNIQUE INDEX `boat_name_unique` ON `boat` (`name`);",
            "0001_b.sql": f"COMMIT TRANSACTION;\nBEGIN TRANSACTION;\nALTER TABLE `boat` ADD `port` text;\nATTACH DATABASE '{other}' AS o;",
        }
    )
    found = _read(folder)
    (boat,) = found.tables
    assert [column.name for column in boat.columns] == ["id", "name", "port"]
    assert found.notes == ("0001_b.sql:4 cannot be run: not authorized",)
    assert not other.exists()


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"readme.md": ""}, "holds no migrations"),
        ({"meta/_journal.json": "{"}, "The journal .* cannot be read"),
        (
            {"meta/_journal.json": _journal("0000_gone"), "0001.sql": ""},
            "0000_gone.sql is not in the folder .*its journal names it",
        ),
        ({"0000.sql": "CREATE TABLE `a` (`id` int AUTO_INCREMENT);"}, "holds migrations of MySQL"),
        ({"0000.sql": b"\xff\xfe\x00\xd8"}, "cannot be read"),
    ],
)
def test_what_is_no_folder_of_migrations(tree: Callable[..., Path], files: dict[str, str | bytes], says: str) -> None:
    with pytest.raises(AnalyzerError, match=says):
        _read(tree(files))


def test_drift_of_a_plan_proposes_no_statement(
    tabletrace: Callable[..., subprocess.CompletedProcess[str]], tree: Callable[..., Path]
) -> None:
    code = 'import { pgTable, integer } from "drizzle-orm/pg-core";\nexport const boat = pgTable("boat", { id: integer("id") });\n'
    folder = tree({"src/schema.ts": code, "drizzle/0000.sql": "CREATE TABLE pier (id int);"})
    done = tabletrace("drift", "mig=drizzle", cwd=folder)
    assert done.returncode == 1
    assert "mig is mended by a new migration: `drizzle-kit generate`" in done.stdout
    assert "CREATE TABLE" not in done.stdout


def test_no_file_outside_the_folder_is_read(
    tabletrace: Callable[..., subprocess.CompletedProcess[str]], tree: Callable[..., Path]
) -> None:
    code = 'import { pgTable, integer } from "drizzle-orm/pg-core";\nexport const boat = pgTable("boat", { id: integer("id") });\n'
    folder = tree(
        {
            "schema.ts": code,
            "drizzle/meta/_journal.json": _journal("../secret"),
            "secret.sql": "CREATE TABLE secret ();",
        }
    )
    with pytest.raises(AnalyzerError, match=r"secret.sql is not in the folder"):
        _read(folder / "drizzle")
    linked = tree({"0000.sql": "CREATE TABLE boat (id int);"}, "linked")
    (linked / "0001.sql").symlink_to(folder / "secret.sql")
    with pytest.raises(AnalyzerError, match=r"0001.sql is not in the folder .* or a link leads out"):
        _read(linked)
    odd = tree({"drizzle/meta/_journal.json": _journal("\x1b]0;odd\x07")}, "odd")
    done = tabletrace("drift", odd / "drizzle", cwd=folder)
    assert done.returncode == 2
    assert "\x1b" not in done.stderr


def test_limits_are_ours(tree: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    from analyzer.databases import replay, sqlite

    monkeypatch.setattr(replay, "STATEMENT_SECONDS", 1)
    monkeypatch.setattr(sqlite, "STATEMENT_SECONDS", 1)
    slow = "SET statement_timeout = 0;\nSELECT pg_sleep(60);\nCREATE TABLE boat (id int);"
    found = _read(tree({"0000.sql": slow}))
    assert found.notes == ("0000.sql:2 cannot be run: canceling statement due to statement timeout",)
    endless = "CREATE TABLE `a` (`n` int);\nINSERT INTO `a` WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c;"
    assert _read(tree({"0000.sql": endless}, "sqlite")).notes == ("0000.sql:2 cannot be run: interrupted",)
