"""Unused tables beside a real database: rows, who reads them, what needs them; the advice, and the plan."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from tests.servers import Postgres

CODE = """
import { pgEnum, pgTable, integer, serial, text } from "drizzle-orm/pg-core";
export const mood = pgEnum("mood", ["calm", "rough"]);
export const empty = pgTable("empty", { id: serial("id").primaryKey(), mood: mood("mood") });
export const full = pgTable("full", { id: serial("id").primaryKey() });
export const read = pgTable("read", { id: serial("id").primaryKey() });
export const viewed = pgTable("viewed", { id: serial("id").primaryKey() });
export const changed = pgTable("changed", { id: serial("id").primaryKey(), n: integer("n") });
export const parent = pgTable("parent", { id: serial("id").primaryKey() });
export const child = pgTable("child", { id: serial("id").primaryKey(), parentId: integer("parent_id").references(() => parent.id) });
export const needed = pgTable("needed", { id: serial("id").primaryKey() });
export const gone = pgTable("gone", { id: serial("id").primaryKey() });
export const named = pgTable("named", { id: serial("id").primaryKey() });
export const users = pgTable("users", { id: serial("id").primaryKey(), neededId: integer("needed_id").references(() => needed.id) });
export const all = (db) => db.select().from(users);
export const add = (db) => db.insert(users).values({});
"""
SQL = """
create type mood as enum ('calm', 'rough');
create table "empty" (id serial primary key, mood mood);
create table "full" (id serial primary key);
create table "read" (id serial primary key);
create table viewed (id serial primary key);
create table changed (id serial primary key, n int);
create table parent (id serial primary key);
create table child (id serial primary key, parent_id int references parent (id));
create table needed (id serial primary key);
create table named (id serial primary key);
create table users (id serial primary key, needed_id int references needed (id));
create view views as select id from viewed;
create function reads() returns bigint language plpgsql as $$ begin return (select count(*) from named); end $$;
insert into "full" select from generate_series(1, 300);
insert into changed (n) values (1);
analyze;
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "src").mkdir()
    (folder / "package.json").write_text("{}")
    (folder / "src" / "schema.ts").write_text(CODE)
    return folder


@pytest.fixture(scope="module")
def url(postgres: Postgres) -> str:
    address = postgres.database(SQL)
    with psycopg.connect(address, autocommit=True) as connection:
        for _ in range(40):
            connection.execute('select * from "read"')
        for _ in range(5):
            connection.execute("update changed set n = n + 1")
        connection.execute("select pg_stat_force_next_flush()")
    time.sleep(0.1)  # statistics are written when a session ends
    return address


def _advice(done: subprocess.CompletedProcess[str]) -> dict[str, tuple[str, list[str]]]:
    assert done.returncode == 1, done.stderr
    tables = json.loads(done.stdout)["tables"]
    return {one["name"]: (one["databases"][0]["advice"], one["databases"][0]["reasons"]) for one in tables}


def test_advice(tabletrace: Callable[..., subprocess.CompletedProcess[str]], project: Path, url: str) -> None:
    for _ in range(2):  # asking leaves no trace: the second answer is the first
        found = _advice(tabletrace("unused", "--db", f"prod={url}", "--count", "-f", "json", cwd=project))
        assert {name: advice for name, (advice, _) in found.items()} == {
            "empty": "drop",
            "full": "archive first",
            "read": "keep",
            "viewed": "keep",
            "changed": "keep",
            "parent": "drop",
            "child": "drop",
            "needed": "keep",
            "gone": "drop",
            "named": "keep",
        }
        assert found["full"][1][0] == "it has 300 rows"
        assert found["read"][1][0].startswith("it is read (")
        assert found["read"][1][0].endswith("the code does not, who does?")
        assert found["viewed"][1] == ["the view views needs it"]
        assert found["named"][1] == ["the function reads needs it"]
        assert found["needed"][1] == ["the foreign key users_needed_id_fkey of users needs it"]
        assert found["changed"][1][-1].startswith("its rows are changed (5 times")
        assert found["gone"][1] == ["prod does not have it: only its declaration is left"]


def test_text_shows_the_advice_below_each_table(
    tabletrace: Callable[..., subprocess.CompletedProcess[str]], project: Path, url: str
) -> None:
    lines = tabletrace("unused", "--db", f"prod={url}", cwd=project).stdout.splitlines()
    place = next(index for index, line in enumerate(lines) if "TT001 full" in line)
    assert lines[place + 1].startswith("  prod: archive first — it has about 300 rows; nothing reads or changes it")


def test_the_plan(
    tabletrace: Callable[..., subprocess.CompletedProcess[str]],
    project: Path,
    url: str,
    tmp_path: Path,
    postgres: Postgres,
) -> None:
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    done = tabletrace("plan", "--db", f"prod={url}", "--output-dir", tmp_path / "plan", cwd=project)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert {path.name for path in (tmp_path / "plan").iterdir()} == {
        "REMOVAL.md",
        "1-rename.sql",
        "1-undo.sql",
        "2-drop.sql",
    }
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before
    steps = {path.name: path.read_text("utf8") for path in (tmp_path / "plan").glob("*.sql")}
    dropped = [line.split('"')[1] for line in steps["2-drop.sql"].splitlines()]
    assert dropped == ["empty__unused", "full__unused", "child__unused", "gone__unused", "parent__unused", "mood"]
    document = (tmp_path / "plan" / "REMOVAL.md").read_text("utf8")
    assert "- read: prod: keep, it is read" in document
    assert "  - declaration: src/schema.ts:4" in document
    assert "Archive first, for they have rows: full (prod)." in document
    copy = postgres.database(SQL)
    for name in ("1-rename.sql", "1-undo.sql", "1-rename.sql", "2-drop.sql"):
        postgres.run(copy, steps[name])
    with psycopg.connect(copy) as connection:
        left = connection.execute(
            "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
        )
        assert {row[0] for row in left} == {"read", "viewed", "changed", "needed", "named", "users"}


def test_without_a_database_the_plan_says_so(
    tabletrace: Callable[..., subprocess.CompletedProcess[str]], project: Path
) -> None:
    done = tabletrace("plan", cwd=project)
    assert done.returncode == 0
    assert "| not asked |" in done.stdout
    wrong = tabletrace("unused", "--db", "code", cwd=project)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "code is no database" in wrong.stderr


def test_rows_that_may_not_be_counted(
    tabletrace: Callable[..., subprocess.CompletedProcess[str]], project: Path, url: str, postgres: Postgres
) -> None:
    postgres.run(url, "do $$ begin create role stranger login; exception when duplicate_object then null; end $$")
    stranger = url.replace("postgres:@", "stranger:@")
    found = _advice(tabletrace("unused", "--db", f"prod={stranger}", "--count", "-f", "json", cwd=project))
    assert found["full"] == ("look", ["its rows cannot be counted: permission denied for table full"])
