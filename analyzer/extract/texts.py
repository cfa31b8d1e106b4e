"""Strings that may be SQL, or the bare name of a table."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from analyzer.extract.patterns import leaves
from analyzer.model import NAMING, Callee, Expression, Literal, Name, Place, Site, Template, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tree_sitter import Node

    from analyzer.extract.calls import Called
    from analyzer.extract.lowering import Lowering
    from analyzer.extract.places import Places
    from analyzer.extract.queries import Matches
    from analyzer.extract.source import Source

_SQL = re.compile(
    rb"\b(select|insert|update|delete|from|join|into|truncate|table|merge|copy|exists|references|view|lock|call|with|on|vacuum|analy[sz]e|reindex|cluster|optimize|describe)\b",
    re.I,
)
_VERB = re.compile(
    rb"\s*(?:show|desc|explain|replace|values|pragma|flush|check|repair|checksum|do|declare|grant|revoke|savepoint|table_\w+)\b",
    re.I,
)
_NAME = re.compile(rb"[A-Za-z_][\w$]*([.\-][\w$]+)*( as \w+)?\Z")
_BY_NAME = frozenset(
    ["selectFrom", "insertInto", "updateTable", "deleteFrom", "batchInsert", "mergeInto", "replaceInto"]
)
_PUTTING = {"with", "raw", "ref", "rpc"}
_NAMING = NAMING | _PUTTING
_MADE = {"call_expression", "binary_expression", "ternary_expression"}
_TABLE_KEYS = {"table", "tableName", "table_name"}
_STANDS = {"argument", "element", "property", "field", "initializer", "assigned", "returned"}
_ESCAPED = re.compile(r"\\([\"'`])")
_QUOTED = re.compile(r"\\([\"'`])(.*?)\\\1", re.S)
_NOTED = re.compile(r"--(?:(?!\\[nr])[^\n])*\\[nr]")  # a comment up to a line end that is written as an escape
_BLANK = re.compile(r"\\[ntr]")


def texts(
    matches: Matches, source: Source, places: Places, lowering: Lowering, calls: Sequence[Called]
) -> Iterator[Text]:
    """Yield the literals worth a look: those with a word of SQL in them, and bare names where a name may stand."""
    lower = lowering.inside
    tags = {captures["tagged.template"][0].start_byte: captures for captures in matches.of("tagged-template")}
    named = {call.first: call for call in calls}
    sums = _outermost(captures["sum.whole"][0] for captures in matches.of("concatenation"))
    read: list[tuple[int, int]] = []
    for node in sums:
        text = _sum(node, source, places, lower, named.get(node.start_byte))
        if text is not None:
            read.append((node.start_byte, node.end_byte))
            yield text
    for naming in calls:
        if not naming.arguments or not _is_given_names(given_to := places.callee(naming.function)):
            continue
        first = naming.arguments[0]
        plain = first.type == "identifier" and _asks_by_name(given_to)
        if plain or (first.type in _MADE and (first.start_byte, first.end_byte) not in read):
            yield _made(first, source, places, lower, naming)
    for captures in matches.of("string"):
        node = captures["string.text"][0]
        before = bisect_right(read, (node.start_byte, len(source.data))) - 1
        if before >= 0 and node.end_byte <= read[before][1]:
            continue
        inner = source.data[node.start_byte + 1 : node.end_byte - 1]
        tagged, call = tags.get(node.start_byte), named.get(node.start_byte)
        worth = _worth(node, inner, tagged is not None, call, places)
        if worth is None:
            continue
        index, callee = worth
        parts, sites = _parts(node, source)
        yield Text(
            parts,
            sites,
            places.callee(tagged["tagged.tag"][0]) if tagged else None,
            callee,
            index,
            places.by(node.start_byte),
            node.start_byte,
            tuple(_holes(node, lower)),
        )


def _worth(
    node: Node, inner: bytes, tagged: bool, call: Called | None, places: Places
) -> tuple[int, Callee | None] | None:
    """Return the place of a string that is worth a look, and what it is given to; None for any other."""
    is_sql = tagged or _SQL.search(inner) is not None or _VERB.match(inner) is not None
    is_name = _NAME.match(inner) is not None
    named_by = call is not None and (is_name or b"${" in inner) and _may_be_given(places.callee(call.function), is_name)
    embeds = call is not None and call.method == "select" and b"(" in inner
    if not (is_sql or is_name or named_by or embeds):
        return None
    index = places.around(node.start_byte, node.end_byte)
    place = places.places[index] if index >= 0 else None
    around = place.kind if place is not None else ""
    held = _list_of(place, places.places)
    telling = held is not None or embeds or is_sql or named_by or any(mark in inner for mark in b"_.-")
    if not telling and not (names_table(places.places, index) or _is_field(node, place)):
        return None
    if around == "type" or (not is_sql and around not in _STANDS):
        return None
    return index, places.callee(call.function) if call is not None else held


def _is_given_names(callee: Callee) -> bool:
    return callee.last in _NAMING or callee.is_builder


def _asks_by_name(callee: Callee) -> bool:
    """Whether what is called is given a name and never a table of Drizzle: `client.from(name)`, where nothing was called before."""
    return callee.last in _BY_NAME or (callee.last == "from" and callee.is_method and "()" not in callee.path)


def _may_be_given(callee: Callee, is_name: bool) -> bool:
    return _is_given_names(callee) or (is_name and callee.may_be_builder)


def filling(text: Text) -> Iterator[str]:
    """Yield the names that say what is put into a text, where that becomes part of it: not into `` sql`…${value}` ``."""
    for hole in text.holes if text.tag is None or text.tag.last in {"raw", "unsafe"} else ():
        yield from (leaf.id for leaf in leaves(hole) if isinstance(leaf, Name))


def names_table(places: Sequence[Place], index: int) -> bool:
    """Whether a string at a place is there to name a table: `{ table: "users" }`, `new Adapter(sql, { user: "users" })`."""
    if index < 0:
        return False
    place = places[index]
    if place.kind == "argument":
        return place.index > 0 and place.literal in _TABLE_KEYS
    if place.kind != "property":
        return False
    while place.kind == "property" and place.parent >= 0:
        if place.name in _TABLE_KEYS:
            return True
        place = places[place.parent]
    return place.kind == "argument" and place.callee is not None and place.callee.last.endswith("Adapter")


def _list_of(place: Place | None, places: Sequence[Place]) -> Callee | None:
    """Return what is given a list of names that a string stands in, `selectFrom(["users as u"])`, or names by alias, `from({ u: "users" })`."""
    outer = (
        places[place.parent]
        if place is not None and place.kind in {"element", "property"} and place.parent >= 0
        else None
    )
    if outer is None or outer.callee is None or outer.kind != "argument" or outer.index or not outer.callee.is_method:
        return None
    return outer.callee if outer.callee.last in NAMING else None


def _is_field(node: Node, place: Place | None) -> bool:
    """Whether a string is what a field of a class is, whose name says that it names a table: `static tableName = "users"`."""
    whole = node.parent is not None and node.parent.type == "public_field_definition"
    return whole and place is not None and place.kind == "field" and place.name in _TABLE_KEYS


def _holes(node: Node, lower: Callable[[Node], Expression]) -> Iterator[Expression]:
    for child in node.named_children if node.type == "template_string" else ():
        if child.type == "template_substitution" and child.named_children:
            yield lower(child.named_children[0])


def _outermost(nodes: Iterable[Node]) -> Iterator[Node]:
    end = -1
    for node in sorted(nodes, key=lambda node: (node.start_byte, -node.end_byte)):
        if node.start_byte >= end:
            end = node.end_byte
            yield node


def _sum(
    node: Node, source: Source, places: Places, lower: Callable[[Node], Expression], call: Called | None
) -> Text | None:
    """Return `"…" + x + "…"` as a template would have it, if there is a word of SQL in it."""
    if not _SQL.search(source.data[node.start_byte : node.end_byte]):
        return None
    whole = lower(node)
    parts, holes = [""], []
    for part in whole.parts if isinstance(whole, Template) else ():
        if isinstance(part, Literal) and isinstance(part.value, str):
            parts[-1] += part.value
        else:
            holes.append(part)
            parts.append("")
    if not any(parts):
        return None
    index = places.around(node.start_byte, node.end_byte)
    callee = places.callee(call.function) if call else None
    by, site = places.by(node.start_byte), source.site(node)
    sites = (site,) * len(parts)
    return Text(tuple(parts), sites, None, callee, index, by, node.start_byte, tuple(holes), summed=True)


def _made(node: Node, source: Source, places: Places, lower: Callable[[Node], Expression], call: Called) -> Text:
    """Return a name that is put together where it is given, `from(named("users"))`, as a template would have it."""
    index, site = places.around(node.start_byte, node.end_byte), source.site(node)
    by, callee = places.by(node.start_byte), places.callee(call.function)
    return Text(("", ""), (site, site), None, callee, index, by, node.start_byte, (lower(node),))


def _parts(node: Node, source: Source) -> tuple[tuple[str, ...], tuple[Site, ...]]:
    opening = source.site(node)
    starts, ends, sites = [node.start_byte + 1], [], [Site(opening.line, opening.column + 1)]
    for child in node.named_children if node.type == "template_string" else ():
        if child.type == "template_substitution":
            ends.append(child.start_byte)
            starts.append(child.end_byte)
            sites.append(source.site_behind(child))
    ends.append(node.end_byte - 1)
    raw = (source.span(start, end) for start, end in zip(starts, ends, strict=True))
    return tuple(map(unescaped, raw)), tuple(sites)


def unescaped(part: str) -> str:
    """Return a text of which every character stays in its place: escapes are blanks, and what was escaped."""
    if "\\" not in part:
        return part
    part = _NOTED.sub(lambda match: " " * len(match[0]), part)
    return _BLANK.sub("  ", _ESCAPED.sub(r" \1", _QUOTED.sub(r" \1\2\1 ", part)))
