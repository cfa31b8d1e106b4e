"""The commands that ask databases: drift and plan."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from analyzer.cli.common import leave, report_of, save, settings_of, terminal, write
from analyzer.cli.options import (
    Config,
    Count,
    Databases,
    DriftFormat,
    EnvFile,
    Exact,
    Exclude,
    ExcludeTables,
    ExitZero,
    IncludeTables,
    OutputFile,
    Root,
    Roots,
)
from analyzer.cli.running import RUN
from analyzer.model import AnalyzerError


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
    from analyzer.app.databases import evidence
    from analyzer.databases.sources import sources
    from analyzer.removal import plan
    from analyzer.reports import plan as planned

    report = report_of(roots, config, exclude)
    made = plan(report, evidence(report, sources(db or (), env_file), count=count))
    if output_dir is None:
        write(planned.document(made), None)
        return
    try:
        output_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise AnalyzerError(f"{str(output_dir)!r} cannot be made ({error.strerror}): choose another place.") from None
    for name, text in planned.files(made).items():
        save(output_dir / name, text)
        typer.echo(f"wrote {output_dir / name}", err=True)


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
    include: IncludeTables = None,
    exclude: ExcludeTables = None,
    env_file: EnvFile = None,
    exact: Exact = False,
    config: Config = None,
    exit_zero: ExitZero = False,
) -> None:
    """Tell what databases have otherwise than the code declares: types, keys, duplicates, schemas nobody asked for.

    Nothing is ever written to a database: what would mend a difference is printed.
    """
    from analyzer.app.databases import drift as drifted
    from analyzer.databases.sources import compared
    from analyzer.model import Filters
    from analyzer.progress import Shown
    from analyzer.reports import drift as text
    from analyzer.reports import json, markdown

    settings = settings_of(root, config, None)
    chosen = compared(sources or (), env_file, exact=exact)
    with Shown(sys.stderr) as progress:
        found = drifted(RUN.settings(settings), chosen, Filters(tuple(include or ()), tuple(exclude or ())), progress)
    RUN.told(progress)
    if output_format is DriftFormat.text:
        write(text.drift(found, **terminal(output_file)), output_file)
    else:
        write(json.drift(found) if output_format is DriftFormat.json else markdown.drift(found), output_file)
    leave(bool(found.differences), exit_zero)
