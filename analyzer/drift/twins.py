"""Tables that differ from a declared one by a slip of the name: no prefix, another case, plural or singular."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.drift.types import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analyzer.drift.pair import Pair
    from analyzer.model import Difference, PhysicalTable

Words = tuple[str, ...]
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_MAJORITY = 0.5


def named_alike(found: Iterable[Difference], pair: Pair) -> list[Difference]:
    """Say of unexpected tables that they are duplicates of declared ones, and of missing columns that they are renamed."""
    found = list(found)
    more = {(one.schema, one.table, words(one.column or "")): one for one in found if one.rule in {"TT207", "TT208"}}
    named = [_duplicate(one, pair) or _renamed(one, more, pair) for one in found]
    others = {(one.schema, one.expected): one.table for one in named if one.rule == "TT203"}
    return [
        replace(one, renamed=others[one.schema, one.expected])
        if one.rule == "TT201" and (one.schema, one.expected) in others
        else one
        for one in named
    ]


def _renamed(
    one: Difference, more: Mapping[tuple[str | None, str | None, Words], Difference], pair: Pair
) -> Difference:
    """Return a missing column with the name that the source seems to have it by: of the same words, and the same type."""
    other = more.get((one.schema, one.table, words(one.column or ""))) if one.rule == "TT206" else None
    if other is None:
        return one
    here, there = pair.left[(one.schema, one.table or "")], pair.right[(one.schema, one.table or "")]
    left, right = here.column(one.column or ""), there.column(other.column or "")
    types = [canonical(column.type, pair.dialect) if column and column.type else None for column in (left, right)]
    note = f"{one.column} seems to be there as {other.column}"
    return replace(one, renamed=other.column, note=note) if types[0] == types[1] else one


def _duplicate(one: Difference, pair: Pair) -> Difference | None:
    """Return a table of one side alone as the duplicate that it is; None when it is none."""
    if one.rule not in {"TT201", "TT202"}:
        return None
    here = pair.left if one.rule == "TT201" else pair.right
    there = _names(pair, right=one.rule == "TT201")
    table = here.get((one.schema, one.table or ""))
    twin = twin_of(table, there) if table is not None and table.kind == "table" else None
    if table is None or twin is None or (one.rule == "TT201" and twin.key not in here):
        return None  # of two names for one table, the one that is declared is missing, and the other is the duplicate
    both = "" if twin.key in here else ", which is missing"
    note = f"{table.qualified} stands beside {twin.qualified}{both}{_columns(pair, twin, table)}"
    expected, actual = (twin.qualified, one.actual) if one.rule == "TT202" else (one.expected, twin.qualified)
    place = twin.place or one.place
    return replace(one, rule="TT203", kind="duplicate", note=note, place=place, expected=expected, actual=actual)


def is_twin(table: PhysicalTable, pair: Pair) -> bool:
    """Whether a table is named like another that the other side has."""
    there = _names(pair, right=pair.left.get(table.key) is table)
    return table.kind == "table" and twin_of(table, there) is not None


def _names(pair: Pair, *, right: bool) -> Names:
    """Return the names of one side, indexed once."""
    found = pair.names.get(right)
    if found is None:
        found = pair.names[right] = Names((pair.right if right else pair.left).values())
    return found


def twin_of(table: PhysicalTable, others: Names) -> PhysicalTable | None:
    """Return the table of the same database schema that a name seems to mean; None when there is none."""
    name, prefix = words(table.name), others.prefix
    wanted = [name, (*prefix, *name), *([name[len(prefix) :]] if prefix and name[: len(prefix)] == prefix else [])]
    found = [
        one for some in wanted if some for one in others.tables.get((table.schema, some), ()) if one.name != table.name
    ]
    return min(found, key=lambda one: (words(one.name) != name, one.name), default=None)


class Names:
    """The tables of one side by the words of their names, and the words that most names begin with."""

    def __init__(self, tables: Iterable[PhysicalTable]) -> None:
        self.tables: dict[tuple[str | None, Words], list[PhysicalTable]] = defaultdict(list)
        every = list(tables)
        self.prefix = _prefix(one.name for one in every)
        for one in every:
            if one.kind == "table":
                self.tables[one.schema, words(one.name)].append(one)


@lru_cache(maxsize=100_000)
def words(name: str) -> Words:
    """Return the words of a name in lower case, each in the singular.

    >>> words("bazaar-vid_apiUsageMetrics"), words("categories"), words("status")
    (('bazaar', 'vid', 'api', 'usage', 'metric'), ('category',), ('status',))
    """
    return tuple(_singular(word.lower()) for word in _WORD.findall(name))


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if re.search(r"(ss|sh|ch|x|z)es$", word):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _prefix(names: Iterable[str]) -> Words:
    """Return the leading words that most of several names share; none when they do not."""
    all = [words(name) for name in names]
    starts = Counter(one[0] for one in all if len(one) > 1)
    if not starts:
        return ()
    first, count = min(starts.items(), key=lambda item: (-item[1], item[0]))
    if count < 2 or count < len(all) * _MAJORITY:
        return ()
    group = [one for one in all if one[0] == first]
    length = 1
    while all_share(group, length):
        length += 1
    return group[0][:length]


def all_share(group: list[Words], length: int) -> bool:
    """Whether several names go on with the same word, and each with another after it."""
    return len({one[length] for one in group if len(one) > length}) == 1 and all(len(one) > length + 1 for one in group)


def _columns(pair: Pair, declared: PhysicalTable, twin: PhysicalTable) -> str:
    """Return what a duplicate has otherwise than the declared table, in words."""
    if declared.untold or twin.untold:
        return ""
    here = {column.name: column for column in declared.columns}
    there = {column.name: column for column in twin.columns}
    parts = [f"no {name}" for name in here if name not in there] + [
        f"also {name}" for name in there if name not in here
    ]
    for name in here:
        left, right = here[name].type, there[name].type if name in there else None
        if left and right and canonical(left, pair.dialect) != canonical(right, pair.dialect):
            parts.append(f"{name} {right} for {left}")
    if not parts:
        return "; it has the same columns"
    shown = ", ".join(parts[:_SHOWN]) + (f" and {len(parts) - _SHOWN} more" if len(parts) > _SHOWN else "")
    return f"; its columns differ: {shown}"


_SHOWN = 6
