"""The report for a person's terminal: what is unused first, with the reason."""

from __future__ import annotations

import io
from collections import Counter
from typing import TYPE_CHECKING

from analyzer.model import RULE_OF, STATUSES, UNUSED
from analyzer.reports import databases
from analyzer.reports.escape import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console

    from analyzer.model import Advice, Advised, Finding, Report, Status, Usage, Verdict

STYLE: dict[Status, str] = {
    "orphaned": "bold red",
    "schema-only": "red",
    "type-only": "red",
    "dev-only": "yellow",
    "undetermined": "magenta",
    "used": "green",
    "kept": "cyan",
}
ADVICE_STYLE: dict[Advice, str] = {"drop": "green", "archive first": "yellow", "keep": "bold red", "look": "magenta"}
OF_UNUSED = frozenset({*RULE_OF.values(), "TT006"})
_SHOWN = 10
WIDE = 1000


def console(*, color: bool = False, width: int = WIDE) -> Console:
    """Return a console that writes into a string."""
    from rich.console import Console

    return Console(
        file=io.StringIO(),
        width=width,
        color_system="standard" if color else None,
        force_terminal=color,
        highlight=False,
        emoji=False,
        markup=True,
    )


def scan(report: Report, *, color: bool = False, width: int = WIDE) -> str:
    """Return every table: physical name, status, letters, how many places in how many files, and where it is declared."""
    from rich.table import Table

    out = console(color=color, width=width)
    out.print(f"[bold]{_counted(report)}[/bold]", soft_wrap=True)
    out.print()
    shown = _ordered(report)
    grid = Table(box=None, pad_edge=False, show_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    grid.add_column("TABLE", overflow="fold")
    grid.add_column("STATUS", no_wrap=True)
    grid.add_column("CRUD", no_wrap=True)
    grid.add_column("USES", justify="right", no_wrap=True)
    grid.add_column("FILES", justify="right", no_wrap=True)
    places = _places(shown, width)
    if places:
        grid.add_column("DECLARED", overflow="fold")
    for index, one in enumerate(shown):
        certain = touching(one)
        grid.add_row(
            _name(one),
            f"[{STYLE[one.status]}]{_status(one)}[/]",
            letters(one.crud),
            str(len(certain)) if certain else "·",
            str(len({usage.file for usage in certain})) if certain else "·",
            *places[index : index + 1],
        )
    out.print(grid)
    for one in shown:
        if one.columns:
            _columns(out, one)
    _notes(out, report)
    out.print()
    out.print(summary(report), soft_wrap=True)
    return finished(out)


def unused(
    report: Report, advice: Mapping[str, tuple[Advised, ...]] | None = None, *, color: bool = False, width: int = WIDE
) -> str:
    """Return the unused tables, one a line, with place and reason; below each what databases advise."""
    out = console(color=color, width=width)
    order = {one.table.id: index for index, one in enumerate(_ordered(report))}
    tables = {(one.table.file, one.table.line): order[one.table.id] for one in report.judged}
    ids = {(one.table.file, one.table.line): one.table.id for one in report.unused}
    found = [one for one in report.findings if one.rule in OF_UNUSED]
    for one in sorted(found, key=lambda one: (one.rule == "TT006", tables.get((one.file, one.line), 0), one)):
        out.print(told(one, markup=True), soft_wrap=True)
        for each in (advice or {}).get(ids.get((one.file, one.line), ""), ()) if one.rule != "TT006" else ():
            style = ADVICE_STYLE[each.advice]
            words = plain(databases.told(each), markup=True)
            out.print(
                f"  {plain(each.evidence.source, markup=True)}: [{style}]{each.advice}[/] — {words}", soft_wrap=True
            )
    _notes(out, report)
    out.print(summary(report), soft_wrap=True)
    return finished(out)


def told(finding: Finding, *, markup: bool = False) -> str:
    """Return a finding as one line: place, rule, name and why."""
    place, rule = plain(f"{finding.file}:{finding.line}", markup=True), finding.rule
    name, message = plain(finding.name, markup=True), plain(finding.message, markup=True)
    style = "bold red" if finding.severity == "error" else "yellow"
    return (
        f"[bold]{place}[/bold]: [{style}]{rule}[/] {name} {message}" if markup else f"{place}: {rule} {name} {message}"
    )


def touching(verdict: Verdict) -> tuple[Usage, ...]:
    """Return the places that do something with the table; columns that are named only by a key within one are left out."""
    return tuple(
        usage for usage in verdict.usages if usage.is_use and (not usage.column or usage.certainty == "proven")
    )


def letters(crud: str) -> str:
    """Return the letters at their places, a dot where one is missing.

    >>> letters("CU")
    'C·U·'
    """
    return "".join(letter if letter in crud else "·" for letter in "CRUD")


def _status(verdict: Verdict) -> str:
    return verdict.status + (" (unreached)" if verdict.unreached else "")


def _places(verdicts: list[Verdict], width: int) -> list[str]:
    """Return where each table is declared, as much of it as fits: the path, the file's name, or nothing."""
    taken = (
        max((len(_name(one)) for one in verdicts), default=0)
        + max((len(_status(one)) for one in verdicts), default=0)
        + 23
    )
    for whole in (True, False):
        files = (one.table.file if whole else one.table.file.rpartition("/")[2] for one in verdicts)
        places = [plain(f"{file}:{one.table.line}", markup=True) for file, one in zip(files, verdicts, strict=True)]
        if taken + max((len(place) for place in places), default=0) <= width:
            return places
    return []


def _ordered(report: Report) -> list[Verdict]:
    return sorted(report.judged, key=lambda one: (STATUSES.index(one.status), one.table.file, one.table.line))


def _name(verdict: Verdict) -> str:
    table = verdict.table
    text = f"{table.pattern or '?'} (name not known)" if table.physical is None else table.physical or '""'
    kind = "" if table.kind == "table" else f" ({table.kind})"
    return plain(text + kind, markup=True)


def _counted(report: Report) -> str:
    aside = len([one for one in report.verdicts if one.table.kind != "enum"]) - len(report.judged)
    extra = f" ({aside} more in generated files and tests)" if aside else ""
    parts = (("table", len(report.judged), extra), ("file", len(report.files), ""), ("line", report.lines, ""))
    return ", ".join(f"{count:,} {word}{'' if count == 1 else 's'}{more}" for word, count, more in parts)


def _notes(out: Console, report: Report) -> None:
    doubts = [one for one in report.judged if one.status == "undetermined"]
    if doubts:
        out.print("\n[bold]Undetermined[/bold], because something may reach them:")
        for one in doubts:
            out.print(f"  {_name(one)}: {plain(one.reason, markup=True)}", soft_wrap=True)
    _listed(
        out, "Used in code, and provided by nothing", [one for one in report.findings if one.rule.startswith("TT1")]
    )
    _listed(out, "Only written, or only read", [one for one in report.findings if one.rule in {"TT004", "TT005"}])
    if report.problems:
        out.print("\n[bold]Could not be read as it stands[/bold] (each costs only itself):")
        for problem in report.problems[:_SHOWN]:
            place = problem.file + (f":{problem.line}" if problem.line else "")
            out.print(f"  {plain(place, markup=True)}: {plain(problem.reason, markup=True)}", soft_wrap=True)
        if len(report.problems) > _SHOWN:
            out.print(f"  … and {len(report.problems) - _SHOWN} more (see --output-format json)")


def _columns(out: Console, verdict: Verdict) -> None:
    """Print what is done to each column of a table, and in how many places."""
    from rich.table import Table

    out.print(f"\n[bold]{_name(verdict)}[/bold]")
    grid = Table(box=None, pad_edge=False, show_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    grid.add_column("COLUMN", overflow="fold")
    grid.add_column("STATUS", no_wrap=True)
    for title in ("WRITE", "READ", "SELECT", "FILTER", "SQL", "ROW"):
        grid.add_column(title, justify="right", no_wrap=True)
    for one in verdict.columns:
        counts = (one.writes, one.reads, one.projections, one.filters, one.sql, one.whole_rows)
        name = plain(one.column.name or one.column.property, markup=True)
        told = (str(count) if count else "·" for count in counts)
        grid.add_row(f"  {name}", f"[{STYLE[one.status]}]{one.status}[/]", *told)
    out.print(grid)


def _listed(out: Console, title: str, found: list[Finding]) -> None:
    if found:
        out.print(f"\n[bold]{title}[/bold]:")
    for one in found[:_SHOWN]:
        out.print(f"  {told(one, markup=True)}", soft_wrap=True)
    if len(found) > _SHOWN:
        out.print(f"  … and {len(found) - _SHOWN} more (see --output-format json)")


def summary(report: Report) -> str:
    """Return the counts by status, in one line."""
    counts = Counter(one.status for one in report.judged)
    unused = sum(counts[status] for status in UNUSED)
    kinds = ", ".join(f"{counts[status]} {status}" for status in UNUSED if counts[status])
    parts = [f"[bold]{unused} unused[/bold]" + (f" ({kinds})" if kinds else "")]
    parts += [f"{counts[status]} {status}" for status in ("undetermined", "dev-only", "kept", "used") if counts[status]]
    return " · ".join(parts)


def finished(out: Console) -> str:
    """Return what was written, without blanks at the ends of lines."""
    stream = out.file
    assert isinstance(stream, io.StringIO)
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())
