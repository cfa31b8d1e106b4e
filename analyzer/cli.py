"""The front door: options in, report out, exit status. 0 nothing found, 1 findings, 2 the request is wrong."""

from __future__ import annotations

import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypedDict

import typer

from analyzer.model import AnalyzerError, Settings

if TYPE_CHECKING:
    from analyzer.model import Advised, Report, Verdict

USAGE_ERROR: Any = typer.BadParameter.__bases__[0]  # click's, or that of the copy of click that typer carries
app = typer.Typer(
    name="tabletrace",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Tell which database tables a TypeScript code base with Drizzle ORM uses, from where, and which are orphaned.",
    epilog="Exit status: 0 nothing found, 1 findings, 2 the request is wrong.",
)


class Format(StrEnum):
    """How a report is written."""

    text = "text"
    json = "json"


class DriftFormat(StrEnum):
    """How a comparison is written."""

    text = "text"
    json = "json"
    markdown = "markdown"


class GraphFormat(StrEnum):
    """How a graph is written."""

    dot = "dot"
    svg = "svg"
    png = "png"
    pdf = "pdf"
    json = "json"


class Group(StrEnum):
    """What is drawn together."""

    folder = "folder"
    router = "router"
    schema = "schema"


Roots = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ROOT]...", help="Folders of the code base.  [default: .]", show_default=False),
]
OutputFormat = Annotated[Format, typer.Option("--output-format", "-f", help="How to write the report.")]
OutputFile = Annotated[
    Path | None, typer.Option("--output-file", "-o", help="Write the report into this file.", show_default=False)
]
Config = Annotated[
    Path | None, typer.Option("--config", help="Take the configuration from this file.", show_default=False)
]
Exclude = Annotated[
    list[str] | None,
    typer.Option("--exclude", help="Leave out what matches this glob (repeatable).", show_default=False),
]
Columns = Annotated[bool, typer.Option("--columns", help="Judge the columns of each table too.")]
ExitZero = Annotated[bool, typer.Option("--exit-zero", help="Exit with status 0 even when there are findings.")]
EnvFile = Annotated[
    Path | None,
    typer.Option("--env-file", help="Look up env:NAME in this file too, such as .env.", show_default=False),
]
Databases = Annotated[
    list[str] | None,
    typer.Option("--db", metavar="[NAME=]SOURCE", help="Ask this database too (repeatable).", show_default=False),
]
Count = Annotated[bool, typer.Option("--count", help="Count the rows of unused tables, rather than take estimates.")]
Exact = Annotated[
    bool, typer.Option("--exact", help="Restore dumps into a throw-away PostgreSQL rather than parse them.")
]
Root = Annotated[
    list[str] | None,
    typer.Option("--root", help="Folder of the code base (repeatable).  [default: .]", show_default=False),
]


