"""A real MariaDB, where it is installed: what is in it, rights, and that we cannot write."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pymysql
import pytest

from analyzer import databases
from analyzer.databases import mysql as reader
from analyzer.databases.evidence import gathered
from analyzer.drift import compare
from analyzer.model import AnalyzerError, Dependent, Key, Link, PhysicalSchema, Source
from tests import servers
from tests.values import declaration

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.mariadb,
    pytest.mark.skipif(
        shutil.which("mariadb-install-db") is None,
        reason="needs MariaDB's server: install the system's package mariadb-server",
    ),
]
SQL = """
create table pier (id int auto_increment primary key, name varchar(80) not null, unique key pier_name (name));
create table boat (
  id bigint unsigned auto_increment primary key,
  pier_id int,
  kind enum('a','b') not null default 'a',
  is_fast boolean default true,
  length decimal(6,2),
  doubled decimal(8,2) generated always as (length * 2) stored,
  at timestamp default current_timestamp,
  data json,
  constraint boat_pier foreign key (pier_id) references pier (id) on delete cascade
);
create index boat_kind_idx on boat (kind, at);
create table `odd ``name` (`a b` int);
create view fast as select id from boat;
create trigger touched before insert on boat for each row set new.length = 1;
insert into pier (name) values ('x'), ('y');
create user reader identified by 's3cr@t-word';
grant select, show view, trigger on app.* to reader;
create user stranger identified by 's3cr@t-word';
grant select on app.pier to stranger;
"""


@pytest.fixture(scope="module")
def socket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with servers.mariadb(tmp_path_factory.mktemp("mariadb")) as path:
        with pymysql.connect(unix_socket=str(path), user="root") as connection, connection.cursor() as cursor:
            cursor.execute("create database app")
            cursor.execute("use app")
            for statement in SQL.split(";\n"):
                if statement.strip():
                    cursor.execute(statement)
            connection.commit()
        yield path


def _source(socket: Path, user: str = "reader") -> Source:
    return Source("prod", "mysql", f"mysql://{user}:s3cr%40t-word@localhost/app?unix_socket={socket}")


@pytest.fixture(scope="module")
def found(socket: Path) -> PhysicalSchema:
    return databases.read(_source(socket))


def test_what_is_in_it(found: PhysicalSchema) -> None:
    kinds = {table.name: table.kind for table in found.tables}
    assert kinds == {"boat": "table", "fast": "view", "odd `name": "table", "pier": "table"}
    assert found.hidden is None
    boat, pier = found.table(None, "boat"), found.table(None, "pier")
    assert boat is not None
    assert pier is not None
    types = {one.name: one.type for one in boat.columns}
    assert types["kind"] == "ENUM('a','b')"
    assert types["length"] == "DECIMAL(6, 2)"
    assert boat.foreign_keys == (Link("boat_pier", ("pier_id",), None, "pier", ("id",), "cascade", "no action"),)
    assert pier.uniques == (Key("pier_name", ("name",)),)
    assert "boat_kind_idx" in {index.name for index in boat.indexes}
    assert Dependent("view", None, "fast", None, "boat") in found.dependents
    assert Dependent("trigger", None, "touched", None, "boat") in found.dependents


def test_a_role_that_sees_a_part_finds_nothing_missing(socket: Path, found: PhysicalSchema) -> None:
    part = databases.read(_source(socket, "stranger"))
    assert [table.name for table in part.tables] == ["pier"]
    assert part.hidden is not None
    assert "a part of app alone" in part.hidden
    assert compare(found, [part]).differences == ()


def test_our_connection_cannot_write(socket: Path) -> None:
    with reader.connected(Source("prod", "mysql", f"mysql://root@localhost/app?unix_socket={socket}")) as connection:
        for statement in ("insert into pier (name) values ('z')", "create table t (a int)", "drop table boat"):
            with pytest.raises(Exception, match=r"READ ONLY|read.only"):
                connection.exec_driver_sql(statement)


def test_rows_and_size(socket: Path) -> None:
    (one,) = gathered(_source(socket), [declaration("pier", "mysql")], ("mysql",), count=True)
    assert (one.rows, one.exact) == (2, True)
    assert one.size
    assert [(need.kind, need.name, need.note) for need in one.needs] == [("foreign-key", "boat_pier", "boat")]


def test_a_refusal_shows_no_password(socket: Path) -> None:
    with pytest.raises(AnalyzerError) as caught:
        databases.read(Source("prod", "mysql", f"mysql://nobody:s3cr%40t-word@localhost/app?unix_socket={socket}"))
    assert str(caught.value).startswith("prod cannot be read (Access denied")
    assert "s3cr" not in str(caught.value)


def test_code_beside_it(
    socket: Path, tree: Callable[..., Path], tabletrace: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    code = """
import { sql } from "drizzle-orm";
import { bigint, boolean, decimal, index, int, json, mysqlEnum, mysqlTable, timestamp, varchar } from "drizzle-orm/mysql-core";
export const pier = mysqlTable("pier", { id: int().autoincrement().primaryKey(), name: varchar({ length: 80 }).notNull().unique("pier_name") });
export const boat = mysqlTable("boat", {
  id: bigint({ mode: "number", unsigned: true }).autoincrement().primaryKey(),
  pierId: int("pier_id").references(() => pier.id, { onDelete: "cascade" }),
  kind: mysqlEnum(["a", "b"]).notNull().default("a"),
  isFast: boolean("is_fast").default(true),
  length: decimal({ precision: 6, scale: 2 }),
  doubled: decimal({ precision: 8, scale: 2 }).generatedAlwaysAs(sql`length * 2`, { mode: "stored" }),
  at: timestamp().defaultNow(),
  data: json(),
}, (t) => [index("boat_kind_idx").on(t.kind, t.at)]);
export const lost = mysqlTable("lost", { id: int() });
"""
    folder = tree({"src/schema.ts": code, "package.json": "{}"})
    url = f"mysql://reader:s3cr%40t-word@localhost/app?unix_socket={socket}"
    done = tabletrace("drift", f"prod={url}", cwd=folder)
    assert done.returncode == 1, done.stderr
    lines = [line.split() for line in done.stdout.splitlines() if line.startswith("  TT")]
    assert [(line[0], line[2], line[3]) for line in lines] == [
        ("TT201", "table", "lost"),
        ("TT202", "view", "fast"),
        ("TT202", "table", "odd"),
    ]


def test_an_option_that_writes_is_refused(socket: Path) -> None:
    url = f"mysql://root@localhost/app?unix_socket={socket}&init_command=create%20table%20hack%20(id%20int)"
    with pytest.raises(AnalyzerError, match="has an option 'init_command': known are"):
        databases.read(Source("prod", "mysql", url))
    assert "hack" not in {table.name for table in databases.read(_source(socket)).tables}
