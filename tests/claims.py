"""Claims: small TypeScript fixtures that carry their own expectations, and what is needed to check them.

A claim is one file of `fixtures/claims/<theme>/`; its name is the claim. It holds one or more files, each behind a line
`/*--- path: service.ts ---*/`. Under a token, a comment with a caret says what is expected there:

    db.select().from(people);
    //               ^ reads: app_users

A line `/*--- link: app/db -> ../packages/db ---*/` makes a symbolic link. After the line `/*--- expect ---*/` stand expectations about the whole: `status app_users: orphaned`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer.app import analyze
from analyzer.model import Report, Settings, Usage, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
CLAIMS = ROOT / "fixtures" / "claims"
_FILE = re.compile(r"^/\*--- path: (\S+) ---\*/$")
_LINK = re.compile(r"^/\*--- link: (\S+) -> (\S+) ---\*/$")
_EXPECT = "/*--- expect ---*/"
_CARET = re.compile(r"^\s*(?://|--)(\s*)\^ (.+?)\s*$")
ACTIONS = {
    "reads": "read",
    "inserts": "insert",
    "updates": "update",
    "deletes": "delete",
    "sql": "sql",
    "passes": "pass",
    "derives": "derive",
    "types": "type",
    "relates": "relation",
    "keys": "foreign-key",
    "registers": "register",
    "iterates": "iterate",
}


@dataclass(frozen=True)
class Expectation:
    """What is expected at a place (line 0 for the whole), in the claim's own words."""

    file: str
    line: int
    column: int
    text: str


@dataclass(frozen=True)
class Claim:
    """A claim: its files by path, and what is expected of them."""

    name: str
    files: tuple[tuple[str, str], ...]
    expectations: tuple[Expectation, ...]
    idioms: tuple[str, ...]
    gap: str | None
    links: tuple[tuple[str, str], ...] = ()


def claims() -> list[Path]:
    """Return every claim's file, sorted."""
    return sorted(CLAIMS.glob("*/*.ts"))


def read(path: Path) -> Claim:
    """Read one claim."""
    files: dict[str, list[str]] = {}
    expected: list[Expectation] = []
    header: list[str] = []
    links: list[tuple[str, str]] = []
    current: str | None = None
    whole = False
    for line in path.read_text("utf8").splitlines():
        match = _FILE.match(line)
        if match:
            current = match[1]
            files[current] = []
        elif link := _LINK.match(line):
            links.append((link[1], link[2]))
        elif line == _EXPECT:
            whole = True
        elif whole:
            if line.strip():
                expected.append(Expectation("", 0, 0, line.removeprefix("//").strip()))
        elif current is None:
            header.append(line)
        elif caret := _CARET.match(line):
            column = line.index("^") + 1
            expected.append(Expectation(current, len(files[current]) - _carets(files[current]), column, caret[2]))
            files[current].append(line)
        else:
            files[current].append(line)
    text = "\n".join(header)
    idioms = tuple(re.findall(r"\b[A-K]\d+\b", next((line for line in header if line.startswith("// idioms:")), "")))
    gap = next((line.removeprefix("// gap:").strip() for line in header if line.startswith("// gap:")), None)
    assert expected, f"{path.name} expects nothing"
    assert files, f"{path.name} holds no file: {text[:80]}"
    return Claim(
        path.stem,
        tuple((name, "\n".join(lines) + "\n") for name, lines in files.items()),
        tuple(expected),
        idioms,
        gap,
        tuple(links),
    )


def _carets(lines: list[str]) -> int:
    count = 0
    while lines and count < len(lines) and _CARET.match(lines[-1 - count]):
        count += 1
    return count


def run(claim: Claim, folder: Path) -> Report:
    """Write a claim's files into a folder and analyze them."""
    for name, text in claim.files:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf8")
    for name, aim in claim.links:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).symlink_to(aim)
    return analyze(settings(claim, folder))


