"""A file that is not parsed could not have mattered: every claim's report is the same when all files are."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from analyzer import cache
from analyzer.app import analyze
from analyzer.model import Settings
from tests import claims
from tests.edits import edit, outcome

if TYPE_CHECKING:
    from collections.abc import Callable

BAZAAR = Path(__file__).parents[1] / "fixtures" / "projects" / "bazaar"


@pytest.mark.parametrize("path", claims.claims(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_report_is_the_same_without_the_prefilter(path: Path, tmp_path: Path) -> None:
    claim = claims.read(path)
    report = claims.run(claim, tmp_path)
    whole = analyze(replace(claims.settings(claim, tmp_path), prefilter=False))
    assert report == whole


@pytest.mark.parametrize("seed", range(8))
def test_the_report_is_the_same_after_any_edit(tmp_path: Path, seed: int) -> None:
    project = Path(shutil.copytree(BAZAAR, tmp_path / "bazaar", ignore=shutil.ignore_patterns(cache.FOLDER)))
    chance = random.Random(1000 + seed)
    settings = Settings(roots=(str(project),))
    for _ in range(6):
        edit(project, chance)
        assert outcome(settings) == outcome(replace(settings, prefilter=False))


COLUMNS = ", ".join(f"a_rather_long_column_{n}" for n in range(250))
QUERY = 'import { Pool } from "pg"; const client = new Pool(); export const f = (x: any) => client.query('


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("users", QUERY + r"'SELECT u.id,\nu.name\nFROM users u\nWHERE 1');"),
        ("users", QUERY + r"'with x as (select 1)\nupdate users\nset name = 1');"),
        ("users", QUERY + "`select a from public./* c */users`);"),
        ("users", QUERY + "`select a from\u00a0users`);"),
        ("über_konto", QUERY + '`select a from "public"."über_konto"`);'),
        ("@mention", QUERY + '`select a from "@mention"`);'),
        ("users", QUERY + f"`select {COLUMNS} ${{x ? 'a' : 'b'}} from users`);"),
        ("users", QUERY + f"`select {COLUMNS} ${{pick({{ a: 1 }})}} from users`);"),
        ("users", QUERY + f"`select {COLUMNS} from teams where id in (select id from users)` + x);"),
        ("users", QUERY + f"'select {COLUMNS} from users' + x);"),
        ("app_users", 'const P = "app"; const T = `${P}_users`; export const f = (client: any) => client.from(T);'),
        ("users", "export const o = { table: { match: /^(a|b)}?$/, sort: 1, name: 'users' } };"),
        ("users", 'export const o = { table: { // don\'t} do\n z: 1, b: "users" } };'),
        ("users", "export const o = { table: { a: `x ${f(`}`)}`, z: 1, b: 'users' } };"),
        ("users", 'export const o = { table: <Map<A, B>>{ name: "users" } };'),
        ("users", 'x.is("table", [1, 2], "users");'),
        ("users", 'client./* which */from("users");'),
        ("users", 'client. // which\n from("users");'),
        ("users", 'x.is("table", pick(a), "users");'),
        ("users", 'x.is("table", "a", "users");'),
        ("users", 'export const o = { table:\n // the name, of it\n "users" };'),
        ("users", r"export const s = 'update users\nset a = 1';"),
    ],
)
def test_a_table_that_is_named_in_an_odd_way_is_named(tree: Callable[..., Path], name: str, code: str) -> None:
    schema = f'import {{ pgTable, serial }} from "drizzle-orm/pg-core"; export const t = pgTable("{name}", {{ id: serial("id") }});'
    package = '{"name": "x", "dependencies": {"drizzle-orm": "1", "pg": "8"}}'
    folder = tree({"package.json": package, "src/schema.ts": schema, "src/use.ts": code})
    settings = Settings(roots=(str(folder),), jobs=1)
    report = analyze(settings)
    assert report == analyze(replace(settings, prefilter=False))
    assert [one.status for one in report.verdicts] != ["orphaned"]
