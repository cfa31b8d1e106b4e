"""A mark that a file does not have is one that nothing in it needs, and what is stepped over at once is what is stepped over bit by bit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies

from analyzer.extract import marks, surface
from analyzer.extract.lexing import Lexed, _stepped
from analyzer.extract.sqlish import mentions
from analyzer.model import Sought

if TYPE_CHECKING:
    from analyzer.model import Language

FIXTURES = Path(__file__).parents[2] / "fixtures"
FILES = sorted(path for path in FIXTURES.rglob("*") if path.suffix in {".ts", ".tsx", ".js", ".mjs", ".vue"})
SURE = {
    "adapter",
    "assigns",
    "conflict",
    "finds",
    "globs",
    "mounts",
    "opens",
    "subquery",
    "sum",
}  # nothing more is asked of these
PIECES = [
    "a",
    " ",
    "\n",
    "(",
    ")",
    "{",
    "}",
    "[",
    "]",
    "`",
    "${",
    '"',
    "'",
    "\\",
    "/",
    "*",
    "//",
    "/*",
    "*/",
    "=",
    "return ",
    "x.y",
]


@pytest.mark.parametrize(
    "folder", sorted({path.parent for path in FILES}), ids=lambda folder: str(folder.relative_to(FIXTURES))
)
def test_a_file_says_the_same_whatever_marks_it_is_said_to_have(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (path for path in FILES if path.parent == folder):
        data = path.read_bytes()
        language: Language = "vue" if path.suffix == ".vue" else "tsx"
        found = surface.surface(data, language)
        said = marks.marks(data) | (frozenset(marks._MARKS) - SURE)
        monkeypatch.setattr(surface, "marks", lambda _, said=said: said)
        assert surface.surface(data, language) == found, path
        monkeypatch.undo()


@settings(max_examples=400)
@given(strategies.lists(strategies.sampled_from(PIECES), max_size=30).map("".join))
def test_brackets_go_together_however_templates_are_stepped_over(text: str) -> None:
    data = text.encode()
    slow = Lexed(data)
    slow.__dict__["_spans"] = _stepped(data)
    assert Lexed(data).balanced == slow.balanced


@pytest.mark.parametrize(
    "statement",
    [
        "select a from b, users where c = 1",
        "select a from b join public.users u on u.id = b.id",
        'select a from "auth"."users"',
        'select a from "auth" . "users"',
        "alter table b rename to users",
        "create index i on auth.users (a)",
        "drop view if exists users",
        "delete users from users, b",
        "with x as (select 1 from users) select a from x",
        "update b, users set a = 1",
        "delete from only users",
        "insert into users values (1)",
        "insert into b select * from (select 1 where true) x, users",
        "truncate b, users",
        "select a from -- which\n users",
        "select a from /* which */ users",
        "select a from\\n  users",
        "create trigger t after insert on users",
        "create table b (a int references users (id))",
        "select users(1) from b",
        "copy users from stdin",
        "merge into users u using b on true",
        "refresh materialized view concurrently users",
    ],
)
def test_a_name_is_found_wherever_sql_names_a_table(statement: str) -> None:
    sought = Sought(frozenset({"users"}))
    assert mentions(f"run(`{statement}`)".encode(), sought)
    assert mentions(f"run(`{statement}` + more)".encode(), sought)
    assert not mentions(f"run(`{statement.replace('users', 'others')}`)".encode(), sought)


@pytest.mark.parametrize(
    "code",
    [
        "run(`select users, users.a from b where users = 1`)",
        "run(`select a from b`); show(`from users`)",
        "// `select a from users`",
    ],
)
def test_a_word_that_is_no_table_is_not_found(code: str) -> None:
    assert not mentions(code.encode(), Sought(frozenset({"users"})))


def test_a_path_that_ends_in_a_word_of_an_import_is_none() -> None:
    code = b"export const menu = [\n  { href: '/settings/import', label: 'Import' },\n];\n"
    assert surface.surface(code, "ts").specifiers == ()
    assert [one.source for one in surface.surface(code + b"/* late */ import x from 'y';", "ts").specifiers] == ["y"]
