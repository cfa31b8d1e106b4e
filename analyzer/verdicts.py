"""What is said of each table, and because of what."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from analyzer.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analyzer.model import Linked, Settings, Status, Table, Unresolved, Usage

_HANDED_ON = {"sql", "pass", "read"}
_STRUCTURAL = {"relation", "foreign-key", "register"}
_LETTERS = {"insert": "C", "read": "R", "update": "U", "delete": "D"}


def judge(linked: Linked, reached: frozenset[str], settings: Settings) -> tuple[Verdict, ...]:
    """Return a verdict for every table of the schema, in the schema's order."""
    usages: dict[str, list[Usage]] = defaultdict(list)
    for usage in linked.usages:
        usages[usage.table].append(usage)
    doubts: dict[str, list[Unresolved]] = defaultdict(list)
    for unresolved in linked.unresolved:
        for table in unresolved.tables:
            doubts[table].append(unresolved)
    kept = {rule.table: rule.reason for rule in settings.keep}
    return tuple(_verdict(table, usages[table.id], doubts[table.id], kept, reached) for table in linked.tables)


def _verdict(
    table: Table, usages: list[Usage], doubts: list[Unresolved], kept: dict[str, str], reached: frozenset[str]
) -> Verdict:
    keep = (
        table.keep
        if table.keep is not None
        else kept.get(table.symbol, kept.get(table.physical or "", kept.get(table.name or "")))
    )
    status, reason = status_of(usages, doubts)
    if keep is not None:
        status, reason = "kept", keep
    using = {usage.file for usage in usages if usage.is_use and usage.role == "production"}
    unreached = status == "used" and not using & reached
    return Verdict(table, status, reason, crud(usages), unreached, tuple(usages), tuple(doubts))


def status_of(usages: Iterable[Usage], doubts: Iterable[Unresolved]) -> tuple[Status, str]:
    """Return the first status that applies, and the reason in words."""
    usages, doubts = list(usages), list(doubts)
    certain = sorted((usage for usage in usages if usage.is_use), key=lambda usage: usage.column is not None)
    for usage in certain:
        if usage.role == "production":
            return "used", f"{usage.action} in {usage.file}:{usage.site.line}"
    for doubt in doubts:
        if doubt.role == "production":
            return "undetermined", f"{doubt.reason} ({doubt.file}:{doubt.site.line})"
    for usage in usages:
        if usage.role == "production" and usage.certainty == "possible" and usage.action in _HANDED_ON:
            return "undetermined", f"{_said(usage)} in {usage.file}:{usage.site.line} ({usage.evidence})"
    for usage in certain:
        if usage.role in {"test", "script"}:
            return "dev-only", f"only in {usage.role}s: {usage.file}:{usage.site.line}"
    return _unused(usages)


def _said(usage: Usage) -> str:
    return "a table of its name is used" if usage.evidence.startswith("through") else "its name stands"


def _unused(usages: list[Usage]) -> tuple[Status, str]:
    types = [usage for usage in usages if usage.action == "type"]
    if types:
        return "type-only", f"only its type is used, in {types[0].file}:{types[0].site.line}"
    structural = sorted({usage.action for usage in usages if usage.action in _STRUCTURAL})
    derived = [usage for usage in usages if usage.action == "derive"]
    defined = [usage for usage in usages if usage.evidence == "ddl"]
    if structural or derived or defined:
        names = {"relation": "relations", "foreign-key": "foreign keys", "register": "the drizzle() schema"}
        words = [names[action] for action in structural]
        words += (["derived schemas"] if derived else []) + (["DDL"] if defined else [])
        return "schema-only", f"only in {' and '.join(words)}"
    return "orphaned", "nothing refers to it"


def crud(usages: Iterable[Usage]) -> str:
    """Return the letters of what is done to the rows: create, read, update, delete."""
    done = {
        usage.statement or usage.action
        for usage in usages
        if usage.is_use and usage.role != "generated" and usage.column is None
    }
    return "".join(letter for action, letter in _LETTERS.items() if action in done)
