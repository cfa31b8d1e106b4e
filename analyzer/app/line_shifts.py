"""What a file says may stand on other lines by now: its places in a report move along, and nothing else changes."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias, TypeVar

import msgspec
from msgspec.structs import replace

from analyzer import findings, verdicts
from analyzer.model import Site

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analyzer.model import FileFacts, Ghost, Problem, Report, Unresolved, Usage, Verdict

    Placed = TypeVar("Placed", Ghost, Unresolved, Usage)

Shifts: TypeAlias = tuple[
    tuple[int, int], ...
]  # from a line on, how much further down; ascending, and none where nothing is elsewhere

_ENDLESS = re.compile(r"\bvalue=-?(?:inf|nan)\b")
_PLACE = re.compile(
    r'("(?:end_)?line":|"column":|"offset":|"kind":"substitution","name":"'
    r'|"(?:id|root)":"[^"\\]*@|"kind":"(?:initializer|assigned)","name":"[^"\\]*@)(\d+)'
)  # within a string of JSON a quote stands behind a backslash, so no text of a user is taken for a place


def shifts(before: object, after: object) -> Shifts | None:
    """Return by how much what stood in one text stands further down in another that says the same; None where it says something else.

    It is empty where nothing stands elsewhere, in its line neither.

    >>> from analyzer.model import Literal, Name, Specifier
    >>> shifts((Name("a@7"), Specifier("./b", False, 3)), (Name("a@9"), Specifier("./b", False, 5)))
    ((1, 0), (3, 2))
    >>> shifts(Name("a"), Name("a")), shifts(Name("a@7"), Name("a@9"))
    ((), ((1, 0),))
    >>> shifts(Literal("a@7"), Literal("a@9")), shifts(Literal(True), Literal(1)), shifts(Literal(None), Literal(float("inf")))
    (None, None, None)
    """
    if any(_ENDLESS.search(repr(one)) for one in (before, after)):
        return None  # JSON has no such number
    try:
        was, now = (msgspec.json.encode(one).decode("utf8") for one in (before, after))
    except (ValueError, OverflowError):  # half a character, or a number that is too large
        return None
    if was == now:
        return ()
    left, right = _PLACE.split(was), _PLACE.split(now)
    if left[::3] != right[::3] or left[1::3] != right[1::3]:
        return None
    lines: set[tuple[int, int]] = set()
    offsets: set[tuple[int, int]] = set()
    for kind, one, other in zip(left[1::3], left[2::3], right[2::3], strict=True):
        if kind == '"column":':
            if one != other:
                return None
        else:
            (lines if kind.endswith('line":') else offsets).add((int(one), int(other)))
    if not _is_in_order(lines) or not _is_in_order(offsets):
        return None
    return (1, 0), *_steps(sorted(lines))


def normalised(facts: FileFacts) -> FileFacts:
    """Return facts whose places are numbered in the order in which something stands at them; those at which nothing does are left out.

    >>> from analyzer.model import FileFacts, Place, Text
    >>> [normalised(FileFacts(texts=(Text((), (), None, None, 1, ""),), places=(Place("body"), Place("type")))).places]
    [(Place(kind='type', name='', index=0, callee=None, parent=-1, literal=None),)]
    """
    numbers: dict[int, int] = {}
    for index in (*(one.place for one in facts.references), *(one.place for one in facts.texts)):
        while index >= 0 and index not in numbers:
            numbers[index] = len(numbers)
            index = facts.places[index].parent
    places = [facts.places[index] for index in numbers]
    numbers[-1] = -1
    return replace(
        facts,
        references=tuple(replace(one, place=numbers[one.place]) for one in facts.references),
        texts=tuple(replace(one, place=numbers[one.place]) for one in facts.texts),
        places=tuple(replace(one, parent=numbers[one.parent]) for one in places),
    )


def _is_in_order(pairs: Iterable[tuple[int, int]]) -> bool:
    """Whether each number became one other, and what stood behind another still does."""
    return all(one[0] < other[0] and one[1] < other[1] for one, other in pairwise(sorted(pairs)))


def _steps(lines: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    last = 0
    for one, other in lines:
        if other - one != last:
            last = other - one
            yield one, last


def shifted(report: Report, path: str, how: Shifts) -> Report:
    """Return a report in which what stands in one file stands on other lines; the file declares no table.

    >>> from analyzer.model import Problem, Report
    >>> [problem] = shifted(Report((), (), (), (), (), (Problem("a.ts", 12, "is torn"),), (), 20, ""), "a.ts", ((10, 3),)).problems
    >>> problem.line
    15
    """
    problems = [_problem(one, how) if one.file == path else one for one in report.problems]
    report = replace(
        report,
        verdicts=tuple(_verdict(one, path, how) for one in report.verdicts),
        unresolved=_all(report.unresolved, path, how),
        ghosts=_all(report.ghosts, path, how),
        problems=tuple(sorted(problems, key=lambda one: (one.file, one.line or 0, one.reason))),
    )
    return replace(report, findings=findings.findings(report))


def _verdict(verdict: Verdict, path: str, how: Shifts) -> Verdict:
    usages, doubts = _all(verdict.usages, path, how), _all(verdict.unresolved, path, how)
    if (usages, doubts) == (verdict.usages, verdict.unresolved):
        return verdict
    reason = verdict.reason if verdict.status == "kept" else verdicts.status_of(usages, doubts)[1]
    return replace(verdict, usages=usages, unresolved=doubts, reason=reason)


def _all(places: tuple[Placed, ...], path: str, how: Shifts) -> tuple[Placed, ...]:
    return tuple(replace(one, site=_site(one.site, how)) if one.file == path else one for one in places)


def _problem(problem: Problem, how: Shifts) -> Problem:
    return problem if problem.line is None else replace(problem, line=_line(problem.line, how))


def _site(site: Site, how: Shifts) -> Site:
    return Site(_line(site.line, how), site.column)


def _line(line: int, how: Shifts) -> int:
    """Return where a line is by now: as far down as the last one above it of which that is known."""
    at = bisect_right(how, (line, float("inf")))
    return line + how[at - 1][1] if at else line
