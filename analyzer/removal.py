"""What is safe to drop: the code's verdict joined with what databases say, as an advice, and as a plan.

Four words: *drop* — nothing is in it, nothing needs it, nothing reads it; *archive first* — it has rows; *keep* — something
depends on it, or it is being read or changed: the code does not, so who does?; *look* — that cannot be told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.model import STAYING, Advised, Evidence, Plan, Removal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analyzer.model import Dependent, Report, Table, Verdict

FRESH_HOURS = 24
Key = tuple[str | None, str]


def advised(evidence: Evidence, unused: frozenset[Key]) -> Advised:
    """Return what one database's evidence advises; `unused` are the tables that may go along with it."""
    if not evidence.present:
        if evidence.note:
            return Advised(evidence, "look", (evidence.note,))
        return Advised(evidence, "drop", (f"{evidence.source} does not have it: only its declaration is left",))
    needed = tuple(_needed(evidence, unused))
    used = tuple(_used(evidence))
    if needed or used:
        return Advised(evidence, "keep", (*needed, *used))
    unclear = tuple(_unclear(evidence))
    if unclear:
        return Advised(evidence, "look", unclear)
    since = f" since {evidence.since[:10]}" if evidence.since else ""
    quiet = f"nothing reads or changes it{since}, and nothing needs it"
    if evidence.rows:
        came = f"; {evidence.inserts:,} were inserted{since}: by a restore, or by whom?" if evidence.inserts else ""
        return Advised(evidence, "archive first", (f"it has {_count(evidence)}{came}", quiet))
    return Advised(evidence, "drop", ("it is empty", quiet))


def _count(evidence: Evidence) -> str:
    about = "" if evidence.exact else "about "
    return f"{about}{evidence.rows:,} row{'' if evidence.rows == 1 else 's'}"


def _needed(evidence: Evidence, unused: frozenset[Key]) -> Iterator[str]:
    """Yield what depends on a table and does not go with it."""
    for one in evidence.needs:
        own = one.note in {"of the table itself", "publishes all tables"}
        own = own or (one.kind == "trigger" and not one.note.startswith("of "))
        goes_along = one.kind == "foreign-key" and (one.schema, one.note) in unused
        if not own and not goes_along:
            yield f"{described(one)} needs it"


def described(one: Dependent) -> str:
    """Return what depends on a table, in words."""
    name = f"{one.schema}.{one.name}" if one.schema and one.kind != "foreign-key" else one.name
    if one.kind == "foreign-key":
        return f"the foreign key {one.name} of {one.note}"
    if one.kind == "object":
        return f"the {one.name}"
    return f"the {one.kind.replace('-', ' ')} {name}"


def _used(evidence: Evidence) -> Iterator[str]:
    since = f" since {evidence.since[:10]}" if evidence.since else ""
    if evidence.reads:
        last = f", last at {evidence.last_read}" if evidence.last_read else ""
        scans = f"{evidence.reads:,} scan{'' if evidence.reads == 1 else 's'}"
        yield f"it is read ({scans}{since}{last}): the code does not, who does?"
    if evidence.writes:
        yield f"its rows are changed ({evidence.writes:,} times{since}): the code does not, who does?"


def _unclear(evidence: Evidence) -> Iterator[str]:
    if evidence.note:
        yield evidence.note
    if evidence.hours is not None and evidence.hours < FRESH_HOURS:
        yield f"the database counts only since {evidence.hours:.0f} hours: too short to tell"
    if evidence.rows is None:
        yield "it is not known how many rows it has: count them with --count"
    if evidence.dynamic:
        yield f"functions build statements at run time, and may name it: {', '.join(evidence.dynamic[:3])}"
    if evidence.reads is None:
        yield "the database does not tell who reads it"


def advice(report: Report, evidence: Iterable[Evidence]) -> dict[str, tuple[Advised, ...]]:
    """Return what databases advise for each unused table, by its id.

    What only an unused table needs may go along with it, unless that one has to stay.
    """
    found = tuple(evidence)
    going = {(one.table.schema, one.table.name) for one in report.unused if one.table.name}
    while True:
        keys = frozenset((space, name) for space, name in going if name)
        told = tuple(advised(each, keys) for each in found)
        staying = {(one.evidence.schema, one.evidence.table) for one in told if one.advice in STAYING}
        if not going & staying:
            break
        going -= staying
    return {
        one.table.id: tuple(
            each for each in told if (each.evidence.schema, each.evidence.table) == (one.table.schema, one.table.name)
        )
        for one in report.unused
    }


def plan(report: Report, evidence: Iterable[Evidence] = ()) -> Plan:
    """Return the plan to remove the unused tables of a report, with what databases say of them."""
    told = advice(report, evidence)
    unused = {one.table.id: one for one in report.unused if one.table.kind == "table" and one.table.name}
    removals = {id: Removal(one, told[id], tuple(_places(one))) for id, one in unused.items()}
    held = {id for id, one in removals.items() if one.is_held}
    while more := {id for id in removals if id not in held and _is_referred_to(id, held, unused)}:
        held |= more  # a table that stays may refer to it
    gone = [removals[id] for id in _ordered({id: unused[id] for id in removals if id not in held})]
    return Plan(tuple(gone), tuple(removals[id] for id in removals if id in held), tuple(_enums(report, gone)))


def _is_referred_to(id: str, others: set[str], unused: dict[str, Verdict]) -> bool:
    return any(key.table == id for other in others for key in unused[other].table.foreign_keys)


def _ordered(tables: dict[str, Verdict]) -> list[str]:
    """Return ids so that what refers to a table comes before it; circles in the order of the declarations."""
    left, order = dict(tables), list[str]()
    while left:
        free = [
            id
            for id in left
            if not any(key.table == id for other, one in left.items() if other != id for key in one.table.foreign_keys)
        ]
        for id in free or list(left)[:1]:
            order.append(id)
            del left[id]
    return order


def _places(verdict: Verdict) -> Iterator[tuple[str, int, int, str]]:
    table = verdict.table
    yield table.file, table.line, table.end_line, "declaration"
    seen = set()
    for usage in verdict.usages:
        what = {"type": "type", "derive": "derived schema", "relation": "relation", "foreign-key": "foreign key"}.get(
            usage.action, usage.action
        )
        place = (usage.file, usage.site.line, what)
        inside = usage.file == table.file and table.line <= usage.site.line <= table.end_line
        if usage.column is None and place not in seen and not inside:
            seen.add(place)
            yield usage.file, usage.site.line, usage.site.line, what


def _enums(report: Report, gone: list[Removal]) -> Iterator[Table]:
    """Yield the enums that no column of what stays is made of."""
    removed = {one.verdict.table.id for one in gone}
    used = {
        (column.type_schema, (column.type or "").removesuffix("[]"))
        for one in report.verdicts
        if one.table.id not in removed and one.table.kind != "enum"
        for column in one.table.columns
    }
    freed = {
        (column.type_schema, (column.type or "").removesuffix("[]"))
        for one in gone
        for column in one.verdict.table.columns
    }
    for one in report.verdicts:
        key = (one.table.schema, one.table.name)
        if one.table.kind == "enum" and key in freed and key not in used and one.table.role == "production":
            yield one.table
