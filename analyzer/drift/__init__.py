"""Two sources become their differences. It does not know which of them was code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.drift import enums, schemas, tables
from analyzer.drift.breaks import broken
from analyzer.drift.causes import explained
from analyzer.drift.doubts import is_doubtful
from analyzer.drift.mend import mended
from analyzer.drift.pair import Pair
from analyzer.drift.twins import named_alike
from analyzer.model import OBJECTS, AnalyzerError, Drift, Filters

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analyzer.model import Difference, PhysicalSchema


EVERYTHING = Filters()


def compare(
    expected: PhysicalSchema,
    actual: Iterable[PhysicalSchema],
    filters: Filters = EVERYTHING,
    code: PhysicalSchema | None = None,
) -> Drift:
    """Compare sources with the left side; `code` tells which of two sides is right when the left side is not code.

    Raises `AnalyzerError` when two sources are of different kinds of database.
    """
    given = tuple(actual)
    found: list[Difference] = []
    undecided: set[tuple[str, tuple[str, ...]]] = set()
    for source in given:
        some, doubtful = differences(expected, source, filters)
        found += some
        undecided |= {(one.source, one.key) for one in doubtful}
    if code is not None:
        found = _judged(found, expected, given, code, filters)
    order = {source.source: index for index, source in enumerate((expected, *given))}
    found = sorted(dict.fromkeys(found), key=lambda one: (*_place(one), order[one.source]))
    return Drift(expected, given, tuple(found), tuple(sorted(undecided)))


def differences(
    expected: PhysicalSchema, actual: PhysicalSchema, filters: Filters = EVERYTHING
) -> tuple[list[Difference], list[Difference]]:
    """Return what one source has otherwise than the left side, and what it may have otherwise: that cannot be decided."""
    if expected.dialect != actual.dialect:
        raise AnalyzerError(
            f"{expected.source} is {expected.dialect} and {actual.source} is {actual.dialect}: compare databases of one kind."
        )
    pair = Pair(expected, actual, filters)
    every = [*schemas.compared(pair), *tables.compared(pair), *enums.compared(pair)]
    doubtful = [one for one in every if is_doubtful(one, pair)]
    found = explained(named_alike([one for one in every if one not in doubtful], pair), pair)
    if not actual.runs:
        return found, doubtful  # nothing runs on a plan, and a new migration mends it
    return [replace(one, breaks=broken(one, pair), mend=mended(one, pair)) for one in found], doubtful


def _judged(
    found: list[Difference],
    expected: PhysicalSchema,
    given: tuple[PhysicalSchema, ...],
    code: PhysicalSchema,
    filters: Filters,
) -> list[Difference]:
    """Say of each difference with which side the code agrees: the one that does not differ from it there."""
    left = {_at(one) for one in differences(code, expected, filters)[0]}
    right = {source.source: {_at(one) for one in differences(code, source, filters)[0]} for source in given}
    named = []
    for one in found:
        wrong = (_at(one) in left, _at(one) in right[one.source])
        side = {(False, True): expected.source, (True, False): one.source, (True, True): "neither"}.get(wrong)
        mend = () if side == one.source else one.mend  # what is right is not to be mended
        named.append(replace(one, right=side, mend=mend))
    return named


def _at(one: Difference) -> tuple[str | None, ...]:
    """What a difference is about, whatever it is."""
    return one.object, one.schema, one.table, one.column, one.attribute


def _place(one: Difference) -> tuple[object, ...]:
    kind = OBJECTS.index(one.object)
    return (
        one.object not in {"schema", "enum"},
        one.schema or "", one.table or "", kind, one.column or "", one.name or "", one.attribute or "", one.kind,
    )  # fmt: skip
