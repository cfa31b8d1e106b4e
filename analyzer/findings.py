"""A report's findings: what a user should look at, by rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.model import RULE_OF, UNUSED, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.model import Difference, Report, Verdict


def findings(report: Report) -> tuple[Finding, ...]:
    """Return every finding of a report, by file and line."""
    return tuple(sorted({*_unused(report), *_one_sided(report), *_columns(report), *_ghosts(report)}))


def drifted(one: Difference) -> Finding:
    """Return a difference of a database as a finding: at the declaration, or at the database where there is none."""
    file, line = (one.place.file, one.place.line) if one.place else (f"({one.source})", 0)
    subject = ".".join(part for part in (one.subject, one.column) if part)
    what = " ".join(part for part in (one.object.replace("-", " "), one.name, one.attribute) if part)
    values = f": {one.actual or 'nothing'} for {one.expected}" if one.kind == "changed" else ""
    return Finding(file, line, one.rule, f"{one.source}:{subject}", f"{what} is {one.kind} in {one.source}{values}")


def one_sided(verdict: Verdict) -> str | None:
    """Return the rule that a table in use breaks by being only written, or only read; None where that cannot be told.

    A table that is handed on, or that stands in SQL of which it is not known what it does, may be either.
    """
    done = [one for one in verdict.usages if one.is_use and one.role != "generated" and one.column is None]
    actions = {one.statement or one.action for one in done}
    if verdict.status != "used" or verdict.table.kind != "table" or actions & {"pass", "sql"} or verdict.unresolved:
        return None
    written, read = (
        actions & {"insert", "update"},
        "read" in actions or any(one.evidence == "delete returning" for one in done),
    )
    return (
        "TT004" if written and not read else "TT005" if read and not actions & {"insert", "update", "delete"} else None
    )


def _unused(report: Report) -> Iterator[Finding]:
    for one in report.unused:
        yield _of_table(one, RULE_OF[one.status], f"is {one.status}: {one.reason}")


def _one_sided(report: Report) -> Iterator[Finding]:
    for one in report.judged:
        rule = one_sided(one)
        if rule is not None:
            words = "is written and never read" if rule == "TT004" else "is read and never written"
            uses = [usage for usage in one.usages if usage.is_use and usage.column is None]
            told = {"insert", "update"} if rule == "TT004" else {"read"}
            first = min(
                uses, key=lambda usage: ((usage.statement or usage.action) not in told, usage.role != "production")
            )
            yield _of_table(one, rule, f"{words}: {first.action} in {first.file}:{first.site.line}")


def _columns(report: Report) -> Iterator[Finding]:
    found = [(one, column) for one in report.judged for column in one.columns if column.status in UNUSED]
    for one, column in found:
        name = f"{one.table.physical or one.table.symbol}.{column.column.name or column.column.property}"
        line = column.column.line or one.table.line
        told = f"({one.table.symbol}.{column.column.property}) is {column.status}: {column.reason}"
        yield Finding(one.table.file, line, "TT006", name, told)


def _ghosts(report: Report) -> Iterator[Finding]:
    for one in report.ghosts:
        yield Finding(one.file, one.site.line, one.rule, one.name, f"is used and provided by nothing: {one.reason}")


def _of_table(verdict: Verdict, rule: str, message: str) -> Finding:
    table = verdict.table
    return Finding(table.file, table.line, rule, table.physical or table.symbol, f"({table.symbol}) {message}")
