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


NAMES = {  # what another file says, what stands here before, and what is given as the name: X
    "a constant": ('export const NAMES = "users";', "", "NAMES"),
    "a template": ('const P = "use"; export const NAMES = `${P}rs`;', "", "NAMES"),
    "a sum": ('const P = "use"; export const NAMES = P + "rs";', "", "NAMES"),
    "an element": ('export const NAMES = ["users", "posts"];', "", "NAMES[0]"),
    "any element": ('export const NAMES = ["users", "posts"];', "", "NAMES[i]"),
    "at": ('export const NAMES = ["users", "posts"];', "", "NAMES.at(0)"),
    "a key": ('export const NAMES = { u: "users" };', "", "NAMES.u"),
    "any key": ('export const NAMES: Record<string, string> = { u: "users" };', "", "NAMES[i]"),
    "a key within any": ('export const NAMES = { a: { b: "users" } };', "", "NAMES[i].b"),
    "an enum": ('export enum NAMES { U = "users" }', "", "NAMES.U"),
    "a function": ("export const NAMES = (x: string) => `${x}s`;", "", 'NAMES("user")'),
    "a function of nothing": ('export function NAMES() { return "users"; }', "", "NAMES()"),
    "a key of what a function gives": ('export const NAMES = () => ({ u: "users" });', "", "NAMES().u"),
    "a class": ('export class NAMES { static U = "users"; }', "", "NAMES.U"),
    "values": ('export const NAMES = { u: "users" };', "", "Object.values(NAMES)[0]"),
    "keys": ("export const NAMES = { users: 1 };", "", "Object.keys(NAMES)[0]"),
    "a choice": ('export const NAMES = { u: "users" };', "", "(i ? NAMES.u : other)"),
    "a default": ('export const NAMES = { u: "users" };', "", "(process.env.X ?? NAMES.u)"),
    "a local": ('export const NAMES = { u: "users" };', "const L = { x: NAMES.u };", "L.x"),
    "a part": ('export const NAMES = { u: "users" };', "const { u } = NAMES;", "u"),
    "an item": ('export const NAMES = ["users"];', "const [u] = NAMES;", "u"),
    "the rest": ('export const NAMES = { a: "x", u: "users" };', "const { a, ...r } = NAMES;", "r.u"),
    "a spread": ('export const NAMES = { u: "users" };', "const L = { ...NAMES, q: 1 };", "L.u"),
    "a list in a list": ('export const NAMES = ["users"];', 'const L = ["x", ...NAMES];', "L[i]"),
    "a loop": ('export const NAMES = ["users"];', "for (const n of NAMES)", "n"),
    "a loop over values": ('export const NAMES = { u: "users" };', "for (const n of Object.values(NAMES))", "n"),
    "a loop over keys": ("export const NAMES = { users: 1 };", "for (const n in NAMES)", "n"),
    "a loop over entries": ('export const NAMES = { u: "users" };', "for (const [k, n] of Object.entries(NAMES))", "n"),
    "a loop over objects": ('export const NAMES = [{ name: "users" }];', "for (const { name } of NAMES)", "name"),
    "a set": ('export const NAMES = new Set(["users"]);', "for (const n of NAMES)", "n"),
}
USES = {
    "from": "client.from(X).select();",
    "text": "client.query(`SELECT * FROM ${X}`);",
    "identifier": "db.execute(sql`select * from ${sql.identifier(X)}`);",
}


@pytest.mark.parametrize("use", USES.values(), ids=USES)
@pytest.mark.parametrize(("said", "before", "given"), NAMES.values(), ids=NAMES)
def test_a_name_of_a_file_that_has_nothing_to_do_with_tables_is_found(
    tree: Callable[..., Path], said: str, before: str, given: str, use: str
) -> None:
    schema = (
        'import { pgTable, serial } from "drizzle-orm/pg-core";\n'
        'export const crew = pgTable("users", { id: serial("id") }); export const logs = pgTable("logs", { id: serial("id") });\n'
    )
    code = (
        'import { sql } from "drizzle-orm"; import { NAMES } from "./names";\n'
        f"export function go(client: any, db: any, i: any) {{ {before} {{ {use.replace('X', given)} }} }}\n"
    )
    package = '{"name": "x", "dependencies": {"drizzle-orm": "1"}}'
    folder = tree({"package.json": package, "schema.ts": schema, "names.ts": said, "use.ts": code})
    settings = Settings(roots=(str(folder),), jobs=1)
    report = analyze(settings)
    assert report == analyze(replace(settings, prefilter=False))
    assert [one.status == "orphaned" for one in report.verdicts] == [False, True]