def settings(claim: Claim, folder: Path) -> Settings:
    """Return how a claim in a folder is analyzed."""
    asked = any(one.text.startswith("column-") for one in claim.expectations)
    return Settings(roots=(str(folder),), columns=asked)


def failures(claim: Claim, report: Report) -> Iterator[str]:
    """Yield what was expected and is not so."""
    for one in claim.expectations:
        problem = _at(one, report) if one.line else _whole(one.text, report)
        if problem:
            place = f"{one.file}:{one.line}:{one.column} " if one.line else ""
            yield f"{place}expected {one.text!r}, but {problem}"


def _at(one: Expectation, report: Report) -> str | None:
    verb, _, rest = one.text.partition(": ")
    verb = verb.strip()
    here = [
        (verdict, usage)
        for verdict in report.verdicts
        for usage in verdict.usages
        if (usage.file, usage.site.line, usage.site.column) == (one.file, one.line, one.column)
    ]
    said = ", ".join(_said(verdict, usage) for verdict, usage in here) or "nothing"
    if verb == "nothing":
        return None if not here else f"found {said}"
    if verb == "unresolved":
        reasons = [doubt.reason for doubt in report.unresolved if (doubt.file, doubt.site.line) == (one.file, one.line)]
        return None if any(rest in reason for reason in reasons) else f"unresolved here: {reasons}"
    if verb == "ghost":
        ghosts = [
            f"{ghost.rule} {ghost.name}"
            for ghost in report.ghosts
            if (ghost.file, ghost.site.line, ghost.site.column) == (one.file, one.line, one.column)
        ]
        return None if rest in ghosts else f"ghosts here: {ghosts}"
    if verb == "declares":
        return _declared(one, rest, report)
    if verb == "column":
        return _column(one, rest, report)
    if verb not in ACTIONS:
        return f"{verb!r} is no word of claims: {', '.join([*ACTIONS, 'declares', 'column', 'nothing', 'unresolved'])}"
    wanted, details = _wanted(rest)
    for name in wanted:
        fits = [usage for verdict, usage in here if usage.action == ACTIONS[verb] and _named(verdict, name)]
        if not any(_fits(usage, details) for usage in fits):
            return f"found {said}"
    return None


def _wanted(text: str) -> tuple[list[str], dict[str, str]]:
    parts = re.split(r"\s+(?=(?:by|certainty|statement|column|role|rows|evidence)=)", text)
    return [name.strip() for name in parts[0].split(",")], dict(part.split("=", 1) for part in parts[1:])


def _fits(usage: Usage, details: dict[str, str]) -> bool:
    actual = {
        "by": usage.by,
        "certainty": usage.certainty,
        "statement": usage.statement,
        "column": usage.column,
        "role": usage.role,
        "rows": str(usage.whole_row).lower(),
        "evidence": usage.evidence,
    }
    return all(actual[key] == value for key, value in details.items())


def _said(verdict: Verdict, usage: Usage) -> str:
    extra = f" statement={usage.statement}" if usage.statement else ""
    column = f" column={usage.column}" if usage.column else ""
    column += " rows=true" if usage.whole_row else ""
    return f"{usage.action} {verdict.table.physical} certainty={usage.certainty}{column} by={usage.by}{extra}"


def _named(verdict: Verdict, name: str) -> bool:
    table = verdict.table
    return name in {table.physical, table.name, f"{table.file}#{table.symbol}", table.symbol}


def _declared(one: Expectation, name: str, report: Report) -> str | None:
    found = [
        verdict.table
        for verdict in report.verdicts
        if verdict.table.file == one.file and verdict.table.line == one.line
    ]
    names = [table.physical or f"unknown {table.pattern}" for table in found]
    kinds = [f"{table.kind} {table.physical}" for table in found]
    return None if name in names or name in kinds else f"declared here: {kinds or 'nothing'}"


