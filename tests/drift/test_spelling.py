"""Spellings are no drift: what PostgreSQL is given as DDL in any spelling reads back as no difference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer import databases
from analyzer.databases.dump_parse import parsed
from analyzer.databases.statements import split
from analyzer.drift import compare
from analyzer.drift.defaults import same_default
from analyzer.drift.types import canonical
from analyzer.model import Source

if TYPE_CHECKING:
    from tests.servers import Postgres

SIZES = st.integers(1, 30)
WORDS = st.text(st.sampled_from("aZ é'\"\\{},:%$_-1"), max_size=6)
EXPRESSIONS = (
    "a > 0",
    "a BETWEEN 1 AND 10",
    "a IN (1, 2, 3)",
    "a NOT IN (1, 2)",
    "a <> 4 AND (b IS NULL OR b LIKE 'x%')",
    "b IN ('x', 'y')",
    "b NOT ILIKE '%z'",
    "lower(b) = b",
    "length(b) <= 10 OR a IS NOT NULL",
    "NOT (a = 1 OR a = 2)",
    "coalesce(a, 0) >= -1",
    "b ~ '^[a-z]+$'",
    "a = ANY (ARRAY[1, 2])",
    "char_length(trim(b)) > 0",
    "CASE WHEN a > 1 THEN b IS NOT NULL ELSE true END",
    "(a + 1) * 2 < 100",
    "c->>'kind' = 'x'",
    "d > '2020-01-01'::timestamptz",
    "date_trunc('day', d at time zone 'UTC') < '2020-01-01'",
    "extract(year from d at time zone 'UTC') > 2000",
    "position('x' in b) = 0",
    "substring(b from 1 for 2) = 'ab'",
)


def _spelled(word: str, capital: bool) -> str:
    return word.upper() if capital else word


@st.composite
def columns(draw: st.DrawFn) -> tuple[str, str | None]:
    """A type and a default, each in one of its spellings."""
    size = draw(SIZES)
    scale = draw(st.integers(0, size))
    quoted = "'" + draw(WORDS).replace("'", "''") + "'"
    number = draw(st.integers(-99, 99))
    whole = [str(number), f"'{number}'", f"({number})", f"'{number}'::integer", f"CAST({number} AS int)"]
    kinds: list[tuple[list[str], list[str | None]]] = [
        (["int", "int4", "integer"], [None, *whole]),
        (["int8", "bigint"], [None, *whole]),
        (["int2", "smallint"], [None, str(number), f"'{number}'"]),
        (["text"], [None, quoted, f"{quoted}::text", f"({quoted})"]),
        ([f"varchar({size + 20})", f"character varying({size + 20})"], [None, quoted, f"{quoted}::varchar"]),
        ([f"char({size + 20})", f"character({size + 20})"], [None, quoted]),
        ([f"numeric({size}, {scale})", f"decimal({size},{scale})"], [None, "0", "'0'", "0.0"]),
        (["numeric", "decimal"], [None, str(number), f"{number}.50"]),
        (["float8", "double precision"], [None, "1.5", "'1.5'"]),
        (["float4", "real"], [None, "0"]),
        (["bool", "boolean"], [None, "true", "'t'", "TRUE", "false", "'no'"]),
        (["timestamptz", "timestamp with time zone"], [None, "now()", "CURRENT_TIMESTAMP", "NOW()"]),
        ([f"timestamp({size % 6}) without time zone", f"timestamp({size % 6})"], [None, "now()"]),
        (["time", "time without time zone"], [None]),
        (["timetz", "time with time zone"], [None]),
        (["date"], [None, "CURRENT_DATE", "'2020-01-01'", "'2020-01-01'::date"]),
        (["uuid"], [None, "gen_random_uuid()"]),
        (["jsonb"], [None, "'{}'", "'{\"a\":[1,2]}'::jsonb", "'[]'::jsonb"]),
        (["text[]", "text[3]"], [None, "'{}'", "ARRAY[]::text[]", "'{}'::text[]"]),
        (["int4[]", "integer[]"], [None, "'{1,2}'", "'{1, 2}'"]),
        (["interval"], [None, "'1 day'", "interval '1 day'"]),
        ([f"bit varying({size})", f"varbit({size})"], [None]),
        (["inet"], [None, "'127.0.0.1'"]),
        (["bytea"], [None]),
        (["serial", "serial4"], [None]),
        (["bigserial", "serial8"], [None]),
    ]
    types, defaults = draw(st.sampled_from(kinds))
    return _spelled(draw(st.sampled_from(types)), draw(st.booleans())), draw(st.sampled_from(defaults))


@pytest.fixture(scope="module")
def database(postgres18: Postgres) -> str:
    return postgres18.database()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(columns(), min_size=1, max_size=12), st.lists(st.booleans(), min_size=12, max_size=12))
def test_what_is_given_reads_back_as_given(
    postgres18: Postgres, database: str, given: list[tuple[str, str | None]], flags: list[bool]
) -> None:
    parts = [
        f"c{place} {type}{f' DEFAULT {default}' if default is not None else ''}{' NOT NULL' if flags[place] else ''}"
        for place, (type, default) in enumerate(given)
    ]
    ddl = f"CREATE TABLE t (id int PRIMARY KEY, {', '.join(parts)})"
    written = parsed("written", "ddl", split(ddl))
    assert written.notes == (), ddl
    postgres18.run(database, f"DROP TABLE IF EXISTS t; {ddl}")
    read = databases.read(Source("read", "postgresql", database))
    for left, right in ((written, read), (read, written)):
        assert [
            (one.column, one.attribute, one.expected, one.actual) for one in compare(left, [right]).differences
        ] == []


def test_checks_and_predicates_read_back_as_given(postgres18: Postgres) -> None:
    checks = ", ".join(f"CONSTRAINT k{place} CHECK ({text})" for place, text in enumerate(EXPRESSIONS))
    ddl = f"CREATE TABLE t (a int, b varchar(20), c jsonb, d timestamptz, {checks});\n"
    ddl += "".join(f"CREATE INDEX i{place} ON t (a) WHERE {text};\n" for place, text in enumerate(EXPRESSIONS))
    ddl += "CREATE INDEX j1 ON t (lower(b));\nCREATE INDEX j2 ON t ((c->>'kind'));\nCREATE INDEX j3 ON t (a DESC NULLS LAST);"
    written = parsed("written", "ddl", split(ddl))
    assert written.notes == ()
    read = databases.read(Source("read", "postgresql", postgres18.database(ddl)))
    assert [(one.name, one.expected, one.actual) for one in compare(written, [read]).differences] == []


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("varchar(255)", "varchar(100)"),
        ("timestamp", "timestamptz"),
        ("text", "text[]"),
        ("numeric(10,2)", "numeric(10)"),
        ("uuid", "text"),
        ("integer", "bigint"),
        ("vector(3)", "vector(4)"),
        ('"Mood"', "mood"),
    ],
)
def test_types_that_differ_are_kept_apart(left: str, right: str) -> None:
    assert canonical(left, "postgresql") != canonical(right, "postgresql")


@pytest.mark.parametrize(
    ("left", "right", "type"),
    [
        ("'a'", "'A'", "text"),
        ("0", "1", "integer"),
        ("now()", "clock_timestamp()", "timestamp"),
        ("'{}'", "'{\"a\": 1}'", "jsonb"),
        ("'{}'", "'{a}'", "text[]"),
        ("true", "false", "boolean"),
        (None, "0", "integer"),
        ("'1 day'", "'2 days'", "interval"),
        ("lower('A')", "upper('A')", "text"),
    ],
)
def test_defaults_that_differ_are_kept_apart(left: str | None, right: str | None, type: str) -> None:
    assert not same_default(left, right, type, "postgresql")
