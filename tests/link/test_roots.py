"""Several roots are services of one database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.app import analyze
from analyzer.model import Settings

if TYPE_CHECKING:
    from pathlib import Path

HEAD = 'import { pgTable, text } from "drizzle-orm/pg-core";\n'
CONFIG = "export default { dbCredentials: { url: process.env.%s } };\n"


def _service(folder: Path, symbol: str, code: str) -> None:
    (folder / "src").mkdir(parents=True)
    (folder / "package.json").write_text(f'{{ "name": "{folder.name}" }}')
    (folder / "drizzle.config.ts").write_text(CONFIG % f"{folder.name.upper()}_URL")
    (folder / "src" / "schema.ts").write_text(
        f'{HEAD}export const {symbol} = pgTable("boats", {{ id: text("id") }});\n'
    )
    (folder / "src" / "index.ts").write_text(code)


def test_a_table_that_one_service_uses_is_used_by_all(tmp_path: Path) -> None:
    _service(tmp_path / "quay", "boats", "export const quay = 1;\n")
    use = 'import { ships } from "./schema";\nexport const all = (db) => db.select().from(ships);\n'
    _service(tmp_path / "fleet", "ships", use)
    alone = analyze(Settings(roots=(str(tmp_path / "quay"),)))
    assert [one.status for one in alone.judged] == ["orphaned"]
    together = analyze(Settings(roots=(str(tmp_path / "quay"), str(tmp_path / "fleet"))))
    assert {one.table.symbol: (one.status, one.unreached) for one in together.judged} == {
        "boats": ("used", False),
        "ships": ("used", False),
    }
    apart = analyze(Settings(roots=(str(tmp_path),)))
    assert {one.table.symbol: one.status for one in apart.judged} == {"boats": "orphaned", "ships": "used"}
