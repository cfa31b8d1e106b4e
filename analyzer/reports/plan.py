"""`plan`: a reviewed removal, as Markdown to read and as files of SQL to run by hand.

Renaming comes first: what still needs a table fails loudly and is mended by renaming it back, with every row there.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from analyzer.model import STAYING, qualified, quoted
from analyzer.reports.databases import told
from analyzer.reports.markdown import escaped, fenced

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.model import Plan, Removal, Table

_LONGEST = 63  # bytes of a name in PostgreSQL
FILES = ("REMOVAL.md", "1-rename.sql", "1-undo.sql", "2-drop.sql")


def document(plan: Plan) -> str:
    """Return the plan to read."""
    return "\n".join(_document(plan)) + "\n"


def files(plan: Plan) -> dict[str, str]:
    """Return the files of a plan by name: the document, and the SQL of each step."""
    steps = {"1-rename.sql": rename, "1-undo.sql": undo, "2-drop.sql": drop}
    return {"REMOVAL.md": document(plan), **{name: _script(step(plan)) for name, step in steps.items()}}


def _script(statements: tuple[str, ...]) -> str:
    """Return statements of which all are run or none; enums go by themselves, for something unseen may be made of them."""
    whole = [one for one in statements if not one.startswith("DROP TYPE")]
    lines = ["BEGIN;", *whole, "COMMIT;"] if whole else []
    return "".join(f"{one}\n" for one in (*lines, *(one for one in statements if one not in whole)))


def rename(plan: Plan) -> tuple[str, ...]:
    """Return the statements that put the tables out of the way."""
    return tuple(_renamed(one, back=False) for one in plan.removals)


def undo(plan: Plan) -> tuple[str, ...]:
    """Return the statements that bring the tables back."""
    return tuple(_renamed(one, back=True) for one in plan.removals)


def drop(plan: Plan) -> tuple[str, ...]:
    """Return the statements that drop what was renamed, and the enums that nothing is made of any more."""
    names = [_named(one.verdict.table, _aside(one.verdict.table)) for one in plan.removals]
    together = all(one.verdict.table.dialect == "postgresql" for one in plan.removals) and len(names) > 1
    condition = next((text for one in plan.removals if (text := _if(one))), "")
    dropped = (
        [f"DROP TABLE {condition}{', '.join(names)};"]
        if together
        else [f"DROP TABLE {_if(one)}{name};" for one, name in zip(plan.removals, names, strict=True)]
    )
    types = [f"DROP TYPE {qualified(enum.schema, enum.name or '', enum.dialect)};" for enum in plan.enums]
    return (*dropped, *types)


def _aside(table: Table) -> str:
    """Return a name that nothing else has: two tables of long names stay two."""
    name = (table.name or "").encode()
    suffix = f"__unused_{blake2b(name, digest_size=2).hexdigest()}"
    return name[: _LONGEST - len(suffix)].decode(errors="ignore") + suffix


def _named(table: Table, name: str) -> str:
    return qualified(table.schema, name, table.dialect)


def _if(removal: Removal) -> str:
    """Return what lets a statement pass where a database is known not to have the table."""
    lacking = any(not one.evidence.present for one in removal.advice)
    return "IF EXISTS " if lacking and removal.verdict.table.dialect == "postgresql" else ""


def _renamed(removal: Removal, *, back: bool) -> str:
    table = removal.verdict.table
    names = (table.name or "", _aside(table))
    old, new = names[::-1] if back else names
    there = quoted(new, table.dialect) if table.dialect != "mysql" else _named(table, new)
    return f"ALTER TABLE {_if(removal)}{_named(table, old)} RENAME TO {there};"


def _document(plan: Plan) -> Iterator[str]:
    count = len(plan.removals)
    yield f"# Removal of {count} unused table{'' if count == 1 else 's'}"
    yield ""
    if not plan.removals:
        yield "There is nothing to remove."
    else:
        yield "Nothing here was run. Read it, then run the steps by hand, one database after another, the least important first."
        yield ""
        yield from _tables(plan.removals)
        yield from _step("## 1. Rename, and wait", _WAIT, rename(plan))
        yield from _step("To undo it:", "", undo(plan))
        yield from _code(plan)
        yield from _step("## 3. Drop", _DROP, drop(plan))
    if plan.held:
        yield from ("", "## Left out", "")
        yield from _held(plan.held)


_WAIT = (
    "A table that something still needs is missed at once, and is back with one statement. Views and foreign keys follow "
    "the new name, functions and other programs do not. Wait as long as the rarest job takes to come round: a month, a quarter."
)
_DROP = "After the wait, all together, for some may refer to others. No CASCADE: what is in the way is told, and nothing is dropped."


def _tables(removals: tuple[Removal, ...]) -> Iterator[str]:
    yield from ("| Table | Status | Declared | Databases |", "|---|---|---|---|")
    for one in removals:
        table = one.verdict.table
        said = "; ".join(f"{each.evidence.source}: {each.advice}, {told(each)}" for each in one.advice) or "not asked"
        place = f"{table.file}:{table.line}"
        cells = (table.physical or table.symbol, f"{one.verdict.status}: {one.verdict.reason}", place, said)
        yield "| " + " | ".join(escaped(cell) for cell in cells) + " |"
    archived = [each for one in removals for each in one.advice if each.advice == "archive first"]
    if archived:
        yield ""
        names = ", ".join(f"{escaped(one.evidence.table)} ({escaped(one.evidence.source)})" for one in archived)
        yield f"Archive first, for they have rows: {names}."


def _step(title: str, words: str, statements: tuple[str, ...]) -> Iterator[str]:
    yield from ("", title, "")
    if words:
        yield from (words, "")
    yield from fenced(statements)


def _code(plan: Plan) -> Iterator[str]:
    yield from ("", "## 2. Take it out of the code", "")
    yield "With or after the renaming; then generate a migration, and put the statements of step 3 in the place of its own."
    yield ""
    for one in plan.removals:
        yield f"- **{escaped(one.verdict.table.symbol)}**"
        for file, line, end, what in one.places:
            lines = f"{line}–{end}" if end != line else str(line)
            yield f"  - {what}: {escaped(file)}:{lines}"
    for enum in plan.enums:
        yield f"- **{escaped(enum.symbol)}**, an enum that nothing else is made of: {escaped(enum.file)}:{enum.line}–{enum.end_line}"


def _held(held: tuple[Removal, ...]) -> Iterator[str]:
    for one in held:
        reasons = [
            f"{each.evidence.source}: {each.advice}, {'; '.join(each.reasons)}"
            for each in one.advice
            if each.advice in STAYING
        ]
        text = "; ".join(reasons) or "a table that is left out refers to it"
        yield f"- {escaped(one.verdict.table.physical or one.verdict.table.symbol)}: {escaped(text)}"
