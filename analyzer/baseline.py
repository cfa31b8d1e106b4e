"""Findings that are known and accepted: a JSON file, sorted, by rule, table and file, never by line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from analyzer.model import AnalyzerError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from analyzer.model import Report


class Entry(Struct, frozen=True, order=True):
    """A finding by what it is about, with the reason why it was accepted."""

    rule: str
    table: str
    file: str
    reason: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes two findings the same."""
        return self.rule, self.table, self.file


class Comparison(Struct, frozen=True):
    """Findings beside a baseline: those it does not hold, and entries that no finding needs any more."""

    new: tuple[Entry, ...]
    known: tuple[Entry, ...]
    stale: tuple[Entry, ...]


def findings(report: Report) -> tuple[Entry, ...]:
    """Return the findings of a report that fail a run, sorted."""
    return tuple(sorted({Entry(one.rule, one.name, one.file) for one in report.findings if one.severity == "error"}))


def compare(found: Iterable[Entry], held: Iterable[Entry]) -> Comparison:
    """Compare findings with the entries of a baseline.

    >>> compare([Entry("TT001", "metric", "schema.ts")], []).new
    (Entry(rule='TT001', table='metric', file='schema.ts', reason=''),)
    """
    found, held = tuple(found), tuple(held)
    keys, wanted = {entry.key for entry in held}, {entry.key for entry in found}
    return Comparison(
        new=tuple(entry for entry in found if entry.key not in keys),
        known=tuple(entry for entry in held if entry.key in wanted),
        stale=tuple(entry for entry in held if entry.key not in wanted),
    )


def read(path: Path) -> tuple[Entry, ...]:
    """Read a baseline; a missing or malformed one is an `AnalyzerError`."""
    try:
        data = json.loads(path.read_text("utf8"))
    except FileNotFoundError:
        raise AnalyzerError(
            f"The baseline {path.name} does not exist: make it with `tabletrace check --update-baseline`."
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise AnalyzerError(
            f"The baseline {path.name} cannot be read ({error}): mend it, or remove it and make it anew with --update-baseline."
        ) from None
    entries = data.get("findings") if isinstance(data, dict) else None
    if not isinstance(entries, list) or not all(_is_entry(entry) for entry in entries):
        raise AnalyzerError(
            f"The baseline {path.name} is malformed (each finding needs the strings rule, table and file): mend it, or remove it and make it anew with --update-baseline."
        )
    return tuple(sorted(Entry(one["rule"], one["table"], one["file"], one.get("reason", "")) for one in entries))


def _is_entry(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("reason", ""), str)
        and all(isinstance(entry.get(key, ""), str) and key in entry for key in ("rule", "table", "file"))
    )


def written(found: Iterable[Entry], held: Iterable[Entry]) -> str:
    """Return the text of a baseline for some findings; reasons that were given stay."""
    reasons = {entry.key: entry.reason for entry in held}
    rows = [
        {
            "rule": one.rule,
            "table": one.table,
            "file": one.file,
            **({"reason": reason} if (reason := reasons.get(one.key)) else {}),
        }
        for one in sorted(found)
    ]
    return json.dumps({"version": 1, "findings": rows}, indent=2, ensure_ascii=False) + "\n"
