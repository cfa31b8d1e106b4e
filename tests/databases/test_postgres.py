"""A real PostgreSQL, read back: everything that fixtures/databases/postgresql.sql makes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from analyzer import databases
from analyzer.databases import postgres as reader
from analyzer.model import (
    Check,
    Dependent,
    IndexPart,
    Key,
    Link,
    PhysicalSchema,
    Source,
)

if TYPE_CHECKING:
    from tests.servers import Postgres

SQL = (Path(__file__).parents[2] / "fixtures" / "databases" / "postgresql.sql").read_text("utf8")
ODD = 'Odd "name"\nof a 🚤 table'


@pytest.fixture(scope="module")
def url(postgres: Postgres) -> str:
    return postgres.database(SQL)


@pytest.fixture(scope="module")
def found(url: str) -> PhysicalSchema:
    return databases.read(Source("harbour", "postgresql", url))


def test_tables_views_and_schemas(found: PhysicalSchema) -> None:
    kinds = {table.qualified: table.kind for table in found.tables}
    assert kinds == {
        "boat": "table",
        ODD: "table",
        "fast": "view",
        "harbour.berth": "table",
        "harbour.full_berths": "materialized-view",
    }
    assert found.schemas == ("harbour",)
    assert found.extensions == ("vector",)


def test_partitions_are_folded(found: PhysicalSchema) -> None:
    berth = found.table("harbour", "berth")
    assert berth is not None
    assert berth.partitions == 2
    assert berth.primary_key is not None
    assert berth.primary_key.columns == ("id", "opened")


def test_columns(found: PhysicalSchema) -> None:
    boat = found.table(None, "boat")
    assert boat is not None
    told = {column.name: (column.type, column.nullable, column.default) for column in boat.columns}
    assert told == {
        "id": ("bigint", False, None),
        "name": ("character varying(80)", False, None),
        "code": ("character(4)", True, "'none'::bpchar"),
        "mood": ("public.mood", False, "'calm'::public.mood"),
        "tags": ("text[]", False, "'{}'::text[]"),
        "speed": ("public.knots", True, None),
        "length": ("numeric(6,2)", True, None),
        "doubled": ("numeric", True, None),
        "launched": ("timestamp(3) with time zone", True, "now()"),
        "counted": ("bigint", True, "0"),
        "serial_number": ("integer", False, "nextval('public.boat_serial_number_seq'::regclass)"),
        "logged": ("timestamp with time zone", True, "CURRENT_TIMESTAMP"),
        "data": ("jsonb", True, """'{"a": 1}'::jsonb"""),
        "shape": ("public.vector(3)", True, None),
    }
    by_name = {column.name: column for column in boat.columns}
    assert by_name["id"].identity == "always"
    assert by_name["doubled"].generated == "(length * (2)::numeric)"
    assert by_name["name"].comment == "As painted on the hull"
    assert boat.comment == 'Boats, and "nothing" else'


def test_keys_and_checks(found: PhysicalSchema) -> None:
    boat, berth = found.table(None, "boat"), found.table("harbour", "berth")
    assert boat is not None
    assert berth is not None
    assert boat.primary_key == Key("boat_pkey", ("id",))
    assert boat.uniques == (Key("boat_name_code_key", ("name", "code")),)
    length = "((length > (0)::numeric) AND (length < (500)::numeric))"
    assert boat.checks == (Check("boat_length_check", length),)
    assert berth.foreign_keys == (
        Link("berth_boat_id_fkey", ("boat_id",), None, "boat", ("id",), "cascade", "restrict"),
    )


def test_indexes(found: PhysicalSchema) -> None:
    boat = found.table(None, "boat")
    assert boat is not None
    indexes = {index.name: index for index in boat.indexes}
    assert set(indexes) == {"boat_lower_idx", "boat_recent_idx", "boat_tags_idx", "boat_shape_idx", "boat_code_idx"}
    assert indexes["boat_lower_idx"].parts[0].expression == "lower((name)::text)"
    assert indexes["boat_recent_idx"].parts == (
        IndexPart("launched", None, descending=True, nulls_first=True),
        IndexPart("counted", None, descending=False, nulls_first=False),
    )
    assert "counted > 0" in (indexes["boat_recent_idx"].where or "")
    assert indexes["boat_tags_idx"].method == "gin"
    assert indexes["boat_shape_idx"].parts[0].operator_class == "vector_cosine_ops"
    assert indexes["boat_code_idx"].unique


def test_types(found: PhysicalSchema) -> None:
    values = {(enum.schema, enum.name): enum.values for enum in found.enums}
    assert values[None, "mood"] == ("calm", "rough", "it's a storm")
    assert values["harbour", "berth_kind"] == ("quay", "buoy")
    (knots,) = found.domains
    assert (knots.name, knots.type, knots.nullable) == ("knots", "numeric(5,2)", False)


def test_what_depends_on_a_table(found: PhysicalSchema) -> None:
    of_boat = {one for one in found.dependents if one.table == "boat"}
    assert of_boat == {
        Dependent("view", None, "fast", None, "boat"),
        Dependent("function", None, "touch", None, "boat"),
        Dependent("function", None, "count_boats", None, "boat"),
        Dependent("policy", None, "own_boats", None, "boat", "of the table itself"),
        Dependent("publication", None, "fleet", None, "boat"),
    }
    of_berth = {(one.kind, one.name, one.note) for one in found.dependents if one.table == "berth"}
    assert of_berth == {
        ("trigger", "touched", "calls public.touch"),
        ("materialized-view", "full_berths", ""),
        ("policy", "own_boats", "of boat"),
    }


def test_odd_names_come_through(found: PhysicalSchema) -> None:
    odd = found.table(None, ODD)
    assert odd is not None
    assert [column.name for column in odd.columns] == ['a "b" c', "naïve column", "select"]


def test_our_connection_cannot_write(url: str) -> None:
    source = Source("harbour", "postgresql", url)
    for statement in (
        "insert into public.boat (name) values ('x')",
        "create table public.x ()",
        "set transaction read write",
        "drop table public.boat",
    ):
        with reader.connected(source) as connection, pytest.raises(psycopg.errors.Error) as caught:
            connection.execute(statement)  # type: ignore[call-overload]
        assert caught.value.sqlstate in {"25006", "25001"}  # read-only transaction; too late to change that


def test_the_session_says_who_it_is_and_has_limits(url: str) -> None:
    with reader.connected(Source("harbour", "postgresql", url)) as connection:
        shown = {
            name: next(iter((connection.execute(f"show {name}").fetchone() or {}).values()))  # type: ignore[call-overload]
            for name in ("application_name", "statement_timeout", "lock_timeout", "transaction_isolation")
        }
    assert shown == {
        "application_name": "tabletrace",
        "statement_timeout": "1min",
        "lock_timeout": "5s",
        "transaction_isolation": "repeatable read",
    }


def test_a_role_without_rights_sees_the_same(postgres: Postgres, url: str, found: PhysicalSchema) -> None:
    postgres.run(url, "do $$ begin create role stranger login; exception when duplicate_object then null; end $$")
    stranger = url.replace("postgres:@", "stranger:@")
    assert databases.read(Source("harbour", "postgresql", stranger)) == found
