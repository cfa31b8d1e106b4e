"""The command for many repositories at once: fleet."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from analyzer.cli.common import leave, terminal, write
from analyzer.cli.options import ExitZero, Format, OutputFile, OutputFormat
from analyzer.cli.running import RUN, CacheDir, Jobs, NoCache, Timings


def fleet(
    file: Annotated[Path, typer.Argument(metavar="FLEET.toml", help="The repositories, and the database of each.")],
    output_format: OutputFormat = Format.text,
    output_file: OutputFile = None,
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler",
            metavar="ADDRESS",
            help="Read on a Dask cluster: tcp://HOST:PORT (extra: cluster).",
            show_default=False,
        ),
    ] = None,
    jobs: Jobs = 0,
    no_cache: NoCache = False,
    cache_dir: CacheDir = None,
    timings: Timings = False,
    exit_zero: ExitZero = False,
) -> None:
    """Give one verdict for each physical table over many repositories on shared databases.

    Whose it is, who reads and who writes it, and which tables none uses. A run that was stopped goes on where it was; a
    repository that cannot be read costs only itself, and leaves open what it may use.
    """
    import os

    from analyzer.app.fleet import report
    from analyzer.app.surveys import answer
    from analyzer.cache import FOLDER
    from analyzer.engine.workers import Workers
    from analyzer.fleet import load
    from analyzer.progress import Shown
    from analyzer.reports import fleet as reports

    RUN.timings = timings
    repositories = load(file)
    workers = Workers(answer, jobs or os.cpu_count() or 1, scheduler)
    folder = None if no_cache else cache_dir or file.parent / FOLDER
    with Shown(sys.stderr, "repositories") as progress:
        found = report(repositories, workers, folder, progress)
    RUN.told(progress)
    write(
        reports.document(found) if output_format is Format.json else reports.text(found, **terminal(output_file)),
        output_file,
    )
    leave(bool(found.failed or found.unused), exit_zero)
