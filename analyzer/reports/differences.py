"""What the reports of `drift` share: differences by what they are about, and in words."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analyzer.model import Difference, Drift, Location

SAME = "="
STATEMENTS = ("schema", "enum", "table", "column", "primary-key", "unique", "foreign-key", "index", "check")


@dataclass(frozen=True)
class Row:
    """One difference of one or several sources: its rule, what it is about, the left side's value, and each source's."""

    rule: str
    severity: str
    label: str
    expected: str
    actual: tuple[str, ...]
    right: str | None


@dataclass(frozen=True)
class Block:
    """All that differs of one table, or of the schemas, or the enums; `sources` are those that have it otherwise."""

    title: str
    place: Location | None
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]


def blocks(drift: Drift) -> tuple[Block, ...]:
    """Return the differences of a run by what they are about, errors first; what follows from another stands with it."""
    by_key = {(one.source, one.key): one for one in drift.differences}
    found: dict[str, list[Difference]] = defaultdict(list)
    for one in drift.differences:
        found[_title(_root(one, by_key))].append(one)
    made = [_block(drift, title, some) for title, some in found.items()]
    return tuple(sorted(made, key=lambda block: not any(row.severity == "error" for row in block.rows)))


def _root(one: Difference, by_key: dict[tuple[str, tuple[str, ...]], Difference]) -> Difference:
    return by_key.get((one.source, one.cause), one) if one.cause else one


def _title(one: Difference) -> str:
    if one.object in {"schema", "enum"}:
        return {"schema": "Schemas", "enum": "Enums"}[one.object]
    if one.rule == "TT203":
        return f"{one.subject}, a duplicate of {twin(one)}"
    return one.subject


def twin(one: Difference) -> str | None:
    """Return the table that another is a duplicate of: on the other side, whichever that is."""
    return one.actual if one.expected == one.subject else one.expected


def _block(drift: Drift, title: str, some: list[Difference]) -> Block:
    rows: dict[tuple[str, ...], list[Difference]] = defaultdict(list)
    for one in some:
        if one.cause is None:
            rows[one.key].append(one)
    notes = [f"{one.source}: {text}" for one in some for text in one.breaks if one.cause is None]
    notes += [f"{one.source}: {one.note}" for one in some if one.note and one.cause is None]
    notes += [f"{one.source}: so the {label(one)} is {one.kind} too" for one in some if one.cause]
    first = min(some, key=lambda one: one.cause is not None)
    table = drift.expected.table(first.schema, first.expected or "" if first.rule == "TT203" else first.table or "")
    place = table.place if table else next((one.place for one in some if one.place), None)
    return Block(
        title,
        place,
        tuple(_row(drift, same) for same in rows.values()),
        tuple(dict.fromkeys(notes)),
        tuple(dict.fromkeys(one.source for one in some)),
    )


def _row(drift: Drift, same: list[Difference]) -> Row:
    first = same[0]
    values = {one.source: _actual(one) for one in same}
    cells = tuple(values.get(source.source, SAME) for source in drift.actual)
    return Row(first.rule, first.severity, label(first), _expected(first), cells, first.right)


def _expected(one: Difference) -> str:
    if one.kind == "unexpected" or (one.kind == "duplicate" and one.expected != one.subject):
        return "not there"
    if one.kind == "duplicate":
        return "there"
    return one.expected or "none"


def _actual(one: Difference) -> str:
    if one.kind == "missing":
        return "missing"
    if one.kind == "duplicate" and one.expected == one.subject:
        return "not there"
    if one.object in {"table", "view", "schema"} and one.kind != "changed":
        return "there"
    return one.actual or "none"


def label(one: Difference) -> str:
    """Return what a difference is about, in words: `id: type`, `foreign key a_b_fk: on delete`."""
    words = one.object.replace("-", " ")
    name = one.column if one.object == "column" else one.name or ""
    if one.object == "schema":
        name = one.schema or ""
    if one.object in {"table", "view"}:
        name = ""
    subject = " ".join(part for part in (words, name) if part)
    return f"{subject}: {one.attribute}" if one.attribute else subject


def statements(drift: Drift, source: str) -> tuple[str, ...]:
    """Return the statements that would mend a source, each once: what others need comes first."""
    found = [one for one in drift.differences if one.source == source and one.mend]
    found.sort(key=lambda one: STATEMENTS.index(one.object) if one.object in STATEMENTS else len(STATEMENTS))
    return tuple(dict.fromkeys(text for one in found for text in one.mend))


def heading(drift: Drift) -> str:
    """Return what was compared, in one line."""
    parts = []
    for one in (drift.expected, *drift.actual):
        kind = f"{one.dialect} {one.version}" if one.version else one.dialect
        count = len([table for table in one.tables if table.kind == "table"])
        parts.append(f"{one.source} ({kind}, {count:,} table{'' if count == 1 else 's'})")
    return f"{parts[0]} beside {', '.join(parts[1:])}"


def summary(drift: Drift) -> str:
    """Return the counts, in one line."""
    roots = [one for one in drift.differences if one.cause is None]
    if not roots:
        return "No drift."
    issues = {(block.title, source) for block in blocks(drift) for source in block.sources}
    parts = [f"{len(issues)} issue{'' if len(issues) == 1 else 's'}"]
    for severity in ("error", "warning"):
        count = len([one for one in roots if one.severity == severity])
        if count:
            parts.append(f"{count} {severity}{'' if count == 1 else 's'}")
    followers = len(drift.differences) - len(roots)
    if followers:
        parts.append(f"{followers} that follow{'s' if followers == 1 else ''} from them")
    return " · ".join(parts)
