"""Differences that a source cannot be asked about: statements that would tell could not be run or read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.drift.pair import Pair
    from analyzer.model import Difference


def is_doubtful(one: Difference, pair: Pair) -> bool:
    """Whether all that a difference is about is named in a statement of which it is not known what it makes."""
    doubtful = pair.unmade if one.object in {"table", "view", "schema", "enum"} else pair.doubtful
    return bool(doubtful) and (one.name in doubtful or set(_names(one, pair)) <= doubtful)


def _names(one: Difference, pair: Pair) -> Iterator[str]:
    yield one.table or one.name or one.schema or ""
    if one.column:
        yield one.column
    elif one.object not in {"table", "view", "schema", "enum"}:
        table = pair.left.get((one.schema, one.table or "")) or pair.right.get((one.schema, one.table or ""))
        text = f" {one.expected or one.actual or ''},".replace("(", " ").replace(")", ",")
        yield from (column.name for column in (table.columns if table else ()) if f" {column.name}," in text)
