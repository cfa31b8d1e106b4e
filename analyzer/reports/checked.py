"""The outcome of `check`: what is new, and what a baseline still holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from analyzer.reports.escape import plain
from analyzer.reports.text import WIDE, console, finished, summary, told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from analyzer.model import Report


class Held(Protocol):
    """A finding as a baseline holds it."""

    @property
    def rule(self) -> str: ...
    @property
    def table(self) -> str: ...
    @property
    def file(self) -> str: ...


class Outcome(Protocol):
    """Findings beside a baseline."""

    @property
    def new(self) -> Sequence[Held]: ...
    @property
    def known(self) -> Sequence[Held]: ...
    @property
    def stale(self) -> Sequence[Held]: ...


def check(report: Report, outcome: Outcome, *, color: bool = False, width: int = WIDE) -> str:
    """Return the new findings, one a line with place and reason, then the entries that are stale."""
    out = console(color=color, width=width)
    new = {(one.rule, one.table, one.file) for one in outcome.new}
    for finding in report.findings:
        if (finding.rule, finding.name, finding.file) in new:
            out.print(told(finding), soft_wrap=True)
    for one in outcome.stale:
        out.print(
            plain(f"{one.file}: the baseline holds {one.rule} {one.table}, which is no finding any more", markup=True),
            soft_wrap=True,
        )
    held = f"; {len(outcome.known)} held by the baseline" if outcome.known else ""
    findings = "1 new finding" if len(outcome.new) == 1 else f"{len(outcome.new)} new findings"
    out.print(f"{findings}{held}. {summary(report)}", soft_wrap=True)
    return finished(out)