def _column(one: Expectation, text: str, report: Report) -> str | None:
    for verdict in report.verdicts:
        for column in verdict.table.columns:
            if verdict.table.file == one.file and column.line == one.line:
                words = [column.name or "unknown", column.type or "unknown"]
                words += ["null" if column.nullable else "not null"]
                words += [f"default {column.default}"] if column.default else []
                words += ["primary key"] if column.primary_key else []
                words += ["unique"] if column.unique else []
                words += [f"references {column.references}"] if column.references else []
                said = ", ".join(words)
                return None if said == text or said.startswith(f"{text}, ") else f"it is {said!r}"
    return "no column stands here"


def _whole(text: str, report: Report) -> str | None:
    kind, _, rest = text.partition(" ")
    name, _, wanted = rest.partition(": ")
    if kind == "tables":
        found = sorted(verdict.table.physical or "?" for verdict in report.verdicts if verdict.table.kind != "enum")
        return (
            None if found == sorted(part for part in rest.split(", ") if part != "none") else f"the tables are {found}"
        )
    if kind == "problem":
        said = [f"{problem.file}: {problem.reason}" for problem in report.problems]
        return None if any(rest in problem for problem in said) else f"the problems are {said}"
    if kind == "ghosts":
        ghosts = sorted(f"{ghost.rule} {ghost.name}" for ghost in report.ghosts)
        return (
            None
            if ghosts == sorted(part for part in rest.split(", ") if part != "none")
            else f"the ghosts are {ghosts}"
        )
    if kind == "findings":
        told = sorted(f"{finding.rule} {finding.name}" for finding in report.findings)
        return (
            None if told == sorted(part for part in rest.split(", ") if part != "none") else f"the findings are {told}"
        )
    if kind == "finding":
        found = [f"{finding.rule} {finding.name}" for finding in report.findings]
        return None if rest in found else f"the findings are {found}"
    if kind in {"column-status", "column-counts", "column-reason"}:
        return _judged(kind, name, wanted, report)
    verdicts = [one for one in report.verdicts if _named(one, name)]
    if not verdicts:
        return f"no table is called {name!r} among {[one.table.physical for one in report.verdicts]}"
    actual: dict[str, list[str | None]] = {
        "status": [one.status for one in verdicts],
        "crud": [one.crud for one in verdicts],
        "reason": [one.reason for one in verdicts],
        "pattern": [one.table.pattern for one in verdicts],
        "role": [one.table.role for one in verdicts],
        "primary-key": [", ".join(one.table.primary_key) for one in verdicts],
        "foreign-keys": [_keys(one) for one in verdicts],
        "indexes": [json.dumps([[index.name, *index.columns] for index in one.table.indexes]) for one in verdicts],
        "values": [", ".join(one.table.values) for one in verdicts],
        "unreached": [str(one.unreached).lower() for one in verdicts],
    }
    if kind not in actual:
        return f"{kind!r} is no word of claims: {', '.join([*actual, 'tables', 'problem'])}"
    return None if all(value == wanted for value in actual[kind]) else f"it is {actual[kind]}"


def _judged(kind: str, name: str, wanted: str, report: Report) -> str | None:
    table, _, column = name.rpartition(".")
    found = [
        judged
        for verdict in report.verdicts
        for judged in verdict.columns
        if _named(verdict, table) and column in (judged.column.property, judged.column.name)
    ]
    if len(found) != 1:
        return f"{len(found)} columns are called {name!r}"
    one = found[0]
    counts = {
        "write": one.writes,
        "read": one.reads,
        "select": one.projections,
        "filter": one.filters,
        "sql": one.sql,
        "row": one.whole_rows,
    }
    said = {
        "column-status": one.status,
        "column-reason": one.reason,
        "column-counts": " ".join(f"{word} {count}" for word, count in counts.items() if count),
    }[kind]
    return None if said == wanted else f"it is {said!r}"


def _keys(verdict: Verdict) -> str:
    keys = verdict.table.foreign_keys
    return "; ".join(
        f"{', '.join(key.columns)} → {key.table}({', '.join(key.foreign_columns)}) {key.on_delete or ''}".strip()
        for key in keys
    )
