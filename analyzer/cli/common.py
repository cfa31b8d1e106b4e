"""What commands share: settings, a report of the code, and where a report is written."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import typer
from msgspec.structs import replace

from analyzer.cli.running import RUN
from analyzer.model import AnalyzerError, Settings

if TYPE_CHECKING:
    from analyzer.model import Advised, Report, Verdict


def report_of(
    roots: list[str] | None, config: Path | None, exclude: list[str] | None, *, columns: bool = False
) -> Report:
    settings = settings_of(roots, config, exclude)
    return analyzed(replace(settings, columns=settings.columns or columns))


def with_databases(report: Report, db: list[str] | None, env_file: Path | None) -> Report:
    """Return a report with the drift of databases among its findings, where any is named."""
    if not db:
        return report
    from analyzer.app.databases import with_drift
    from analyzer.databases.sources import sources

    return with_drift(report, sources(db, env_file))


def advice_of(
    report: Report, db: list[str] | None, count: bool, env_file: Path | None
) -> dict[str, tuple[Advised, ...]] | None:
    """Return what databases advise for each unused table; None when none is asked."""
    if not db:
        return None
    from analyzer.app.databases import evidence
    from analyzer.databases.sources import sources
    from analyzer.removal import advice

    return advice(report, evidence(report, sources(db, env_file), count=count))


def settings_of(roots: list[str] | None, config: Path | None, exclude: list[str] | None) -> Settings:
    from analyzer.settings import load

    if roots and "" in roots:
        raise AnalyzerError("A root is empty: give the folder of the code base, or none for the current one.")
    first = Path(roots[0]) if roots else Path(".")
    settings = load(first if first.is_dir() else Path("."), config)
    if roots:
        settings = replace(settings, roots=tuple(roots))
    return replace(settings, exclude=(*settings.exclude, *(exclude or ())))


def analyzed(settings: Settings) -> Report:
    from analyzer.app import analyze
    from analyzer.progress import Shown

    with Shown(sys.stderr) as progress:
        report = analyze(RUN.settings(settings), progress)
    RUN.told(progress)
    return report


def find(report: Report, name: str) -> tuple[list[Verdict], str | None]:
    """Return the tables of a name, and the column if it names one; tables of live code come before others."""
    for wanted, column in ((name, None), (name.rpartition(".")[0], name.rpartition(".")[2])):
        for verdicts in (report.judged, report.verdicts):
            found = [
                one for one in verdicts if wanted and wanted in (one.table.symbol, one.table.name, one.table.physical)
            ]
            if found and (
                column is None
                or any(column in (part.property, part.name) for one in found for part in one.table.columns)
            ):
                return found, column
    from difflib import get_close_matches

    names = sorted({text for one in report.judged for text in (one.table.symbol, one.table.name) if text})
    near = get_close_matches(name, names, n=3, cutoff=0.5)
    table, _, column = name.rpartition(".")
    for one in report.judged:
        if table and table in (one.table.symbol, one.table.name, one.table.physical):
            columns = ", ".join(part.property for part in one.table.columns)
            raise AnalyzerError(f"The table {table!r} has no column {column!r}: its columns are {columns}.")
    hint = f"did you mean {' or '.join(near)}?" if near else "`tabletrace scan` lists them."
    raise AnalyzerError(f"No table is called {name!r}: {hint}")


def of_column(verdict: Verdict, column: str | None) -> Verdict:
    """Return a verdict with the usages of one column alone, when one is named."""
    properties = {part.property for part in verdict.table.columns if column in (part.property, part.name)}
    return replace(verdict, usages=tuple(one for one in verdict.usages if column is None or one.column in properties))


class Terminal(TypedDict):
    """How to write text: in colour, and how wide."""

    color: bool
    width: int


def terminal(file: Path | None) -> Terminal:
    """Return how to write: as the terminal is, and plainly elsewhere."""
    import os
    import shutil

    from analyzer.reports.text import WIDE

    live = file is None and is_terminal()
    color = file is None and (bool(os.environ.get("FORCE_COLOR")) or (live and not os.environ.get("NO_COLOR")))
    return {"color": color, "width": shutil.get_terminal_size().columns if live else WIDE}


def is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def write(content: str | bytes, file: Path | None) -> None:
    data = content.encode("utf8", "replace") if isinstance(content, str) else content
    try:
        if file is not None and str(file) != "-":
            file.write_bytes(data)
        else:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except (OSError, AttributeError) as error:
        place = repr(str(file)) if file is not None else "the standard output"
        reason = getattr(error, "strerror", None) or "it is closed"
        raise AnalyzerError(
            f"The report cannot be written to {place} ({reason}): choose another --output-file."
        ) from None


def save(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf8")
    except OSError as error:
        raise AnalyzerError(f"{str(path)!r} cannot be written ({error.strerror}): choose another place.") from None


def leave(findings: bool, exit_zero: bool) -> None:
    raise typer.Exit(1 if findings and not exit_zero else 0)
