"""How a run is done, whatever the command: the options that every command has which reads code."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TypeVar, get_type_hints

import typer
from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Callable

    from analyzer.model import Settings
    from analyzer.progress import Progress

Given = ParamSpec("Given")
Result = TypeVar("Result")

Jobs = Annotated[int, typer.Option("--jobs", "-j", min=0, help="Read with so many processes; 0 for one per core.")]
Prefilter = Annotated[
    bool,
    typer.Option("--prefilter/--no-prefilter", help="Parse only the files that can matter; the report is the same."),
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Neither read nor keep what was found of a content before.")]
CacheDir = Annotated[
    Path | None,
    typer.Option(
        "--cache-dir", help="Keep it in this folder.  [default: .tabletrace_cache in the root]", show_default=False
    ),
]
Timings = Annotated[bool, typer.Option("--timings", help="Say on stderr where the time went.")]


@dataclass
class Run:
    """What was asked of this run."""

    jobs: int = 0
    prefilter: bool = True
    timings: bool = False
    cached: bool = True
    cache_dir: Path | None = None

    def settings(self, settings: Settings) -> Settings:
        """Return settings as this run has them."""
        from analyzer.cache import FOLDER

        folder = self.cache_dir or Path(settings.roots[0]) / FOLDER
        cache = str(folder) if self.cached else None
        return replace(settings, jobs=self.jobs, prefilter=self.prefilter, cache=cache)

    def told(self, progress: Progress) -> None:
        """Say where the time of a run went, where that was asked."""
        if not self.timings:
            return
        total = sum(progress.stages.values())
        for name, seconds in progress.stages.items():
            typer.echo(f"{name:<9}{seconds:7.3f} s{100 * seconds / total if total else 0:6.0f} %", err=True)


RUN = Run()
_OPTIONS = (
    ("jobs", 0, Jobs),
    ("no_cache", False, NoCache),
    ("cache_dir", None, CacheDir),
    ("prefilter", True, Prefilter),
    ("timings", False, Timings),
)


def running(command: Callable[Given, Result]) -> Callable[Given, Result]:
    """Give a command the options of a run."""
    hints = get_type_hints(command, include_extras=True)
    own = [one.replace(annotation=hints[one.name]) for one in inspect.signature(command).parameters.values()]
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, default, annotation in _OPTIONS
    ]

    @wraps(command)
    def run(
        *args: Any, jobs: int, no_cache: bool, cache_dir: Path | None, prefilter: bool, timings: bool, **given: Any
    ) -> Result:
        RUN.jobs, RUN.prefilter, RUN.timings = jobs, prefilter, timings
        RUN.cached, RUN.cache_dir = not no_cache, cache_dir
        return command(*args, **given)

    run.__signature__ = inspect.Signature([*own, *added])  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in (*own, *added)}
    return run  # type: ignore[return-value]