def _version(wanted: bool) -> None:
    if wanted:
        from analyzer.app import own_version

        typer.echo(f"tabletrace {own_version()}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


@app.command()
def scan(
    roots: Roots = None,
    output_format: OutputFormat = Format.text,
    output_file: OutputFile = None,
    config: Config = None,
    exclude: Exclude = None,
    columns: Columns = False,
    exit_zero: ExitZero = False,
) -> None:
    """List every table: physical name, status, what is done to it, in how many places and files.

    Tables that are only written or only read, and names that code uses and nothing provides, are listed below.
    """
    from analyzer.reports import json, text

    report = _report(roots, config, exclude, columns=columns)
    _write(
        json.scan(report) if output_format is Format.json else text.scan(report, **_terminal(output_file)), output_file
    )
    _exit(any(one.severity == "error" for one in report.findings), exit_zero)


@app.command()
def unused(
    roots: Roots = None,
    output_format: OutputFormat = Format.text,
    output_file: OutputFile = None,
    config: Config = None,
    exclude: Exclude = None,
    columns: Columns = False,
    db: Databases = None,
    count: Count = False,
    env_file: EnvFile = None,
    exit_zero: ExitZero = False,
) -> None:
    """List the unused tables alone, one a line, with place and reason.

    With --db, what each database says of them: rows, size, who reads them and what needs them; and an advice, one of
    drop, archive first, keep, look.
    """
    from analyzer.reports import json, text

    report = _report(roots, config, exclude, columns=columns)
    advice = _advice(report, db, count, env_file)
    _write(
        json.unused(report, advice)
        if output_format is Format.json
        else text.unused(report, advice, **_terminal(output_file)),
        output_file,
    )
    _exit(any(one.rule in text.OF_UNUSED for one in report.findings), exit_zero)


@app.command()
def explain(
    table: Annotated[str, typer.Argument(metavar="TABLE[.COLUMN]", help="A table by its symbol or physical name.")],
    root: Root = None,
    output_format: OutputFormat = Format.text,
    output_file: OutputFile = None,
    config: Config = None,
    exclude: Exclude = None,
) -> None:
    """Say why: the way from an entry point to each use, or every place looked at in vain."""
    from analyzer import graph
    from analyzer.reports import explain as explained
    from analyzer.reports import json

    report = _report(root, config, exclude, columns="." in table)
    found, column = _find(report, table)
    if output_format is Format.json:
        _write(json.explain(report, [_of_column(one, column) for one in found]), output_file)
        return
    ways = {file: graph.chain(report.files, file) for file in {usage.file for one in found for usage in one.usages}}
    _write(explained.explain(report, found, ways.__getitem__, column, **_terminal(output_file)), output_file)


@app.command("graph")
def draw(
    roots: Roots = None,
    output_format: Annotated[
        GraphFormat | None,
        typer.Option(
            "--output-format",
            "-f",
            help="How to write the graph.  [default: by the file's ending, else dot]",
            show_default=False,
        ),
    ] = None,
    output_file: OutputFile = None,
    focus: Annotated[
        list[str] | None,
        typer.Option("--focus", help="Show this table and what is near it (repeatable).", show_default=False),
    ] = None,
    focus_depth: Annotated[int, typer.Option("--focus-depth", min=1, help="How many steps away from it.")] = 1,
    group: Annotated[Group, typer.Option("--group", help="What to draw together.")] = Group.folder,
    config: Config = None,
    exclude: Exclude = None,
) -> None:
    """Draw who touches which table, for design reviews: DOT, SVG, PNG or PDF."""
    from analyzer import graph
    from analyzer.reports import dot, json

    kind = _graph_format(output_format, output_file)
    report = _report(roots, config, exclude)
    whole = graph.build(report)
    chosen = [one for name in focus or () for one in _find(report, name)[0]]
    shown = graph.focus(whole, [one.table.id for one in chosen], focus_depth) if chosen else whole
    if kind is GraphFormat.json:
        _write(json.graph(shown, report), output_file)
        return
    title = f"Who touches {', '.join(one.table.symbol for one in chosen)}" if chosen else "Who touches which table"
    text = dot.dot(shown, report.judged, title, group.value)
    _write(text if kind is GraphFormat.dot else dot.drawn(text, kind.value), output_file)


@app.command()
def check(
    roots: Roots = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            "--baseline",
            help="Findings that are accepted.  [default: tabletrace-baseline.json, if it exists]",
            show_default=False,
        ),
    ] = None,
    update_baseline: Annotated[
        bool, typer.Option("--update-baseline", help="Write the findings into the baseline; reasons stay.")
    ] = False,
    accept_new: Annotated[
        bool, typer.Option("--accept-new", help="Let --update-baseline take up findings that it does not hold yet.")
    ] = False,
    strict_baseline: Annotated[
        bool, typer.Option("--strict-baseline", help="Fail on entries of the baseline that no finding needs any more.")
    ] = False,
    config: Config = None,
    exclude: Exclude = None,
    exit_zero: ExitZero = False,
) -> None:
    """Fail on unused tables that the baseline does not hold: for hooks and CI."""
    from analyzer import baseline as baselines
    from analyzer.reports import checked

    settings = _settings(roots, config, exclude)
    path = baseline or Path(settings.roots[0]) / settings.baseline
    held = baselines.read(path) if path.exists() or (baseline is not None and not update_baseline) else ()
    report = _analyzed(settings)
    found = baselines.findings(report)
    outcome = baselines.compare(found, held)
    if update_baseline:
        if outcome.new and path.exists() and not accept_new:
            raise AnalyzerError(
                f"{path.name} would grow by {len(outcome.new)}: mend them, or take them up with --accept-new."
            )
        _save(path, baselines.written(found, held))
        typer.echo(f"{path}: {len(found)} findings held.", err=True)
        return
    _write(checked.check(report, outcome, **_terminal(None)), None)
    _exit(bool(outcome.new) or (strict_baseline and bool(outcome.stale)), exit_zero)


