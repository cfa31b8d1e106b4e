"""`drift` for a terminal: by table, what each source has, what breaks, and what would mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.reports.differences import SAME, UNKNOWN, blocks, heading, plans, statements, summary
from analyzer.reports.escape import plain
from analyzer.reports.text import WIDE, console, finished

if TYPE_CHECKING:
    from rich.console import Console

    from analyzer.model import Drift
    from analyzer.reports.differences import Block

STYLE = {"error": "bold red", "warning": "yellow"}
_SHOWN = 60


def drift(drift: Drift, *, color: bool = False, width: int = WIDE) -> str:
    """Return the report: a block for each table, then the statements, then the counts."""
    out = console(color=color, width=width)
    out.print(f"[bold]{plain(heading(drift), markup=True)}[/bold]", soft_wrap=True)
    _notes(out, drift)
    for block in blocks(drift):
        _block(out, drift, block)
    for source in drift.actual:
        _statements(out, source.source, statements(drift, source.source))
    for name in plans(drift):
        out.print(
            f"\n[bold]{plain(name, markup=True)}[/bold] is mended by a new migration: `drizzle-kit generate`, with `--custom` where its snapshot knows it already.",
            soft_wrap=True,
        )
    if drift.undecided:
        out.print(f"\n{UNKNOWN} stands where it cannot be told.")
    out.print(f"\n[bold]{summary(drift)}[/bold]")
    return finished(out)


def _block(out: Console, drift: Drift, block: Block) -> None:
    from rich.padding import Padding
    from rich.table import Table

    place = f"  [dim]{plain(f'{block.place.file}:{block.place.line}', markup=True)}[/dim]" if block.place else ""
    out.print(f"\n[bold]{plain(block.title, markup=True)}[/bold]{place}", soft_wrap=True)
    judged = any(row.right for row in block.rows)
    grid = Table(box=None, pad_edge=False, show_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    grid.add_column("", no_wrap=True)
    grid.add_column("", overflow="fold")
    for source in (drift.expected, *drift.actual):
        grid.add_column(plain(source.source, markup=True), overflow="fold")
    if judged:
        grid.add_column("code agrees with", no_wrap=True)
    for row in block.rows:
        style = STYLE[row.severity]
        cells = (
            plain(cell, markup=True) if cell == SAME else f"[{style}]{plain(cell, markup=True)}[/]"
            for cell in row.actual
        )
        right = [plain(row.right or "", markup=True)] if judged else []
        label = plain(row.label, markup=True)
        grid.add_row(
            f"  [{style}]{row.rule} {row.severity}[/]", label, plain(row.expected, markup=True), *cells, *right
        )
    if block.rows:
        out.print(grid)
    for note in block.notes:
        out.print(Padding(f"[dim]{plain(note, markup=True)}[/dim]", (0, 0, 0, 2)))


def _notes(out: Console, drift: Drift) -> None:
    told = [(one.source, note) for one in (drift.expected, *drift.actual) for note in one.notes]
    told += [(one.source, one.hidden) for one in drift.actual if one.hidden]
    if told:
        out.print("\n[bold]Could not be told[/bold]:")
    for source, note in told[:_SHOWN]:
        out.print(f"  {plain(f'{source}: {note}', markup=True)}", soft_wrap=True)
    if len(told) > _SHOWN:
        out.print(f"  … and {len(told) - _SHOWN} more (see --output-format json)")


def _statements(out: Console, source: str, found: tuple[str, ...]) -> None:
    if not found:
        return
    name = plain(source, markup=True)
    out.print(f"\n[bold]What would mend {name}[/bold] (read it first: tabletrace runs nothing):", soft_wrap=True)
    for text in found[:_SHOWN]:
        for line in text.split("\n"):
            out.print(f"  {plain(line, markup=True)}", soft_wrap=True)
    if len(found) > _SHOWN:
        out.print(f"  … and {len(found) - _SHOWN} more (see --output-format json)")
