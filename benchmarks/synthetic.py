"""Write code bases of any size, in the shape of real ones: `python benchmarks/synthetic.py FOLDER --files 1000 --tables 50`.

One file in six reaches a table (services, routers, jobs), one in twenty names one in SQL or by a key; the rest is interface,
helpers and tests that import one another. Every eleventh table is used by nothing. The same numbers give the same bytes.
With `--repositories` a fleet: as many repositories on one database, each with tables of its own, that import a shared package,
and name one another's tables in SQL; and its FLEET.toml.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

PER_SCHEMA = 25
UNUSED_EVERY = 11
NOUNS = [
    "order",
    "invoice",
    "parcel",
    "vessel",
    "berth",
    "crane",
    "tariff",
    "pilot",
    "cargo",
    "buoy",
    "ledger",
    "permit",
    "crew",
    "anchor",
    "signal",
    "hull",
    "tide",
    "chart",
    "locker",
    "winch",
]


def main() -> None:
    """Write what was asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--tables", type=int, default=50)
    parser.add_argument("--repositories", type=int, default=0)
    asked = parser.parse_args()
    if asked.repositories:
        fleet(asked.folder, asked.repositories, asked.files, asked.tables)
    else:
        repository(asked.folder, asked.files, asked.tables)


def fleet(folder: Path, repositories: int, files: int, tables: int) -> None:
    """Write a fleet: a repository that holds a shared package, and others that import it and have tables of their own."""
    names = ["core", *(f"service{number}" for number in range(1, repositories))]
    for number, name in enumerate(names):
        repository(folder / name, files, tables, seed=number, name=name, others=names)
    entries = (f'[[repository]]\npath = "{name}"\nprefix = "{name}_"\n' for name in names)
    (folder / "FLEET.toml").write_text("\n".join(entries), "utf8")


