"""What is wrong in the code read is a line in the report and costs only itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from analyzer.app import analyze
from analyzer.model import Report, Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCHEMA = (
    'import { pgTable, text } from "drizzle-orm/pg-core";\n'
    'export const users = pgTable("app_users", { name: text() });\n'
    'export const posts = pgTable("app_posts", { name: text() });\n'
)
READS_POSTS = 'import { posts } from "./schema";\nexport const list = (db) => db.select().from(posts);\n'
USES = 'import { users } from "./schema";\nexport const find = (db) => db.select().from(users);\n'

CASES: dict[str, tuple[dict[str, str | bytes], str]] = {
    "a syntax error": ({"a.ts": "import { users } from './schema';\nexport const = = users;\n"}, "a.ts: syntax error"),
    "bytes that are no text": ({"a.ts": b"\x80 users \xff"}, "a.ts: is "),
    "latin-1": ({"a.ts": USES.encode() + "// é".encode("latin-1")}, "a.ts: is not UTF-8"),
    "a binary": ({"a.ts": b"\0\1\0\2\0 users"}, "a.ts: is binary"),
    "a huge file": ({"a.ts": USES + " " * 2_100_000}, "a.ts: is larger than 2 MB"),
}


def _report(folder: Path) -> Report:
    return analyze(Settings(roots=(str(folder),)))


def _statuses(report: Report) -> dict[str, str]:
    return {one.table.symbol: one.status for one in report.verdicts}


@pytest.mark.parametrize("case", CASES)
def test_a_file_that_cannot_be_read_costs_only_itself(case: str, tree: Callable[..., Path]) -> None:
    files, problem = CASES[case]
    report = _report(tree({"schema.ts": SCHEMA, "posts.ts": READS_POSTS, **files}))
    assert [f"{one.file}: {one.reason}".startswith(problem) for one in report.problems] == [True]
    assert _statuses(report) == {"users": "undetermined", "posts": "used"}


def test_endless_nesting_costs_nothing_around_it(tree: Callable[..., Path]) -> None:
    deep = "export const x = z" + ".a()" * 3000 + ";\nexport const y = " + "[" * 3000 + "]" * 3000 + ";\n"
    report = _report(tree({"schema.ts": SCHEMA, "posts.ts": READS_POSTS, "a.ts": USES + deep}))
    assert _statuses(report) == {"users": "used", "posts": "used"}


def test_utf16_is_read(tree: Callable[..., Path]) -> None:
    report = _report(tree({"schema.ts": SCHEMA, "a.ts": USES.encode("utf-16")}))
    assert report.problems == ()
    assert _statuses(report)["users"] == "used"


def test_a_broken_tsconfig_costs_its_paths(tree: Callable[..., Path]) -> None:
    report = _report(tree({"schema.ts": SCHEMA, "posts.ts": READS_POSTS, "tsconfig.json": "{ paths"}))
    assert [(one.file, "no valid tsconfig" in one.reason) for one in report.problems] == [("tsconfig.json", True)]
    assert _statuses(report) == {"users": "orphaned", "posts": "used"}


def test_an_import_that_leads_nowhere_is_told_and_keeps_its_names_open(tree: Callable[..., Path]) -> None:
    text = 'import { users } from "./gone";\nexport const find = (db) => db.select().from(users);\n'
    report = _report(tree({"schema.ts": SCHEMA, "posts.ts": READS_POSTS, "a.ts": text}))
    assert [(one.file, one.line, one.reason) for one in report.problems] == [
        ("a.ts", 1, "imports './gone', which leads nowhere")
    ]
    assert _statuses(report) == {"users": "undetermined", "posts": "used"}
    (doubt,) = next(one for one in report.verdicts if one.table.symbol == "users").unresolved
    assert (doubt.file, doubt.site.line, doubt.reason) == (
        "a.ts",
        2,
        "'users' comes from './gone', which leads nowhere",
    )


def test_an_ignored_file_is_read_when_code_imports_it(tree: Callable[..., Path]) -> None:
    files = {"schema.ts": SCHEMA, "posts.ts": READS_POSTS, "gen/use.ts": USES.replace("./schema", "../schema")}
    ignored = {**files, ".gitignore": "gen/\n"}
    assert _statuses(_report(tree(ignored, "alone")))["users"] == "orphaned"
    imported = {**ignored, "main.ts": 'export * from "./gen/use";\n'}
    assert _statuses(_report(tree(imported, "imported")))["users"] == "used"


def test_a_nul_in_a_string_is_no_binary(tree: Callable[..., Path]) -> None:
    report = _report(tree({"schema.ts": SCHEMA, "a.ts": USES.encode() + b'export const mark = "\0";\n'}))
    assert report.problems == ()
    assert _statuses(report)["users"] == "used"


def test_an_empty_file_is_nothing(tree: Callable[..., Path]) -> None:
    report = _report(tree({"schema.ts": SCHEMA, "a.ts": "", "b.ts": b"\xef\xbb\xbf"}))
    assert report.problems == ()
