"""Files that could not be read whole: what they mention is at worst undetermined."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.model import Unresolved

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analyzer.link.world import Unit
    from analyzer.model import Table


def mentioned(units: Mapping[str, Unit], tables: tuple[Table, ...]) -> Iterator[Unresolved]:
    """Yield, for each file with a syntax error, the tables whose symbol or physical name its text holds."""
    for path, unit in sorted(units.items()):
        if not unit.facts.faults or unit.role == "generated":
            continue
        words = set(unit.facts.words)
        found = sorted(
            table.id
            for table in tables
            if table.kind != "enum" and table.file != path and (table.symbol in words or (table.name or "") in words)
        )
        if found:
            fault = unit.facts.faults[0]
            yield Unresolved(
                path, fault.site, "the file cannot be parsed whole and mentions the table", unit.role, tuple(found)
            )
