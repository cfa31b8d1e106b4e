"""Tables that are used through something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.app import analyze
from analyzer.model import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCHEMA = """
import { relations } from "drizzle-orm";
import { pgTable, text } from "drizzle-orm/pg-core";
export const owners = pgTable("owners", { id: text("id") });
export const pets = pgTable("pets", { id: text("id"), ownerId: text("owner_id") });
export const petRelations = relations(pets, ({ one }) => ({ owner: one(owners, { fields: [pets.ownerId], references: [owners.id] }) }));
"""
TWIN = """
import { pgTable, text } from "drizzle-orm/pg-core";
export const owner = pgTable("owners", { id: text("id") });
"""
QUERIES = """
import { drizzle } from "drizzle-orm/node-postgres";
import * as schema from "./schema";
export const db = drizzle("url", { schema });
""" + "".join(
    f"export const query{n} = () => db.query.pets.findMany({{ with: {{ owner: true }} }});\n" for n in range(30)
)


def test_what_reads_whole_rows_reads_those_of_a_table_declared_again(tree: Callable[..., Path]) -> None:
    """Two usages stand at each place: of the row, and of the column that joins it. Whichever comes first, the row is read."""
    folder = tree({"src/schema.ts": SCHEMA, "src/again.ts": TWIN, "src/queries.ts": QUERIES})
    report = analyze(Settings(roots=(str(folder),), jobs=1))
    [twin] = [one for one in report.verdicts if one.table.file == "src/again.ts"]
    through = [usage for usage in twin.usages if usage.evidence.startswith("through declared again")]
    assert len(through) == 30
    assert all(usage.whole_row for usage in through)
