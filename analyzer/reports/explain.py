"""Why a table has its status: the way from an entry point to each use, or every place looked at in vain."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from analyzer.reports.escape import plain
from analyzer.reports.text import STYLE, WIDE, console, finished

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rich.console import Console

    from analyzer.model import Column, Report, Usage, Verdict

_LINES = 12


def explain(
    report: Report,
    verdicts: Iterable[Verdict],
    chain: Callable[[str], tuple[str, ...]],
    column: str | None = None,
    *,
    color: bool = False,
    width: int = WIDE,
) -> str:
    """Return the evidence for some tables, or for one column of them; `chain` tells the way from an entry point to a file."""
    out = console(color=color, width=width)
    for index, verdict in enumerate(verdicts):
        if index:
            out.print()
        _one(out, report, verdict, chain, column)
    return finished(out)


def _one(
    out: Console, report: Report, verdict: Verdict, chain: Callable[[str], tuple[str, ...]], column: str | None
) -> None:
    table = verdict.table
    name = plain(table.physical or table.pattern or table.symbol, markup=True)
    head = f"[bold]{name}[/bold]  {table.kind} [bold]{plain(table.symbol, markup=True)}[/bold]"
    out.print(f"{head}, {plain(table.file, markup=True)}:{table.line}-{table.end_line}", soft_wrap=True)
    out.print(f"[{STYLE[verdict.status]}]{verdict.status}[/]: {plain(verdict.reason, markup=True)}", soft_wrap=True)
    if verdict.unreached:
        out.print("unreached: no entry point leads to any file that uses it")
    for one in table.columns:
        if column in (one.property, one.name):
            _column(out, one)
    for judged in verdict.columns:
        if column in (judged.column.property, judged.column.name):
            out.print(
                f"column is [{STYLE[judged.status]}]{judged.status}[/]: {plain(judged.reason, markup=True)}",
                soft_wrap=True,
            )
    usages = [usage for usage in verdict.usages if column is None or column in _names(verdict, usage)]
    strong = [usage for usage in usages if usage.is_use]
    weak = [usage for usage in usages if not usage.is_use]
    _used(out, strong, chain, column is not None)
    if weak:
        out.print("\nMentioned, which is no use by itself:")
        _listed(out, weak)
    if verdict.unresolved:
        out.print("\nMay be reached, which cannot be decided:")
        for doubt in verdict.unresolved[:_LINES]:
            out.print(
                f"  {plain(doubt.file, markup=True)}:{doubt.site.line}  {plain(doubt.reason, markup=True)}",
                soft_wrap=True,
            )
    if not strong and column is None:
        _in_vain(out, report, verdict)
    elif not strong:
        _column_in_vain(out, report, verdict, column)


def _names(verdict: Verdict, usage: Usage) -> tuple[str | None, ...]:
    names = {column.property: column.name for column in verdict.table.columns}
    return usage.column, names.get(usage.column or "")


def _column(out: Console, column: Column) -> None:
    kind = column.type or f"unknown ({column.reason})"
    null = "null" if column.nullable else "not null"
    text = f"{column.property} → {column.name or '?'}  {kind}, {null}"
    out.print(f"column {plain(text, markup=True)}", soft_wrap=True)


def _used(out: Console, usages: list[Usage], chain: Callable[[str], tuple[str, ...]], of_column: bool) -> None:
    for file, group in groupby(usages, key=lambda usage: usage.file):
        found = list(group)
        role = "" if found[0].role == "production" else f"  ({found[0].role})"
        out.print(f"\n[bold]{plain(file, markup=True)}[/bold]{role}", soft_wrap=True)
        way = chain(file)
        if len(way) > 1:
            out.print(f"  reached from {plain(' → '.join(way[:-1]), markup=True)}", soft_wrap=True)
        elif not way:
            out.print("  reached from no entry point")
        whole = [usage for usage in found if usage.column is None or of_column]
        columns = sorted({usage.column for usage in found if usage.column}) if not of_column else []
        for usage in whole[:_LINES]:
            out.print(f"  {_line(usage)}", soft_wrap=True)
        if len(whole) > _LINES:
            out.print(f"  … and {len(whole) - _LINES} more")
        if columns:
            out.print(f"  columns: {plain(', '.join(columns), markup=True)}", soft_wrap=True)


def _line(usage: Usage) -> str:
    action = usage.action if usage.statement is None else f"{usage.action} ({usage.statement})"
    by = f"  {plain(usage.by, markup=True)}" if usage.by else ""
    named = "" if usage.certainty == "proven" else f", {usage.certainty}"
    return f"{usage.site.line:>5}  {action:<13}{by or '  (module)'}  [dim]({plain(usage.evidence, markup=True)}{named})[/dim]"


def _listed(out: Console, usages: list[Usage]) -> None:
    for usage in usages[:_LINES]:
        place = f"{usage.file}:{usage.site.line}"
        role = "" if usage.role == "production" else f" ({usage.role})"
        out.print(f"  {plain(place, markup=True)}  {usage.action}{role}", soft_wrap=True)
    if len(usages) > _LINES:
        out.print(f"  … and {len(usages) - _LINES} more")


def _column_in_vain(out: Console, report: Report, verdict: Verdict, column: str | None) -> None:
    for one in verdict.table.columns:
        if column in (one.property, one.name):
            property, name = plain(one.property, markup=True), plain(one.name or "?", markup=True)
            out.print(f"\nLooked at in vain, in {len(report.files):,} files:")
            out.print(f"  the property {property}, outside of declarations, comments and prose")
            out.print(f"  raw SQL and strings that name {name}")


def _in_vain(out: Console, report: Report, verdict: Verdict) -> None:
    table = verdict.table
    symbol, physical = plain(table.symbol, markup=True), plain(table.physical or "?", markup=True)
    out.print(f"\nLooked at in vain, in {len(report.files):,} files:")
    out.print(
        f"  references that resolve to {symbol} of {plain(table.file, markup=True)}, through imports, barrels and aliases",
        soft_wrap=True,
    )
    out.print(f"  relational queries: db.query.{symbol}, and `with` relations that lead to it", soft_wrap=True)
    out.print(f"  raw SQL that names {physical}", soft_wrap=True)
    out.print("  whole schemas handed to adapters and helpers, keys computed at run time")
