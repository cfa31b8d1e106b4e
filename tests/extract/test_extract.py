"""What the text of one file says."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given, settings, strategies

from analyzer.extract import extract, script
from analyzer.model import FileFacts, Reference, Site


def facts(text: str, language: str = "ts") -> FileFacts:
    return extract(text.encode(), language)  # type: ignore[arg-type]


def bound(found: FileFacts) -> list[Reference]:
    """Return the references to names that are bound in the file."""
    names = {one.local for one in found.imports} | {one.id for one in found.bindings}
    return [one for one in found.references if one.id in names]


def said(text: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return each reference to a bound name as name and members."""
    return [(one.id.partition("@")[0], one.path) for one in bound(facts(text))]


HEAD = 'import { users } from "./schema"; import * as schema from "./schema";\n'


@pytest.mark.parametrize(
    ("text", "references"),
    [
        ("use(users);", [("users", ())]),
        ("const f = (users) => use(users);", []),
        ("function f({ a: users }) { use(users); }", []),
        ("function f() { const users = fetch(); use(users); } use(users);", [("users", ())]),
        ("{ let users; use(users); } use(users)", [("users", ())]),
        ("function f() { if (a) { var users = 1; } use(users); }", []),
        ("try { a(); } catch (users) { use(users); }", []),
        ("for (const users of localStorage) use(users);", []),
        ("function f() { class users {} use(users); }", []),
        ("const row = { users: 1 }; row.users;", [("row", ("users",))]),
        ("const row = { users };", [("users", ())]),
        ("schema.users.id;", [("schema", ("users", "id"))]),
        ('schema["users"].id;', [("schema", ("users", "id"))]),
        ("(schema as any)!.users;", [("schema", ("users",))]),
        ("schema[key].id;", [("schema", ("[]", "id"))]),
        ("// use(users)\n/* users */ 'users';", []),
        ("type T = typeof users;", [("users", ())]),
        ("export { users };", []),
        ("function f(a = users) { const users = 1; }", [("users", ())]),
        ("const { users: other } = schema; use(other.id);", [("schema", ()), ("other", ("id",))]),
        ("switch (a) { case 1: { const users = 2; use(users); } }", []),
        ("const g = function users() { use(users); };", []),
    ],
)
def test_shadowing_ends_here(text: str, references: list[tuple[str, tuple[str, ...]]]) -> None:
    assert said(HEAD + text) == references


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("export const r = router({ list: p.query(async () => { use(users); }) });", "r.list"),
        ("class S { async find() { use(users); } }", "S.find"),
        ("class S { table = users; }", "S.table"),
        ("export default function Page() { use(users); }", "Page"),
        ("const f = () => { const g = () => use(users); };", "f"),
        ("export async function GET() { use(users); }", "GET"),
        ("use(users);", ""),
        ('app.get("/x", async (c) => { use(users); });', "GET /x"),
        ("const api = { a: { b: () => use(users) } };", "api.a.b"),
    ],
)
def test_by(text: str, by: str) -> None:
    assert [one.by for one in bound(facts(HEAD + text))] == [by]


@pytest.mark.parametrize(
    "text",
    [
        'export type * from "./a";\nexport const a = 1;',
        "const a = <p>Terms & Conditions</p>;",
        'const a = <a href="x?a=1&b=2">A & B</a>;',
        'const m = await load<typeof import("./a")>();',
        "const a = sql<{ id: string } | null>`select ${b}`;",
        'type A = B | import("x").C<D>;',
    ],
)
def test_gaps_of_the_grammar_are_mended(text: str) -> None:
    assert facts(text, "tsx").faults == ()


def test_a_template_keeps_its_tag_behind_type_arguments() -> None:
    (text,) = facts("db.execute(sql<Row[]>`select * from ${users}`);").texts
    assert text.tag is not None
    assert text.tag.last == "sql"
    assert text.parts == ("select * from ", "")


def test_a_syntax_error_is_a_fault_with_the_words_around() -> None:
    found = facts("import { users } from './schema';\nconst = = users;\n")
    assert [fault.reason.partition(":")[0] for fault in found.faults][:1] == ["syntax error"]
    assert "users" in found.words


def test_sites_count_characters() -> None:
    (reference,) = bound(facts(HEAD + 'const é = "日本"; use(users);'))
    assert reference.site == Site(2, 21)


def test_a_name_that_is_bound_nowhere_is_read_too() -> None:
    found = facts("export default () => handle(tables.users);").references
    assert [(one.id, one.path) for one in found] == [("handle", ()), ("tables", ("users",))]


def test_the_parameter_of_a_type_of_a_function_is_no_reference() -> None:
    assert said("import { users } from './schema'; type F = (users: string) => void;") == []


def test_component_files_keep_their_offsets() -> None:
    text = '<template>\n<p>users</p>\n</template>\n<script setup lang="ts">\nimport { users } from "./schema";\nuse(users);\n</script>\n'
    blanked = script(text.encode())
    assert len(blanked) == len(text)
    (reference,) = bound(extract(text.encode(), "vue"))
    assert reference.site == Site(6, 5)


def test_facts_hold_no_path_and_can_be_sent_to_another_process() -> None:
    found = facts(HEAD + "use(users);")
    assert pickle.loads(pickle.dumps(found)) == found


@settings(max_examples=60, deadline=None)
@given(strategies.binary(max_size=400))
def test_any_bytes_give_facts(data: bytes) -> None:
    for language in ("ts", "tsx", "vue", "sql"):
        assert isinstance(extract(data, language), FileFacts)  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(strategies.integers(0, 600), strategies.integers(0, 40))
def test_a_torn_file_gives_facts(start: int, length: int) -> None:
    text = (HEAD + "export const r = router({ list: p.query(async ({ ctx }) => ctx.db.select().from(users)) });\n") * 3
    torn = text[:start] + text[start + length :]
    assert isinstance(facts(torn, "tsx"), FileFacts)


def test_a_type_before_a_value_is_read_where_there_is_no_jsx() -> None:
    """The grammar with JSX cannot: https://www.typescriptlang.org/docs/handbook/jsx.html#the-as-operator."""
    code = b'import { users } from "./schema";\nconst rows = <Rows>users;\ndb.insert(rows);\n'
    facts = extract(code, "ts")
    assert facts.faults == ()
    assert [one.site for one in facts.references if one.id == "users"] == [Site(2, 20)]
    assert extract(code, "tsx").faults != ()


def test_what_only_looks_like_an_element_is_none_where_there_is_no_jsx() -> None:
    code = b'import { users } from "./schema";\nexport let z = <any>users</any>/g;\n'
    assert [one.site for one in extract(code, "ts").references if one.id == "users"] == [Site(2, 21)]


def test_columns_count_characters_on_lines_that_are_not_ascii() -> None:
    code = 'import { users } from "./schema";\nconst a = "é€😀"; users; /* ü */ users;\n'.encode()
    sites = [one.site for one in extract(code, "ts").references if one.id == "users"]
    line = code.decode().splitlines()[1]
    assert sites == [Site(2, line.index("users") + 1), Site(2, line.rindex("users") + 1)]
