"""Of a file that only holds the name of a table as a string, the string is found as if the whole had been read."""

from __future__ import annotations

import pytest

from analyzer.extract import extract
from analyzer.extract.bare import bare
from analyzer.model import FileFacts, Place, Spellings

TABLES = Spellings(names=frozenset({("", "users"), ("", "app_users"), ("public", "teams")}))


def _around(facts: FileFacts) -> list[tuple[object, ...]]:
    """Return each text that names a table, with all that stands around it."""
    found: list[tuple[object, ...]] = []
    for text in facts.texts:
        chain: list[Place] = []
        index = text.place
        while index >= 0:
            chain.append(facts.places[index])
            index = chain[-1].parent
        kinds = tuple((one.kind, one.name.partition("@")[0], one.literal) for one in chain)
        called = text.call.last if text.call is not None else None
        if TABLES.is_name(text.parts[0]) or called == "select":
            found.append((text.parts, text.sites, text.by, called, kinds))
    return found


@pytest.mark.parametrize(
    "code",
    [
        b'export const send = (c: any) => { const a = 1; function inner() { c.from("users"); } return { table: "users" }; };',
        b'class Repo { static tableName = "users"; find() { return this.c.from("users"); } }',
        b'const list = ["app_users", "other"]; call("x", "app_users"); const t = `${a ? "app_users" : "x"}`;',
        b'c.from("x").select("id, users(name)"); c.selectFrom(["users as u"]);',
        b'send({ table: "public.teams", of: [{ deep: { tableName: "users" } }] }); type T = "app_users";',
        b'switch (x) { case "app_users": run(() => ({ "app_users": 1 })); } throw new Error("users");',
        b'export const Page = () => <Table name="app_users" rows={get("app_users", { table: "users" })} />;',
    ],
)
def test_what_stands_around_a_name_is_the_same(code: bytes) -> None:
    whole, part = extract(code, "tsx"), bare(code, "tsx", TABLES)
    assert _around(part) == _around(whole)
    assert _around(part) or b"throw" in code
    assert not part.references
    assert not part.bindings


def test_what_cannot_be_parsed_is_told_with_its_words() -> None:
    code = b'export const a = (; send({ table: "users" });'
    whole, part = extract(code, "ts"), bare(code, "ts", TABLES)
    assert part.faults
    assert (part.faults, part.words) == (whole.faults, whole.words)


def test_what_is_no_text_at_all_is_told() -> None:
    assert bare(b"\xff\xff\x00\x00\x00\x00 'users'", "ts", TABLES).faults
