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
        assert found["full"][1][0] == "it has 300 rows; 300 were inserted: by a restore, or by whom?"
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
    assert lines[place + 1].startswith("  prod: archive first — it has about 300 rows; ")


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
    dropped = [name.partition("__unused_")[0] for name in steps["2-drop.sql"].split('"')[1::2]]
    assert dropped == ["empty", "full", "child", "gone", "parent", "mood"]
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


ONE = 'import { pgTable, integer } from "drizzle-orm/pg-core";\n%s\nexport const users = pgTable("users", { id: integer("id") });\nexport const all = (db) => db.select().from(users);\n'
AUDIT = 'export const audit = pgTable("audit", { id: integer("id") });'


@pytest.mark.parametrize(
    ("sql", "advice", "reason"),
    [
        ("create table whole (id int) partition by range (id); create table audit partition of whole default;", "look", "it is there as a partition"),
        ("create extension vector; create table audit (id int); alter extension vector add table audit;", "look", "it is there as an extension's"),
        ("create schema app; create table app.audit (id int); insert into app.audit values (1);", "look", "a table is there that may be it: app.audit"),
        ("create table audit (id int); create table child () inherits (audit);", "keep", "the table public.child needs it"),
        ("create table audit (id serial); create table other (n int default nextval('audit_id_seq'));", "keep", "the default value for column n of table public.other needs it"),
        ("create table audit (id int); create function f(a audit) returns int language sql return 1;", "keep", "the function public.f(public.audit) needs it"),
        ("create table audit (id int) partition by range (id); create table part partition of audit default; create view v as select * from part;", "keep", "the view v needs it"),
        ("create table audit (id int); create function f() returns void language plpgsql as $$ begin execute format('insert into %I', 'a' || 'udit'); end $$;", "look", "functions build statements at run time, and may name it: f"),
        ("create table audit (id int); create table users (id int); create function t() returns trigger language plpgsql as $$ begin return new; end $$; create trigger g before insert on users for each row execute function t('audit');", "keep", "the trigger g needs it"),
    ],
)  # fmt: skip
def test_no_false_drop(
    tabletrace: Callable[..., subprocess.CompletedProcess[str]],
    tmp_path: Path,
    postgres18: Postgres,
    sql: str,
    advice: str,
    reason: str,
) -> None:
    (tmp_path / "schema.ts").write_text(ONE % AUDIT)
    url = postgres18.database()
    postgres18.run(url, sql)
    found = _advice(tabletrace("unused", "--db", f"prod={url}", "-f", "json", cwd=tmp_path))
    assert found["audit"][0] == advice
    assert reason in found["audit"][1]


def test_row_security_hides_no_rows(
    tabletrace: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, postgres18: Postgres
) -> None:
    (tmp_path / "schema.ts").write_text(ONE % AUDIT)
    url = postgres18.database(
        "create table audit (id int); insert into audit values (1); alter table audit enable row level security;"
        "do $$ begin create role reader login; exception when duplicate_object then null; end $$; grant select on audit to reader"
    )
    reader = url.replace("postgres:@", "reader:@")
    found = _advice(tabletrace("unused", "--db", f"prod={reader}", "--count", "-f", "json", cwd=tmp_path))
    assert found["audit"][0] == "look"
    assert "row-level security" in found["audit"][1][0]


def test_the_search_path_is_heeded(
    tabletrace: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, postgres18: Postgres
) -> None:
    (tmp_path / "schema.ts").write_text(ONE % AUDIT)
    url = postgres18.database("create schema app; create table app.audit (id int); create table app.users (id int)")
    name = url.partition("?")[0].rpartition("/")[2]
    postgres18.run(url, f"alter database {name} set search_path = app")
    done = tabletrace("drift", f"prod={url}", cwd=tmp_path)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "No drift.")
    assert _advice(tabletrace("unused", "--db", f"prod={url}", "-f", "json", cwd=tmp_path))["audit"][0] == "drop"


