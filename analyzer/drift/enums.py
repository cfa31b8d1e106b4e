"""Enum types: their values, and which side has them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.drift.pair import Pair
    from analyzer.model import Difference


def compared(pair: Pair) -> Iterator[Difference]:
    """Yield the enums of one side alone, and those whose values differ."""
    if not pair.tells("enum"):
        return
    left, right = pair.enums
    for key in sorted({*left, *right}, key=lambda key: (key[0] or "", key[1])):
        mine, other = left.get(key), right.get(key)
        schema, name = key
        told = {"schema": schema, "name": name, "place": mine.place if mine else None}
        if mine is not None and other is None:
            yield pair.difference("TT219", "missing", "enum", **told, expected=_values(mine.values))
        elif mine is None and other is not None and _is_ours(pair, schema):
            yield pair.difference("TT219", "unexpected", "enum", **told, actual=_values(other.values))
        elif mine is not None and other is not None and mine.values != other.values:
            values = {"expected": _values(mine.values), "actual": _values(other.values)}
            yield pair.difference("TT219", "changed", "enum", **told, attribute="values", **values)


def _is_ours(pair: Pair, schema: str | None) -> bool:
    """Whether an enum that is not declared lies in a schema that is: what lies in others is the schema's finding."""
    return schema is None or any(one == schema for one, _ in pair.left)


def _values(values: tuple[str, ...]) -> str:
    return ", ".join(values)
