"""How a run is done, whatever the command: the options that every command has which reads code."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, replace
from functools import wraps
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TypeVar, get_type_hints

import typer

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
Timings = Annotated[bool, typer.Option("--timings", help="Say on stderr where the time went.")]


@dataclass
class Run:
    """What was asked of this run."""

    jobs: int = 0
    prefilter: bool = True
    timings: bool = False

    def settings(self, settings: Settings) -> Settings:
        """Return settings as this run has them."""
        return replace(settings, jobs=self.jobs, prefilter=self.prefilter)

    def told(self, progress: Progress) -> None:
        """Say where the time of a run went, where that was asked."""
        if not self.timings:
            return
        total = sum(progress.stages.values())
        for name, seconds in progress.stages.items():
            typer.echo(f"{name:<9}{seconds:7.3f} s{100 * seconds / total if total else 0:6.0f} %", err=True)


RUN = Run()


def running(command: Callable[Given, Result]) -> Callable[Given, Result]:
    """Give a command the options of a run."""
    hints = get_type_hints(command, include_extras=True)
    own = [one.replace(annotation=hints[one.name]) for one in inspect.signature(command).parameters.values()]
    added = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, default, annotation in (
            ("jobs", 0, Jobs),
            ("prefilter", True, Prefilter),
            ("timings", False, Timings),
        )
    ]

    @wraps(command)
    def run(*args: Any, jobs: int, prefilter: bool, timings: bool, **given: Any) -> Result:
        RUN.jobs, RUN.prefilter, RUN.timings = jobs, prefilter, timings
        return command(*args, **given)

    run.__signature__ = inspect.Signature([*own, *added])  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in (*own, *added)}
    return run  # type: ignore[return-value]
