"""Parts of an index that were written as SQL, taken apart: `name gin_trgm_ops`, `created_at DESC NULLS LAST`."""

from __future__ import annotations

import re

from analyzer.model import IndexPart

_WRITTEN = re.compile(
    r"^(?P<text>.*?[\w\")])(?:\s+(?P<operators>\w+_ops))?(?:\s+(?P<order>asc|desc))?(?:\s+nulls\s+(?P<nulls>first|last))?\s*$",
    re.I | re.S,
)


def taken_apart(part: IndexPart) -> IndexPart:
    """Return a part with its column, order and operator class, where all of it stands in its expression.

    >>> taken_apart(IndexPart(None, '"name" gin_trgm_ops'))
    IndexPart(column='name', expression=None, descending=False, nulls_first=None, operator_class='gin_trgm_ops')
    >>> taken_apart(IndexPart(None, "lower(name) DESC")).descending
    True
    """
    match = _WRITTEN.match(part.expression) if part.expression else None
    if match is None:
        return part
    named = re.fullmatch(r'"([^"]+)"|([a-z_]\w*)', match["text"])
    order, nulls = match["order"], match["nulls"]
    return IndexPart(
        (named[1] or named[2]) if named else part.column,
        None if named else match["text"],
        order.lower() == "desc" if order else part.descending,
        nulls.lower() == "first" if nulls else None if order else part.nulls_first,
        match["operators"] or part.operator_class,
    )