@app.command()
def plan(
    roots: Roots = None,
    db: Databases = None,
    count: Count = False,
    env_file: EnvFile = None,
    output_dir: Annotated[
        Path | None,
        typer.Option("--output-dir", help="Write the plan and its SQL into this folder.", show_default=False),
    ] = None,
    config: Config = None,
    exclude: Exclude = None,
) -> None:
    """Plan the removal of the unused tables: rename and wait, then drop, and what of the code goes with them.

    Nothing is run, and no file of the code base is changed. Tables that a database advises to keep are left out.
    """
    from analyzer.app import evidence, plan
    from analyzer.databases.sources import sources
    from analyzer.reports import plan as planned

    report = _report(roots, config, exclude)
    made = plan(report, evidence(report, sources(db or (), env_file), count=count))
    if output_dir is None:
        _write(planned.document(made), None)
        return
    try:
        output_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AnalyzerError(f"{str(output_dir)!r} cannot be made ({error.strerror}): choose another place.") from None
    for name, text in planned.files(made).items():
        _save(output_dir / name, text)
        typer.echo(f"wrote {output_dir / name}", err=True)


@app.command()
def drift(
    sources: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME=]SOURCE...",
            help="A URL (postgresql://, mysql://, sqlite:///), env:NAME, a dump (.sql), a folder of migrations, a "
            "snapshot of drizzle-kit, a schema.ts, or `code`. The first is what the others are compared with; when there "
            "is one alone, or all have names (prod=… dev=…), it is the code.",
            show_default=False,
        ),
    ] = None,
    root: Root = None,
    output_format: Annotated[
        DriftFormat, typer.Option("--output-format", "-f", help="How to write the report.")
    ] = DriftFormat.text,
    output_file: OutputFile = None,
    include: Annotated[
        list[str] | None,
        typer.Option(
            "--include", help="Compare the tables that match this glob alone (repeatable).", show_default=False
        ),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option("--exclude", help="Leave out the tables that match this glob (repeatable).", show_default=False),
    ] = None,
    env_file: EnvFile = None,
    exact: Exact = False,
    config: Config = None,
    exit_zero: ExitZero = False,
) -> None:
    """Tell what databases have otherwise than the code declares: types, keys, duplicates, schemas nobody asked for.

    Nothing is ever written to a database: what would mend a difference is printed.
    """
    from analyzer.app import drift as drifted
    from analyzer.databases.sources import compared
    from analyzer.model import Filters
    from analyzer.progress import Progress
    from analyzer.reports import drift as text
    from analyzer.reports import json, markdown

    settings = _settings(root, config, None)
    chosen = compared(sources or (), env_file, exact=exact)
    with Progress(sys.stderr) as progress:
        found = drifted(settings, chosen, Filters(tuple(include or ()), tuple(exclude or ())), progress.advance)
    if output_format is DriftFormat.text:
        _write(text.drift(found, **_terminal(output_file)), output_file)
    else:
        _write(json.drift(found) if output_format is DriftFormat.json else markdown.drift(found), output_file)
    _exit(bool(found.differences), exit_zero)


@app.command()
def init(folder: Annotated[Path, typer.Argument(metavar="[FOLDER]", help="The project's folder.")] = Path(".")) -> None:
    """Look at the project and write a commented tabletrace.toml; print the hook's stanza."""
    from analyzer import reports
    from analyzer.settings import FILES, configures, load

    target = folder / "tabletrace.toml"
    if target.exists():
        raise AnalyzerError(f"{target} exists already: edit it, or remove it first.")
    settings = load(folder)
    if settings != Settings() or any(configures(folder / name) for name in FILES):
        raise AnalyzerError(f"{folder} has a configuration already, in one of {', '.join(FILES[1:])}: keep that one.")
    report = _analyzed(replace(settings, roots=(str(folder),)))
    _save(target, reports.starter.configuration(report))
    typer.echo(f"wrote {target}", err=True)
    typer.echo(reports.starter.HOOK, nl=False)


