"""What SQL does to which tables."""

from __future__ import annotations

import pytest

from analyzer.link.statements import keywords, mentions


def said(text: str) -> list[tuple[str, str | None]]:
    return [(mention.name, mention.action) for mention in mentions(text, "postgresql")]


@pytest.mark.parametrize(
    ("text", "tables"),
    [
        ('select * from "app-x_user" u join posts p on p.user_id = u.id', [("app-x_user", "read"), ("posts", "read")]),
        ("insert into audit select * from users", [("audit", "insert"), ("users", "read")]),
        (
            "insert into counts (id) values (1) on conflict (id) do update set n = 2",
            [("counts", "insert"), ("counts", "update")],
        ),
        ("insert into counts (id) values (1) on conflict do nothing", [("counts", "insert")]),
        ("update users set a = 1 where id in (select user_id from bans)", [("users", "update"), ("bans", "read")]),
        ("with recent as (select * from posts) select * from recent", [("posts", "read")]),
        ("delete from users using bans where bans.id = users.id", [("users", "delete"), ("bans", "read")]),
        ("truncate table logs", [("logs", "delete")]),
        ("create index i on users (name)", [("users", None)]),
        ("select * from tt_hole_0 where a = tt_hole_1", [("tt_hole_0", "read")]),
        ("explain analyze select * from users", [("users", "read")]),
        ("lock table users in exclusive mode", [("users", "read")]),
    ],
)
def test_mentions(text: str, tables: list[tuple[str, str | None]]) -> None:
    assert sorted(said(text), key=str) == sorted(tables, key=str)


def test_schema_is_told() -> None:
    assert [mention.schema for mention in mentions("select 1 from auth.users", "postgresql")] == ["auth"]


def test_keywords_read_lists_and_skip_comments() -> None:
    text = "-- from nowhere\nselect 1 from users u, posts where /* join gone */ a"
    assert [mention.name for mention in keywords(text)] == ["users", "posts"]
