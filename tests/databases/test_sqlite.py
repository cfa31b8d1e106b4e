"""A real SQLite file, read-only: what is in it, and what is no such file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from analyzer import databases
from analyzer.databases import sqlite as reader
from analyzer.databases.evidence import gathered
from analyzer.databases.sources import sources
from analyzer.model import AnalyzerError, Check, Dependent, IndexPart, Key, Link
from tests.values import declaration

if TYPE_CHECKING:
    from pathlib import Path

SQL = """
create table pier (id integer primary key autoincrement, name text not null unique);
create table 'odd "name"' ("a b" text);
create table boat (
  id text primary key not null,
  pier_id integer references pier on delete cascade on update set null,
  length real default 1.5,
  doubled real generated always as (length * 2) stored,
  at integer default (unixepoch()) not null,
  kind text collate nocase check (kind in ('a', 'b')),
  constraint boat_kind_at unique (kind, at)
) strict;
create index boat_lower_idx on boat (lower(kind), at desc) where length > 1;
create unique index boat_at_idx on boat (at);
create view fast as select id from boat where length > 10;
create trigger touched after insert on boat begin update pier set name = name; end;
insert into pier (name) values ('x'), ('y');
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "app file.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(SQL)
        connection.commit()
    return path


def test_what_is_in_it(file: Path) -> None:
    found = databases.read(sources([f"app=sqlite:///{file}"])[0])
    assert {table.name: table.kind for table in found.tables} == {
        "boat": "table",
        "fast": "view",
        'odd "name"': "table",
        "pier": "table",
    }
    boat = found.table(None, "boat")
    assert boat is not None
    assert boat.primary_key is not None
    assert boat.primary_key.columns == ("id",)
    told = {one.name: (one.type, one.nullable, one.default, one.generated) for one in boat.columns}
    assert told["at"] == ("INTEGER", False, "unixepoch()", None)
    assert told["doubled"] == ("REAL", True, None, "length * 2")
    assert boat.foreign_keys == (Link(None, ("pier_id",), None, "pier", ("id",), "cascade", "set null"),)
    assert boat.uniques == (Key("boat_kind_at", ("kind", "at")),)
    assert boat.checks == (Check(None, "kind in ('a', 'b')"),)
    indexes = {index.name: index for index in boat.indexes}
    assert indexes["boat_lower_idx"].parts == (IndexPart(None, "lower(kind)"), IndexPart("at", None, descending=True))
    assert indexes["boat_lower_idx"].where == "length > 1"
    assert indexes["boat_at_idx"].unique
    assert set(found.dependents) == {
        Dependent("trigger", None, "touched", None, "boat"),
        Dependent("trigger", None, "touched", None, "pier"),
        Dependent("view", None, "fast", None, "boat"),
    }


def test_a_file_is_told_by_what_is_in_it(file: Path) -> None:
    (source,) = sources([str(file)])
    assert (source.kind, source.name) == ("sqlite", "app file.db")


def test_our_connection_cannot_write(file: Path) -> None:
    with closing(reader.opened(sources([str(file)])[0])) as connection:
        for statement in ("insert into pier (name) values ('z')", "create table t (a)", "drop table pier"):
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                connection.execute(statement)
    before = file.read_bytes()
    databases.read(sources([str(file)])[0])
    assert file.read_bytes() == before


def test_rows_are_counted_when_asked(file: Path) -> None:
    (source,) = sources([str(file)])
    (one,) = gathered(source, [declaration("pier", "sqlite")], ("sqlite",), count=True)
    assert (one.rows, one.exact) == (2, True)
    assert {need.kind for need in one.needs} == {"foreign-key", "trigger"}
    (other,) = gathered(source, [declaration("pier", "sqlite")], ("sqlite",))
    assert other.rows is None


def test_what_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(AnalyzerError, match="does not exist"):
        databases.read(sources([f"sqlite:///{tmp_path}/none.db"])[0])
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"SQLite format 3\0" + b"rubbish" * 500)
    with pytest.raises(AnalyzerError, match="is no SQLite database that can be read"):
        databases.read(sources([str(broken)])[0])


def test_reading_leaves_no_file_beside_it(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("pragma journal_mode = wal")
    before = sorted(path.name for path in file.parent.iterdir())
    databases.read(sources([str(file)])[0])
    assert sorted(path.name for path in file.parent.iterdir()) == before


def test_a_file_that_is_being_written_is_not_read_in_between(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "LOCK_SECONDS", 0.1)
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("pragma cache_size = 1")
        writer.execute("begin immediate")
        writer.execute("create table half (a)")
        writer.execute("insert into half select zeroblob(4000) from pier, pier, pier")
        with pytest.raises(AnalyzerError, match=r"cannot be read now \(database is locked\): try again"):
            databases.read(sources([str(file)])[0])
        writer.execute("rollback")
    assert "half" not in {table.name for table in databases.read(sources([str(file)])[0]).tables}
