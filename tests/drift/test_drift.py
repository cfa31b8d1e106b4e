"""Two schemas become differences: each kind, what explains it, who is right, and what is left alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from analyzer.databases.dump_parse import parsed
from analyzer.databases.statements import split
from analyzer.drift import compare
from analyzer.model import RULES, AnalyzerError, Filters
from analyzer.reports import drift as text
from analyzer.reports import json, markdown

if TYPE_CHECKING:
    from analyzer.model import Drift, PhysicalSchema

BASE = """
create type mood as enum ('calm', 'rough');
create table pier (id uuid primary key, name varchar(20) not null);
create table boat (
  id uuid primary key, pier_id uuid, name text not null, n int default 1, mood mood,
  constraint boat_pier_fk foreign key (pier_id) references pier (id) on delete cascade,
  constraint boat_name_key unique (name),
  constraint boat_n_check check (n > 0)
);
create index boat_n_idx on boat (n);
create view fast as select id from boat;
"""


def _of(sql: str, name: str = "db") -> PhysicalSchema:
    found = parsed(name, "file.sql", split(sql))
    assert found.notes == ()
    return found


def _found(left: str, right: str, filters: Filters = Filters()) -> list[tuple[str, str, str, str | None, str | None]]:  # noqa: B008
    drift = compare(_of(left, "left"), [_of(right)], filters)
    return [
        (one.rule, one.kind, one.object, one.table or one.schema, one.column or one.name) for one in drift.differences
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("n int default 1 → n int default 1, more text", [("TT207", "unexpected", "column", "boat", "more")]),
        ("n int default 1 → n int default 1, more text not null", [("TT208", "unexpected", "column", "boat", "more")]),
        ("n int default 1 → n int default 1, more text not null default ''", [("TT207", "unexpected", "column", "boat", "more")]),
        ("n int default 1 → n bigint default 1", [("TT209", "changed", "column", "boat", "n")]),
        ("varchar(20) → varchar(10)", [("TT209", "changed", "column", "pier", "name")]),
        ("name text not null → name text", [("TT210", "changed", "column", "boat", "name")]),
        ("default 1 → default 2", [("TT211", "changed", "column", "boat", "n")]),
        ("n int default 1 → n int generated always as identity", [("TT212", "changed", "column", "boat", "n")]),
        ("create table pier (id uuid primary key → create table pier (id uuid not null", [("TT213", "missing", "primary-key", "pier", None)]),
        ("constraint boat_name_key unique (name), → ", [("TT214", "missing", "unique", "boat", "boat_name_key")]),
        ("unique (name) → unique nulls not distinct (name)", [("TT214", "changed", "unique", "boat", "boat_name_key")]),
        ("on delete cascade → on delete set null", [("TT215", "changed", "foreign-key", "boat", "pier_id")]),
        ("create index boat_n_idx on boat (n); → ", [("TT217", "missing", "index", "boat", "boat_n_idx")]),
        ("on boat (n) → on boat (n desc)", [("TT217", "changed", "index", "boat", "boat_n_idx")]),
        ("check (n > 0) → check (n > 1)", [("TT218", "changed", "check", "boat", "boat_n_check")]),
        ("'calm', 'rough' → 'calm', 'rough', 'wild'", [("TT219", "changed", "enum", None, "mood")]),
        ("create view fast as select id from boat; → ", [("TT220", "missing", "view", "fast", None)]),
        ("create view fast → create materialized view fast", [("TT220", "changed", "view", "fast", None)]),
        ("create view → create schema side; create view", [("TT205", "unexpected", "schema", "side", None)]),
    ],
)  # fmt: skip
def test_each_kind_both_ways(change: str, expected: list[tuple[str, str, str, str | None, str | None]]) -> None:
    old, _, new = change.partition(" → ")
    other = BASE.replace(old, new)
    assert other != BASE
    assert _found(BASE, other) == expected
    assert len(_found(other, BASE)) == len(expected)


def test_what_is_the_same_is_no_drift() -> None:
    renamed = (
        BASE.replace("boat_pier_fk", "other_fk").replace("boat_name_key", "other_key").replace("boat_n_check", "c")
    )
    assert _found(BASE, renamed) == []


@pytest.mark.parametrize(
    ("declared", "there"),
    [
        ("app_user, app_boat, app_pier", "user"),
        ("app_users, app_boats", "app_user"),
        ("app_boat_log, app_pier", '"boatLog"'),
        ('"BoatLog", pier', "boat_log"),
        ("boat, pier", "boats"),
        ('"app-vid_api_metric", "app-vid_user"', "api_metric"),
    ],
)
def test_twins(declared: str, there: str) -> None:
    left = "".join(f"create table {name} (id int);" for name in declared.split(", "))
    right = left + f"create table {there} (id int);"
    ((rule, kind, _, table, _),) = _found(left, right)
    assert (rule, kind, table) == ("TT203", "duplicate", there.strip('"'))
    ((rule, kind, _, table, _),) = _found(right, left)
    assert (rule, kind, table) == ("TT203", "duplicate", there.strip('"'))


@pytest.mark.parametrize("there", ["status", "settings", "app", "user_boats"])
def test_no_twins(there: str) -> None:
    left = "create table app_user (id int); create table app_boat (id int);"
    assert [one[0] for one in _found(left, left + f"create table {there} (id int);")] == ["TT202"]


def test_a_missing_table_that_is_there_under_another_name() -> None:
    drift = compare(_of("create table boats (id int);"), [_of("create table boat (id int);", "prod")])
    assert [(one.rule, one.table) for one in drift.differences] == [("TT203", "boat"), ("TT201", "boats")]
    assert drift.differences[1].mend == (
        'ALTER TABLE "boat" RENAME TO "boats";',
    )  # a second table would be the duplicate


def test_a_serial_keeps_its_sequence() -> None:
    left = _of("create table t (id serial primary key);")
    for sql, mend in (
        ("create table t (id integer primary key);", "SET DEFAULT nextval('\"t_id_seq\"');"),
        ("create table t (id bigint primary key default nextval('t_id_seq'::regclass));", "SET DEFAULT nextval"),
    ):
        (one,) = compare(left, [_of(sql, "prod")]).differences
        assert mend in one.mend[-1]


def test_a_renamed_column_is_told() -> None:
    drift = compare(
        _of("create table t (base_amount numeric(10,2));"),
        [_of('create table t ("baseAmount" numeric(10,2));', "prod")],
    )
    first = next(one for one in drift.differences if one.rule == "TT206")
    assert first.note == "base_amount seems to be there as baseAmount"
    assert first.mend == ('ALTER TABLE "t" RENAME COLUMN "baseAmount" TO "base_amount";',)


def test_filters() -> None:
    right = BASE + "create table other (id int); create table boats (id int); create schema side;"
    assert _found(BASE, right, Filters(tables=("boat", "pier", "fast"))) == [
        ("TT205", "unexpected", "schema", "side", None),
        ("TT203", "duplicate", "table", "boats", None),
    ]
    assert _found(BASE, right, Filters(schemas=("public",), exclude=("boat*",))) == [
        ("TT202", "unexpected", "table", "other", None)
    ]
    assert _found(BASE, right, Filters(tables=("!other",), exclude=("side.*",)))[0][3] == "boats"
    assert _found(BASE, BASE.replace("default 1", "default 2"), Filters(include=("pier",))) == []


def test_what_follows_names_its_cause() -> None:
    other = BASE.replace("create table pier (id uuid", "create table pier (id text").replace(
        "constraint boat_pier_fk foreign key (pier_id) references pier (id) on delete cascade,", ""
    )
    drift = compare(_of(BASE), [_of(other, "prod")])
    root, follower = drift.differences[1], drift.differences[0]
    assert (root.rule, root.table, root.column, root.cause) == ("TT209", "pier", "id", None)
    assert (follower.rule, follower.cause) == ("TT215", root.key)
    assert "the join of boat.pier_id with pier.id fails: operator does not exist: uuid = text" in root.breaks
    assert root.mend[0] == 'ALTER TABLE "pier" ALTER COLUMN "id" TYPE uuid USING "id"::uuid;'
    assert "so the foreign key boat_pier_fk is missing too" in text.drift(drift)


def test_who_is_right() -> None:
    left, right = _of(BASE, "prod"), _of(BASE.replace("default 1", "default 2"), "dev")
    for code, says in (
        (BASE, "prod"),
        (BASE.replace("default 1", "default 2"), "dev"),
        (BASE.replace("default 1", ""), "neither"),
    ):
        (one,) = compare(left, [right], Filters(), _of(code, "code")).differences
        assert one.right == says
        assert bool(one.mend) == (says != "dev")


def test_several_sources_make_a_matrix() -> None:
    drift = compare(
        _of(BASE, "code"), [_of(BASE, "a"), _of(BASE.replace("default 1", ""), "b"), _of("create schema x", "c")]
    )
    lines = text.drift(drift).splitlines()
    row = next(line.split() for line in lines if "column n: default" in line)
    assert row[-5:] == ["1", "=", "none", "no", "table"]
    assert json.drift(drift).count('"source": "b"') == 1


def test_nothing_is_proposed_for_deletion() -> None:
    drift = compare(
        _of(BASE), [_of(BASE + "create table extra (id int); create schema side; create table side.x (id int);")]
    )
    assert [one.mend for one in drift.differences] == [(), ()]
    assert all("DROP TABLE" not in each and "DROP SCHEMA" not in each for one in drift.differences for each in one.mend)


def test_what_a_source_hides_is_not_missing() -> None:
    hidden = replace(_of("create schema x"), hidden="the role may read a part alone", schemas=())
    rules = {one.rule for one in compare(_of(BASE), [hidden]).differences}
    assert "TT201" not in rules


def test_what_cannot_be_decided_is_a_question_mark() -> None:
    doubtful = replace(
        _of("create table pier (id uuid primary key, name varchar(20) not null);", "b"),
        doubtful=("boat",),
        unmade=("boat",),
    )
    drift = compare(
        _of(BASE, "code"), [_of("create table pier (id uuid primary key, name varchar(20) not null);", "a"), doubtful]
    )
    row = next(line.split() for line in text.drift(drift).splitlines() if "table boat" in line)
    assert row[-2:] == ["missing", "?"]
    assert ("b", "TT201", "boat") not in {(one.source, one.rule, one.table) for one in drift.differences}


def test_databases_of_two_kinds() -> None:
    with pytest.raises(AnalyzerError, match="left is postgresql and db is mysql: compare databases of one kind"):
        compare(_of(BASE, "left"), [replace(_of(BASE), dialect="mysql")])


def test_names_obey_nothing_in_any_report() -> None:
    name = 'x\x1b[31m|<img src=x>`[bold]"\n# y'
    quoted = '"' + name.replace('"', '""') + '"'
    drift = compare(
        _of(f"create table {quoted} (id int, a int);"), [_of(f"create table {quoted} (id text);", "p[red]|")]
    )
    for written in (text.drift(drift), markdown.drift(drift)):
        assert "\x1b" not in written
        assert "\n# y" not in written
    outside = markdown.drift(drift).partition("```")[0]
    assert "<img" not in outside.replace("\\<img", "")
    assert " [bold]" not in outside
    assert "[bold]" in text.drift(drift)


def test_every_rule_of_drift_is_made_somewhere(request: pytest.FixtureRequest) -> None:
    import pathlib

    source = "".join(
        path.read_text("utf8") for path in pathlib.Path(request.path).parents[2].glob("analyzer/drift/*.py")
    )
    assert [rule.id for rule in RULES if rule.id.startswith("TT2") and f'"{rule.id}"' not in source] == []


def test_reports_are_the_same_in_any_order_of_tables() -> None:
    def turned(one: PhysicalSchema) -> PhysicalSchema:
        return replace(one, tables=one.tables[::-1], enums=one.enums[::-1])

    other = _of(BASE.replace("default 1", "").replace("varchar(20)", "text") + "create table extra (id int);", "prod")

    def written(drift: Drift) -> str:
        return json.drift(drift) + text.drift(drift) + markdown.drift(drift)

    assert written(compare(_of(BASE), [other])) == written(compare(turned(_of(BASE)), [turned(other)]))
