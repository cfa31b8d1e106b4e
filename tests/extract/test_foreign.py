"""What is imported from packages of others is left out, but for names that a query is given."""

from __future__ import annotations

from analyzer.extract import extract

CODE = b"""
import { z } from "zod";
import { tools } from "tools";
import { db } from "./db";
export function all() {
  const parsed = z.object(tools.shape);
  db.insert(tools.users).values(parsed);
  return db;
}
"""


def test_mentions_of_foreign_imports_are_left_out() -> None:
    every = extract(CODE, "ts").references
    some = extract(CODE, "ts", frozenset({"zod", "tools"})).references
    assert {one.id for one in every} >= {"z", "tools", "db"}
    assert [(one.id, one.path) for one in some if one.id in {"z", "tools"}] == [("tools", ("users",))]
    assert [one.site for one in every if one.id == "db"] == [one.site for one in some if one.id == "db"]


def test_what_is_made_of_foreign_imports_is_left_out() -> None:
    assert "parsed@" in " ".join(one.id for one in extract(CODE, "ts").bindings)
    assert "parsed@" in " ".join(one.id for one in extract(CODE, "ts", frozenset({"zod"})).bindings)
    plain = CODE.replace(b".values(parsed)", b"").replace(b"tools.shape", b"")
    assert "parsed@" not in " ".join(one.id for one in extract(plain, "ts", frozenset({"zod"})).bindings)