def test_a_plan_drops_nothing_of_another_name(
    tabletrace: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, postgres18: Postgres
) -> None:
    long = "a_table_of_a_very_long_name_that_goes_on_and_on_and_on_limit_"
    tables = [f"{long}1", f"{long}2", "é" * 31, "ca", "cb"]
    code = "\n".join(
        f'export const t{place} = pgTable("{name}", {{ id: integer("id") }});' for place, name in enumerate(tables)
    )
    (tmp_path / "schema.ts").write_text(ONE % code)
    sql = "".join(f'create table "{name}" (id int primary key);' for name in (*tables, "users", "ca__unused"))
    url = postgres18.database(
        sql
        + "alter table ca add foreign key (id) references cb (id); alter table cb add foreign key (id) references ca (id);"
    )
    done = tabletrace("plan", "--db", f"prod={url}", "--output-dir", tmp_path / "plan", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    for name in ("1-rename.sql", "2-drop.sql"):
        postgres18.run(url, (tmp_path / "plan" / name).read_text("utf8"))
    with psycopg.connect(url) as connection:
        left = connection.execute(
            "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
        )
        assert {row[0] for row in left} == {"users", "ca__unused"}


def test_a_database_of_another_kind(
    tabletrace: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    import sqlite3
    from contextlib import closing

    (tmp_path / "schema.ts").write_text(ONE % AUDIT)
    with closing(sqlite3.connect(tmp_path / "app.db")) as connection:
        connection.execute("create table users (id int)")
    tabletrace("scan", "--exit-zero", "-f", "json", "-o", "saved.json", cwd=tmp_path)
    for words in (
        ("unused", "--db", "app.db"),
        ("drift", "app.db"),
        ("check", "--db", "app.db"),
        ("drift", "report:saved.json", "app.db"),
    ):
        done = tabletrace(*words, cwd=tmp_path)
        assert done.returncode == 2
        assert "declares tables of postgresql" in done.stderr


def test_an_estimate_of_nothing_is_not_nothing(
    tabletrace: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, postgres18: Postgres
) -> None:
    (tmp_path / "schema.ts").write_text(ONE % AUDIT)
    url = postgres18.database(
        "create table audit (id int) with (autovacuum_enabled = off); insert into audit values (1)"
    )
    postgres18.run(url, "select pg_stat_reset()")
    estimated = _advice(tabletrace("unused", "--db", f"prod={url}", "-f", "json", cwd=tmp_path))["audit"]
    assert estimated[0] == "look"
    assert "it is not known how many rows it has: count them with --count" in estimated[1]
    assert "the database counts only since 0 hours: too short to tell" in estimated[1]


def test_a_table_that_a_staying_one_refers_to_stays(
    tabletrace: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path, postgres18: Postgres
) -> None:
    code = "\n".join(
        f'export const {name} = pgTable("{name}", {{ id: integer("id") }});' for name in ("audit", "stays")
    )
    (tmp_path / "schema.ts").write_text(ONE % code)
    url = postgres18.database(
        "create table audit (id int primary key); create table users (id int); create table stays (id int references audit);"
        "create view v as select * from stays"
    )
    found = _advice(tabletrace("unused", "--db", f"prod={url}", "-f", "json", cwd=tmp_path))
    assert {name: advice for name, (advice, _) in found.items()} == {"audit": "keep", "stays": "keep"}
    assert found["audit"][1] == ["the foreign key stays_id_fkey of stays needs it"]
    assert "There is nothing to remove." in tabletrace("plan", "--db", f"prod={url}", cwd=tmp_path).stdout


@pytest.mark.parametrize(
    ("files", "source", "reason"),
    [
        ({"m/0000.sql": "create table users (id int);"}, "m", "prod is a plan, and no database"),
        (
            {"m/0000.sql": "create table audit (id nothing);"},
            "m",
            "a statement of prod that names it could not be run or read",
        ),
        ({"d.sql": 'create table "Audit" (id int);'}, "d.sql", "a table is there that may be it: Audit"),
    ],
)
def test_what_a_source_lacks_may_be_there(
    tabletrace: Callable[..., subprocess.CompletedProcess[str]],
    tree: Callable[..., Path],
    files: dict[str, str],
    source: str,
    reason: str,
) -> None:
    folder = tree({"schema.ts": ONE % AUDIT, **files})
    found = _advice(tabletrace("unused", "--db", f"prod={source}", "-f", "json", cwd=folder))
    assert found["audit"] == ("look", [reason])
