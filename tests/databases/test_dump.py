"""What pg_dump writes is read as the server itself is read: parsed, and restored."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from analyzer import databases
from analyzer.databases.statements import split
from analyzer.drift import compare
from analyzer.model import AnalyzerError, PhysicalSchema, Source

if TYPE_CHECKING:
    from tests.servers import Postgres

SQL = (Path(__file__).parents[2] / "fixtures" / "databases" / "postgresql.sql").read_text("utf8")
ROWS = "insert into boat (name, code, speed, data) values ('a;b', 'x', 3, '{\"x\": 2}'), (E'tab\\there', 'y', 4, null);"


def _dumped(server: Postgres, folder: Path, *options: str) -> tuple[PhysicalSchema, Path]:
    url = server.database(SQL + ROWS)
    path = folder / "dump.sql"
    path.write_text(server.dump(url, *options), "utf8")
    return databases.read(Source("live", "postgresql", url)), path


@pytest.mark.parametrize("options", [("--schema-only",), (), ("--inserts",)], ids=["schema", "with-rows", "inserts"])
@pytest.mark.parametrize("exact", [False, True], ids=["parsed", "restored"])
def test_a_dump_has_what_the_server_has(
    postgres18: Postgres, tmp_path: Path, options: tuple[str, ...], exact: bool
) -> None:
    live, path = _dumped(postgres18, tmp_path, *options)
    found = databases.read(Source("dump", "dump", str(path), exact))
    assert found.notes == ()
    assert compare(live, [found]).differences == ()
    assert compare(found, [live]).differences == ()
    assert [table.partitions for table in found.tables] == [table.partitions for table in live.tables]
    assert {(one.kind, one.name, one.table) for one in found.dependents} == {
        (one.kind, one.name, one.table) for one in live.dependents
    }


def test_a_dump_of_sixteen(postgres16: Postgres, tmp_path: Path) -> None:
    live, path = _dumped(postgres16, tmp_path)
    assert compare(live, [databases.read(Source("dump", "dump", str(path)))]).differences == ()


def test_a_schema_written_by_hand(tmp_path: Path, postgres18: Postgres) -> None:
    sql = (
        "create table pier (id int primary key, code text unique);\ncreate table side.quay (id int);\n"
        "create table boat (id int primary key, pier_id int not null references pier (id) on delete cascade, other int references pier);\n"
    )
    path = tmp_path / "schema.sql"
    path.write_text(sql)
    found = databases.read(Source("dump", "dump", str(path)))
    assert found.notes == ()
    live = databases.read(Source("live", "postgresql", postgres18.database("create schema side;" + sql)))
    assert [(one.rule, one.table, one.expected, one.actual) for one in compare(live, [found]).differences] == []


def test_what_cannot_be_parsed_loses_no_table(tmp_path: Path) -> None:
    path = tmp_path / "dump.sql"
    path.write_text(
        "create table boat (id int primary key, shape strange %% type);\n\ncreate table pier (id int primary key);\n"
        "alter table boat add something %% odd;\n"
    )
    found = databases.read(Source("dump", "dump", str(path)))
    assert [(table.name, table.untold) for table in found.tables] == [
        ("boat", "its statement cannot be parsed"),
        ("pier", None),
    ]
    assert [note.partition(" cannot")[0] for note in found.notes] == ["dump.sql:1", "dump.sql:4"]
    complete = replace(found, tables=tuple(replace(table, untold=None) for table in found.tables), doubtful=())
    assert compare(complete, [found]).differences == ()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"PGDMP\x01\x0f", "is an archive of pg_dump: write it as text first"),
        (b"-- MySQL dump 10.13\nCREATE TABLE `a` (`id` int) ENGINE=InnoDB;", "is a dump of MySQL"),
        (b"-- nothing\n", "makes no table"),
        (b"\xff\xfe\x00", "cannot be read"),
    ],
)
def test_what_is_no_dump(tmp_path: Path, content: bytes, says: str) -> None:
    from analyzer.databases.sources import sources

    path = tmp_path / "dump.sql"
    path.write_bytes(content)
    with pytest.raises(AnalyzerError, match=says):
        databases.read(sources([str(path)])[0])


def test_statements_are_split_where_they_end() -> None:
    text = (
        "select 'a;b', \"c;d\", $q$ ; $q$ -- ; not here\n;\n/* ; /* nested ; */ */\nselect E'\\';';\n"
        "copy t (a) from stdin;\n1\t;\n\\.\n\\restrict abc\n"
        "create function f() returns int begin atomic select 1; select 2; end;\nselect 3"
    )
    found = [(one.text.split("\n")[0], one.line) for one in split(text)]
    assert found == [
        ("select 'a;b', \"c;d\", $q$ ; $q$", 1),
        ("select E'\\';'", 4),
        ("copy t (a) from stdin", 5),
        ("create function f() returns int begin atomic select 1; select 2; end", 9),
        ("select 3", 10),
    ]