def _report(
    roots: list[str] | None, config: Path | None, exclude: list[str] | None, *, columns: bool = False
) -> Report:
    settings = _settings(roots, config, exclude)
    return _analyzed(replace(settings, columns=settings.columns or columns))


def _advice(
    report: Report, db: list[str] | None, count: bool, env_file: Path | None
) -> dict[str, tuple[Advised, ...]] | None:
    """Return what databases advise for each unused table; None when none is asked."""
    if not db:
        return None
    from analyzer.app import advised, evidence
    from analyzer.databases.sources import sources

    return advised(report, evidence(report, sources(db, env_file), count=count))


def _settings(roots: list[str] | None, config: Path | None, exclude: list[str] | None) -> Settings:
    from analyzer.settings import load

    if roots and "" in roots:
        raise AnalyzerError("A root is empty: give the folder of the code base, or none for the current one.")
    first = Path(roots[0]) if roots else Path(".")
    settings = load(first if first.is_dir() else Path("."), config)
    if roots:
        settings = replace(settings, roots=tuple(roots))
    return replace(settings, exclude=(*settings.exclude, *(exclude or ())))


def _analyzed(settings: Settings) -> Report:
    from analyzer.app import analyze
    from analyzer.progress import Progress

    with Progress(sys.stderr) as progress:
        return analyze(settings, progress.advance)


def _find(report: Report, name: str) -> tuple[list[Verdict], str | None]:
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


def _of_column(verdict: Verdict, column: str | None) -> Verdict:
    """Return a verdict with the usages of one column alone, when one is named."""
    properties = {part.property for part in verdict.table.columns if column in (part.property, part.name)}
    return replace(verdict, usages=tuple(one for one in verdict.usages if column is None or one.column in properties))


def _graph_format(given: GraphFormat | None, file: Path | None) -> GraphFormat:
    ending = file.suffix.lstrip(".").lower() if file else ""
    known = {one.value for one in GraphFormat}
    if given is None and file is not None and ending not in known and ending != "gv":
        raise AnalyzerError(
            f"The ending of {file.name!r} names no format: give one of {', '.join(sorted(known))} with --output-format."
        )
    kind = given or (GraphFormat(ending) if ending in known else GraphFormat.dot)
    if kind in {GraphFormat.png, GraphFormat.pdf} and file is None and _is_terminal():
        raise AnalyzerError(f"A {kind.value} is no text for a terminal: name a file with --output-file.")
    return kind


class Terminal(TypedDict):
    """How to write text: in colour, and how wide."""

    color: bool
    width: int


def _terminal(file: Path | None) -> Terminal:
    """Return how to write: as the terminal is, and plainly elsewhere."""
    import os
    import shutil

    from analyzer.reports.text import WIDE

    live = file is None and _is_terminal()
    color = file is None and (bool(os.environ.get("FORCE_COLOR")) or (live and not os.environ.get("NO_COLOR")))
    return {"color": color, "width": shutil.get_terminal_size().columns if live else WIDE}


def _is_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def _write(content: str | bytes, file: Path | None) -> None:
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


def _save(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf8")
    except OSError as error:
        raise AnalyzerError(f"{str(path)!r} cannot be written ({error.strerror}): choose another place.") from None


def _exit(findings: bool, exit_zero: bool) -> None:
    raise typer.Exit(1 if findings and not exit_zero else 0)


def main() -> None:
    """Run the command; a wrong request is one sentence on stderr and exit status 2."""
    import os

    try:
        status = app(prog_name="tabletrace", standalone_mode=False)
    except USAGE_ERROR as error:
        asked_for_help = type(error).__name__ == "NoArgsIsHelpError"
        message = error.format_message().replace("Value error, ", "").rstrip(".")
        typer.echo(message if asked_for_help else f"tabletrace: {message}: see `tabletrace --help`.", err=True)
        raise SystemExit(2) from None
    except AnalyzerError as error:
        typer.echo(f"tabletrace: {error}", err=True)
        raise SystemExit(2) from None
    except (typer.Abort, KeyboardInterrupt):
        raise SystemExit(130) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    raise SystemExit(status or 0)
