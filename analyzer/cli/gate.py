"""The commands that stand at a gate: check and init."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import replace

from analyzer.cli.common import analyzed, leave, save, settings_of, terminal, with_databases, write
from analyzer.cli.options import Config, Databases, EnvFile, Exclude, ExitZero, Roots
from analyzer.cli.running import CacheDir
from analyzer.model import AnalyzerError, Settings


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
    db: Databases = None,
    env_file: EnvFile = None,
    config: Config = None,
    exclude: Exclude = None,
    exit_zero: ExitZero = False,
) -> None:
    """Fail on unused tables, and on drift of databases, that the baseline does not hold: for hooks and CI."""
    from analyzer import baseline as baselines
    from analyzer.reports import checked

    settings = settings_of(roots, config, exclude)
    path = baseline or Path(settings.roots[0]) / settings.baseline
    held = baselines.read(path) if path.exists() or (baseline is not None and not update_baseline) else ()
    report = with_databases(analyzed(settings), db, env_file)
    found = baselines.findings(report)
    outcome = baselines.compare(found, held)
    if update_baseline:
        if outcome.new and path.exists() and not accept_new:
            raise AnalyzerError(
                f"{path.name} would grow by {len(outcome.new)}: mend them, or take them up with --accept-new."
            )
        save(path, baselines.written(found, held))
        typer.echo(f"{path}: {len(found)} findings held.", err=True)
        return
    write(checked.check(report, outcome, **terminal(None)), None)
    leave(bool(outcome.new) or (strict_baseline and bool(outcome.stale)), exit_zero)


def clean(roots: Roots = None, cache_dir: CacheDir = None, config: Config = None) -> None:
    """Remove what was kept of earlier runs."""
    from analyzer.cache import FOLDER
    from analyzer.cache import clean as remove

    settings = settings_of(roots, config, None)
    folder = cache_dir or Path(settings.roots[0]) / FOLDER
    typer.echo(f"removed {folder}" if remove(folder) else f"{folder} holds no cache", err=True)


def init(folder: Annotated[Path, typer.Argument(metavar="[FOLDER]", help="The project's folder.")] = Path(".")) -> None:
    """Look at the project and write a commented tabletrace.toml; print the hook's stanza."""
    from analyzer.reports import starter
    from analyzer.settings import FILES, configures, load

    target = folder / "tabletrace.toml"
    if target.exists():
        raise AnalyzerError(f"{target} exists already: edit it, or remove it first.")
    settings = load(folder)
    if settings != Settings() or any(configures(folder / name) for name in FILES):
        raise AnalyzerError(f"{folder} has a configuration already, in one of {', '.join(FILES[1:])}: keep that one.")
    report = analyzed(replace(settings, roots=(str(folder),)))
    save(target, starter.configuration(report))
    typer.echo(f"wrote {target}", err=True)
    typer.echo(starter.HOOK, nl=False)
