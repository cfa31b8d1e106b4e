"""The first status that applies, and the reason."""

from __future__ import annotations

import pytest

from analyzer.model import Action, Certainty, Role, Site, Unresolved, Usage
from analyzer.verdicts import crud, status_of


def usage(action: Action, role: Role = "production", certainty: Certainty = "proven", evidence: str = "") -> Usage:
    return Usage("t", None, action, certainty, role, "", "a.ts", Site(1, 1), evidence)


def doubt(role: Role = "production") -> Unresolved:
    return Unresolved("b.ts", Site(2, 1), "a key computed at run time", role, ("t",))


@pytest.mark.parametrize(
    ("usages", "doubts", "status", "reason"),
    [
        ([], [], "orphaned", "nothing refers to it"),
        ([usage("read")], [doubt()], "used", "read in a.ts:1"),
        ([usage("read", "test")], [doubt()], "undetermined", "a key computed at run time (b.ts:2)"),
        ([usage("read", "test")], [doubt("test")], "dev-only", "only in tests: a.ts:1"),
        ([usage("type"), usage("relation")], [], "type-only", "only its type is used, in a.ts:1"),
        ([usage("relation"), usage("foreign-key")], [], "schema-only", "only in foreign keys and relations"),
        ([usage("iterate", certainty="possible")], [], "orphaned", "nothing refers to it"),
        ([usage("pass", certainty="possible", evidence="f")], [], "undetermined", "its name stands in a.ts:1 (f)"),
        ([usage("sql", evidence="ddl")], [], "schema-only", "only in DDL"),
        ([usage("read", "generated")], [], "orphaned", "nothing refers to it"),
        ([usage("sql", certainty="named")], [], "used", "sql in a.ts:1"),
    ],
)
def test_status(usages: list[Usage], doubts: list[Unresolved], status: str, reason: str) -> None:
    assert status_of(usages, doubts) == (status, reason)


def test_letters_say_what_is_done_to_rows() -> None:
    assert crud([usage("delete"), usage("insert"), usage("pass"), usage("update", "generated")]) == "CD"
