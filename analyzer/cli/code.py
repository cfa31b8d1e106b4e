"""The commands that read code: scan, unused, explain, graph."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analyzer.cli.common import advice_of, find, is_terminal, leave, of_column, report_of, terminal, write
from analyzer.cli.options import (
    Columns,
    Config,
    Count,
    Databases,
    EnvFile,
    Exclude,
    ExitZero,
    Format,
    GraphFormat,
    Group,
    OutputFile,
    OutputFormat,
    Root,
    Roots,
)
from analyzer.model import AnalyzerError


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

    report = report_of(roots, config, exclude, columns=columns)
    write(
        json.scan(report) if output_format is Format.json else text.scan(report, **terminal(output_file)), output_file
    )
    leave(any(one.severity == "error" for one in report.findings), exit_zero)


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

    report = report_of(roots, config, exclude, columns=columns)
    advice = advice_of(report, db, count, env_file)
    write(
        json.unused(report, advice)
        if output_format is Format.json
        else text.unused(report, advice, **terminal(output_file)),
        output_file,
    )
    leave(any(one.rule in text.OF_UNUSED for one in report.findings), exit_zero)


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

    report = report_of(root, config, exclude, columns="." in table)
    found, column = find(report, table)
    if output_format is Format.json:
        write(json.explain(report, [of_column(one, column) for one in found]), output_file)
        return
    ways = {file: graph.chain(report.files, file) for file in {usage.file for one in found for usage in one.usages}}
    write(explained.explain(report, found, ways.__getitem__, column, **terminal(output_file)), output_file)


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
    report = report_of(roots, config, exclude)
    whole = graph.build(report)
    chosen = [one for name in focus or () for one in find(report, name)[0]]
    shown = graph.focus(whole, [one.table.id for one in chosen], focus_depth) if chosen else whole
    if kind is GraphFormat.json:
        write(json.graph(shown, report), output_file)
        return
    title = f"Who touches {', '.join(one.table.symbol for one in chosen)}" if chosen else "Who touches which table"
    text = dot.dot(shown, report.judged, title, group.value)
    write(text if kind is GraphFormat.dot else dot.drawn(text, kind.value), output_file)


def _graph_format(given: GraphFormat | None, file: Path | None) -> GraphFormat:
    ending = file.suffix.lstrip(".").lower() if file else ""
    known = {one.value for one in GraphFormat}
    if given is None and file is not None and ending not in known and ending != "gv":
        raise AnalyzerError(
            f"The ending of {file.name!r} names no format: give one of {', '.join(sorted(known))} with --output-format."
        )
    kind = given or (GraphFormat(ending) if ending in known else GraphFormat.dot)
    if kind in {GraphFormat.png, GraphFormat.pdf} and file is None and is_terminal():
        raise AnalyzerError(f"A {kind.value} is no text for a terminal: name a file with --output-file.")
    return kind