def repository(
    folder: Path, files: int, tables: int, *, seed: int = 0, name: str = "app", others: list[str] | None = None
) -> None:
    """Write one code base with about as many files and just as many tables."""
    rng = random.Random(seed)
    symbols = [f"{NOUNS[number % len(NOUNS)]}s{number}" for number in range(tables)]
    used = [symbol for number, symbol in enumerate(symbols) if number % UNUSED_EVERY != UNUSED_EVERY - 1]
    written = {"package.json": f'{{"name": "@harbour/{name}", "exports": "./src/db/schema/index.ts"}}\n'}
    schemas = [symbols[start : start + PER_SCHEMA] for start in range(0, tables, PER_SCHEMA)]
    for number, part in enumerate(schemas):
        written[f"src/db/schema/part{number}.ts"] = _schema(part, name)
    written["src/db/schema/index.ts"] = "".join(f'export * from "./part{number}";\n' for number in range(len(schemas)))
    written["src/db/index.ts"] = _CLIENT
    services = max(files // 8, 1)
    for number in range(services):
        own = [used[(number * 3 + step) % len(used)] for step in range(3)]
        written[f"src/services/area{number % 40}/service{number}.ts"] = _service(own, number, rng, name, others or [])
        if number % 3 == 0:
            written[f"src/routers/router{number}.ts"] = _router(number)
    left = files - len(written)
    for number in range(left):
        kind = number % 5
        if kind == 4:
            written[f"src/lib/group{number % 60}/helper{number}.ts"] = _helper(number, rng)
        else:
            written[f"src/components/group{number % 90}/view{number}.tsx"] = _view(number, left, rng)
    for path, text in written.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf8")


_CLIENT = """import { drizzle } from "drizzle-orm/node-postgres";
import * as schema from "./schema";

export const db = drizzle(process.env.DATABASE_URL!, { schema });
"""


def _schema(symbols: list[str], prefix: str) -> str:
    tables = "".join(
        f"""
export const {symbol} = pgTable("{prefix}_{symbol}", {{
  id: uuid("id").defaultRandom().primaryKey(),
  name: varchar("name", {{ length: 255 }}).notNull(),
  amount: integer("amount").default(0),
  ownerId: uuid("owner_id").notNull(),
  createdAt: timestamp("created_at", {{ withTimezone: true }}).defaultNow(),
}});
"""
        for symbol in symbols
    )
    return f'import {{ integer, pgTable, timestamp, uuid, varchar }} from "drizzle-orm/pg-core";\n{tables}'


def _service(symbols: list[str], number: int, rng: random.Random, name: str, others: list[str]) -> str:
    first, second, third = (*symbols, *symbols, *symbols)[:3]
    lines = [
        'import { and, eq, desc } from "drizzle-orm";',
        'import { db } from "../../db";',
        f'import {{ {", ".join(sorted(set(symbols)))} }} from "../../db/schema";',
        "",
        f"export class Service{number} {{",
        "  async list(owner: string, limit = 20) {",
        f"    const rows = await db.select().from({first}).where(eq({first}.ownerId, owner)).orderBy(desc({first}.createdAt)).limit(limit);",
        "    return rows.map((row) => ({ ...row, label: `${row.name} (${row.amount ?? 0})` }));",
        "  }",
        "",
        "  async add(name: string, ownerId: string) {",
        f"    const [made] = await db.insert({second}).values({{ name, ownerId }}).returning();",
        f"    if (!made) throw new Error('not made in {number}');",
        "    return made;",
        "  }",
        "",
        "  async settle(id: string, amount: number) {",
        f"    return db.update({third}).set({{ amount }}).where(and(eq({third}.id, id), eq({third}.amount, 0)));",
        "  }",
        "}",
    ]
    if number % 5 == 0:
        lines += [
            "",
            "export const newest = () =>",
            f"  db.query.{first}.findMany({{ limit: 5, orderBy: {first}.createdAt }});",
        ]
    if others and number % 7 == 0:
        other = others[(number // 7 + 1) % len(others)]
        lines += ["", "export const count = (client: { query(text: string): Promise<unknown> }) =>"]
        lines += [f'  client.query("select count(*) from {other}_{first} where amount > {rng.randrange(9)}");']
    if others and name != others[0] and number % 11 == 0:
        lines.insert(2, f'import {{ {first} as shared }} from "@harbour/{others[0]}";')
        lines += ["", "export const shares = () => db.select().from(shared);"]
    return "\n".join(lines) + "\n" + _padding(rng, 4)


def _router(number: int) -> str:
    return f"""import {{ Service{number} }} from "../services/area{number % 40}/service{number}";

const service = new Service{number}();

export const router{number} = {{
  list: (input: {{ owner: string }}) => service.list(input.owner),
  add: (input: {{ name: string; owner: string }}) => service.add(input.name, input.owner),
}};
"""


def _helper(number: int, rng: random.Random) -> str:
    return f"export const step{number} = {rng.randrange(100)};\n" + _padding(rng, 12)


def _view(number: int, total: int, rng: random.Random) -> str:
    other = rng.randrange(total) // 5 * 5
    lines = [
        'import { useMemo, useState } from "react";',
        f'import {{ View{other} }} from "../group{other % 90}/view{other}";' if other != number else "",
        "",
        "type Props = { title: string; items: string[]; onPick?: (item: string) => void };",
        "",
        f"export function View{number}({{ title, items, onPick }}: Props) {{",
        '  const [query, setQuery] = useState("");',
        "  const shown = useMemo(() => items.filter((item) => item.includes(query)), [items, query]);",
        "  return (",
        '    <section className="rounded border p-4">',
        "      <h2>{title}</h2>",
        '      <input value={query} onChange={(event) => setQuery(event.target.value)} placeholder="Find" />',
        "      {shown.map((item) => (",
        "        <button key={item} onClick={() => onPick?.(item)}>{item}</button>",
        "      ))}",
        f'      <View{other} title="more" items={{shown}} />' if other != number else "",
        "    </section>",
        "  );",
        "}",
    ]
    return "\n".join(lines) + "\n" + _padding(rng, 6)


def _padding(rng: random.Random, functions: int) -> str:
    """Return functions that have nothing to do with tables."""
    written = []
    for index in range(functions):
        noun, factor = rng.choice(NOUNS), rng.randrange(2, 90)
        written.append(
            f"""
export function {noun}Of{index}(values: number[], label: string) {{
  const total = values.reduce((sum, value) => sum + value * {factor}, 0);
  if (total > {factor * 100}) {{
    console.log(`${{label}} is above ${{total}}`);
    return {{ label, total, items: values.filter((value) => value % {factor} === 0) }};
  }}
  return {{ label, total, items: [] as number[] }};
}}
"""
        )
    return "".join(written)


if __name__ == "__main__":
    main()
