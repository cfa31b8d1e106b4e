"""What a fleet of repositories does with each physical table: for a person's terminal, and as JSON."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from analyzer.model import STATUSES, UNUSED
from analyzer.reports.escape import plain
from analyzer.reports.text import STYLE, WIDE, console, finished
from analyzer.reports.writing import written

if TYPE_CHECKING:
    from analyzer.model.fleet import FleetReport, FleetTable, RepositoryReport

VERSION = 1
_SHOWN = 3


def text(report: FleetReport, *, color: bool = False, width: int = WIDE) -> str:
    """Return every table: status, whose it is, who reads and who writes it; what is unused first, with the reason below."""
    from rich.table import Table

    out = console(color=color, width=width)
    read = [one for one in report.repositories if one.state == "read"]
    databases = sorted({one.repository.database for one in report.repositories})
    counted = (("table", len(report.tables)), ("repository", len(read)), ("database", len(databases)))
    out.print(f"[bold]{', '.join(_count(number, word) for word, number in counted)}[/bold]\n", soft_wrap=True)
    grid = Table(box=None, pad_edge=False, show_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    grid.add_column("TABLE", overflow="fold")
    grid.add_column("STATUS", no_wrap=True)
    for title in ("OWNER", "READ BY", "WRITTEN BY", "USED BY"):
        grid.add_column(title, overflow="fold")
    for one in _ordered(report):
        neither = tuple(name for name in one.users if name not in {*one.readers, *one.writers})
        grid.add_row(
            _name(one, databases),
            f"[{STYLE[one.status]}]{one.status}[/]",
            plain(one.owner or _names(tuple(dict.fromkeys(name for name, *_ in one.declared)), "?"), markup=True),
            *(plain(_names(names), markup=True) for names in (one.readers, one.writers, neither)),
        )
    out.print(grid)
    _reasons(out.print, report, databases)
    counts = Counter(one.status for one in report.tables)
    unused = sum(counts[status] for status in UNUSED)
    parts = [f"[bold]{unused} used by none[/bold]"]
    parts += [f"{counts[one]} {one}" for one in ("undetermined", "dev-only", "kept", "used") if counts[one]]
    parts += [f"[bold red]{len(report.failed)} not read[/]"] if report.failed else []
    out.print("\n" + " · ".join(parts), soft_wrap=True)
    return finished(out)


def _reasons(say: Any, report: FleetReport, databases: list[str]) -> None:
    for title, statuses in (
        ("Used by none", UNUSED),
        ("Undetermined", ("undetermined",)),
        ("Only in tests or scripts", ("dev-only",)),
    ):
        found = [one for one in _ordered(report) if one.status in statuses]
        if found:
            say(f"\n[bold]{title}[/bold]:")
        for one in found:
            repository, file, line, _ = one.declared[0]
            place = plain(f"{repository}: {file}:{line}", markup=True)
            say(f"  {place}: {_name(one, databases)} — {plain(one.reason, markup=True)}", soft_wrap=True)
    if report.failed:
        say("\n[bold]Could not be read[/bold] (what its database holds is used by others, or undetermined):")
    for failed in report.failed:
        say(f"  {plain(f'{failed.repository.name}: {failed.reason}', markup=True)}", soft_wrap=True)


def _ordered(report: FleetReport) -> list[FleetTable]:
    return sorted(report.tables, key=lambda one: STATUSES.index(one.status))


def _name(table: FleetTable, databases: list[str]) -> str:
    name = f"{table.pattern or '?'} (name not known)" if table.name is None else table.name
    name = f"{table.schema}.{name}" if table.schema else name
    kind = "" if table.kind == "table" else f" ({table.kind})"
    return plain(f"{table.database}: {name}{kind}" if len(databases) > 1 else name + kind, markup=True)


def _names(names: tuple[str, ...], between: str = "") -> str:
    """Return some names, as many as can be read at a glance.

    >>> _names(("a", "b", "c", "d", "e")), _names(("a", "b"), "?")
    ('a, b, c +2', 'a, b?')
    """
    if not names:
        return "·"
    more = f" +{len(names) - _SHOWN}" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more + between


def _count(number: int, word: str) -> str:
    words = word if number == 1 else f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return f"{number:,} {words}"


def document(report: FleetReport) -> str:
    """Return the report as JSON. Its JSON Schema is `fleet.schema.json`."""
    data = {
        "version": VERSION,
        "repositories": [_repository(one) for one in report.repositories],
        "tables": [_table(one) for one in report.tables],
    }
    return written(data)


def _repository(one: RepositoryReport) -> dict[str, Any]:
    return {
        "name": one.repository.name,
        "git": one.repository.url,
        "database": one.repository.database,
        "state": one.state,
        "reason": one.reason,
        "tables": one.tables,
        "files": one.files,
        "lines": one.lines,
        "problems": one.problems,
    }


def _table(one: FleetTable) -> dict[str, Any]:
    return {
        "database": one.database,
        "dialect": one.dialect,
        "kind": one.kind,
        "schema": one.schema,
        "name": one.name,
        "pattern": one.pattern,
        "status": one.status,
        "reason": one.reason,
        "owner": one.owner,
        "owned_by": one.owned_by,
        "declared": [
            {"repository": repository, "file": file, "line": line, "symbol": symbol}
            for repository, file, line, symbol in one.declared
        ],
        "readers": list(one.readers),
        "writers": list(one.writers),
        "uses": [
            {"repository": name, "status": use.status, "reason": use.reason, "crud": use.crud, "places": use.places}
            for name, use in one.uses
        ],
    }
