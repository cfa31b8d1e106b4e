"""`drift` as Markdown, for a pull request or a design review."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analyzer.reports.differences import SAME, blocks, heading, plans, statements, summary
from analyzer.reports.escape import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.model import Drift
    from analyzer.reports.differences import Block

_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~!])")


def drift(drift: Drift) -> str:
    """Return the report: a section for each table, then the statements."""
    return "\n".join(_lines(drift)) + "\n"


def escaped(text: str) -> str:
    """Return a text in which nothing is Markdown or HTML.

    >>> escaped("a|b <img>")
    'a\\\\|b \\\\<img\\\\>'
    """
    return _SIGNS.sub(r"\\\1", plain(text))


def _lines(drift: Drift) -> Iterator[str]:
    yield f"# Drift: {escaped(heading(drift))}"
    yield ""
    yield f"**{summary(drift)}**"
    for block in blocks(drift):
        yield from _section(drift, block)
    told = [(one.source, note) for one in (drift.expected, *drift.actual) for note in one.notes]
    told += [(one.source, one.hidden) for one in drift.actual if one.hidden]
    if told:
        yield from ("", "## Could not be told", "")
    yield from (f"- {escaped(source)}: {escaped(note)}" for source, note in told)
    for plan in plans(drift):
        yield from (
            "",
            f"{escaped(plan)} is mended by a new migration: `drizzle-kit generate`, with `--custom` where its snapshot knows it already.",
        )
    for source in drift.actual:
        found = statements(drift, source.source)
        if found:
            yield from (
                "",
                f"## What would mend {escaped(source.source)}",
                "",
                "Read it first: tabletrace runs nothing.",
                "",
            )
            yield from fenced(found)


def _section(drift: Drift, block: Block) -> Iterator[str]:
    yield from ("", f"## {escaped(block.title)}", "")
    if block.place:
        yield from (f"Declared in {escaped(block.place.file)}:{block.place.line}", "")
    judged = any(row.right for row in block.rows)
    titles = ["Rule", "What", *(escaped(one.source) for one in (drift.expected, *drift.actual))]
    titles += ["Code agrees with"] if judged else []
    if block.rows:
        yield f"| {' | '.join(titles)} |"
        yield f"|{'---|' * len(titles)}"
    for row in block.rows:
        cells = [cell if cell == SAME else f"**{escaped(cell)}**" for cell in row.actual]
        right = [escaped(row.right or "")] if judged else []
        yield f"| {row.rule} {row.severity} | {escaped(row.label)} | {escaped(row.expected)} | {' | '.join([*cells, *right])} |"
    if block.notes:
        yield ""
    yield from (f"- {escaped(note)}" for note in block.notes)


def fenced(found: tuple[str, ...]) -> Iterator[str]:
    """Yield statements as a block of code that nothing in them ends."""
    text = "\n".join("\n".join(plain(line) for line in one.split("\n")) for one in found)
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    yield f"{fence}sql"
    yield from text.split("\n")
    yield fence
