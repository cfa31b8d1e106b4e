"""What the reports of `drift` share: differences by what they are about, and in words."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from analyzer.model import Difference, Drift, Location, PhysicalSchema

SAME = "="
ABSENT = "no table"
UNKNOWN = "?"
_ORDER = (
    "CREATE SCHEMA",
    "CREATE TYPE",
    "ALTER TYPE",
    "CREATE TABLE",
    "RENAME COLUMN",
    "DROP CONSTRAINT",
    "ADD COLUMN",
    "",
    "ADD CONSTRAINT",
    "INDEX",
)


class Row(Struct, frozen=True):
    """One difference of one or several sources: its rule, what it is about, the left side's value, and each source's."""

    rule: str
    severity: str
    label: str
    expected: str
    actual: tuple[str, ...]
    right: str | None


class Block(Struct, frozen=True):
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
        found[_group(_root(one, by_key))].append(one)
    made = [_block(drift, title, some) for title, some in found.items()]
    return tuple(sorted(made, key=lambda block: not any(row.severity == "error" for row in block.rows)))


def _root(one: Difference, by_key: dict[tuple[str, tuple[str, ...]], Difference]) -> Difference:
    return by_key.get((one.source, one.cause), one) if one.cause else one


def _group(one: Difference) -> str:
    """Return the block that a difference stands in: tables that one side alone has stand together."""
    return {"TT201": "Tables that are missing", "TT202": "Tables that are not declared"}.get(one.rule) or _title(one)


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
    sources = {source.source for source in drift.actual}
    for one in some:
        if one.cause is None and one.source in sources:
            rows[one.key].append(one)
    notes = [f"{one.source}: {text}" for one in some for text in one.breaks if one.cause is None]
    notes += [f"{one.source}: {one.note}" for one in some if one.note and one.cause is None]
    notes += [
        f"{one.source}: declared in a file that drizzle.config does not name" for one in some if one.rule == "TT221"
    ]
    notes += [f"{one.source}: so the {label(one)} is {one.kind} too" for one in some if one.cause]
    first = min(some, key=lambda one: one.cause is not None)
    table = drift.expected.table(first.schema, first.expected or "" if first.rule == "TT203" else first.table or "")
    alike = len({one.subject for one in some if one.cause is None}) == 1
    place = None if not alike else table.place if table else next((one.place for one in some if one.place), None)
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
    cells = tuple(values.get(source.source) or _unchanged(drift, source, first) for source in drift.actual)
    return Row(first.rule, first.severity, label(first), _expected(first), cells, first.right)


def _unchanged(drift: Drift, source: PhysicalSchema, one: Difference) -> str:
    """Return what to show for a source without this difference: the same, not known, or no table to have it."""
    if (source.source, one.key) in drift.undecided:
        return UNKNOWN
    gone = one.table is not None and one.kind != "duplicate" and source.table(one.schema, one.table) is None
    return ABSENT if gone and one.object not in {"table", "view"} else SAME


def _expected(one: Difference) -> str:
    if one.kind == "unexpected" or (one.kind == "duplicate" and one.expected != one.subject):
        return "not there"
    if one.kind == "duplicate" or one.rule == "TT201":
        return f"{one.place.file}:{one.place.line}" if one.place else "there"
    if one.object == "enum" and one.kind == "changed":
        return f"{len((one.expected or '').split(', '))} values"
    return one.expected or "none"


def _actual(one: Difference) -> str:
    if one.object == "enum" and one.kind == "changed":
        return _values(one)
    if one.kind == "missing":
        return "missing"
    if one.kind == "duplicate" and one.expected == one.subject:
        return "not there"
    if one.object in {"table", "view", "schema"} and one.kind != "changed":
        return "there"
    return one.actual or "none"


def _values(one: Difference) -> str:
    """Return what an enum lacks and has more, in words."""
    left, right = (one.expected or "").split(", "), (one.actual or "").split(", ")
    lacks, more = [value for value in left if value not in right], [value for value in right if value not in left]
    parts = [f"without {', '.join(lacks)}"] * bool(lacks) + [f"also {', '.join(more)}"] * bool(more)
    return "; ".join(parts) or "in another order"


def label(one: Difference) -> str:
    """Return what a difference is about, in words: `id: type`, `foreign key a_b_fk: on delete`."""
    words = one.object.replace("-", " ")
    name = one.column if one.object == "column" else one.name or ""
    if one.object == "schema":
        name = one.schema or ""
    if one.object in {"table", "view"}:
        name = one.subject if one.rule in {"TT201", "TT202"} else ""
    subject = " ".join(part for part in (words, name) if part)
    return f"{subject}: {one.attribute}" if one.attribute else subject


def statements(drift: Drift, source: str) -> tuple[str, ...]:
    """Return the statements that would mend a source, each once: what others need comes first."""
    found = dict.fromkeys(text for one in drift.differences if one.source == source for text in one.mend)
    return tuple(sorted(found, key=_rank))


def _rank(text: str) -> int:
    """Return when a statement has its turn: types, tables, columns, then what stands on them; foreign keys after keys."""
    if "FOREIGN KEY" in text and text.startswith("ALTER"):
        return len(_ORDER)
    return next((place for place, words in enumerate(_ORDER) if words and words in text), _ORDER.index(""))


def plans(drift: Drift) -> tuple[str, ...]:
    """Return the sources that differ and are plans of a database, other than code: a new migration mends them."""
    differing = {one.source for one in drift.differences}
    found = [one for one in drift.actual if not one.runs and not any(table.symbol for table in one.tables)]
    return tuple(one.source for one in found if one.source in differing)


def heading(drift: Drift) -> str:
    """Return what was compared, in one line."""
    parts = []
    for one in (drift.expected, *drift.actual):
        kind = f"{one.dialect} {one.version}" if one.version else one.dialect
        count = len([table for table in (*one.tables, *one.outside) if table.kind == "table"])
        parts.append(f"{one.source} ({kind}, {count:,} table{'' if count == 1 else 's'})")
    return f"{parts[0]} beside {', '.join(parts[1:])}"


def summary(drift: Drift) -> str:
    """Return the counts, in one line."""
    roots = [one for one in drift.differences if one.cause is None]
    if not roots:
        return "No drift."
    issues = {(_title(one), one.source) for one in roots}
    parts = [f"{len(issues)} issue{'' if len(issues) == 1 else 's'}"]
    for severity in ("error", "warning"):
        count = len([one for one in roots if one.severity == severity])
        if count:
            parts.append(f"{count} {severity}{'' if count == 1 else 's'}")
    followers = len(drift.differences) - len(roots)
    if followers:
        parts.append(f"{followers} that follow{'s' if followers == 1 else ''} from them")
    return " · ".join(parts)
