"""The query files of `queries/typescript`, joined into one query per grammar."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from importlib.resources import files
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tree_sitter import Language, Node, Query

Captures: TypeAlias = "dict[str, list[Node]]"
Span: TypeAlias = "tuple[int, int]"


_ASKED_FOR = {"property-name"}  # every name of a file: only when it is asked where some are mentioned


class QueryFile(Struct, frozen=True):
    """One `.scm` file: the idea's name and its text."""

    name: str
    text: str


@cache
def query_files() -> tuple[QueryFile, ...]:
    """Return every query file by name, from the installed package or from a checkout."""
    folder = files("analyzer") / "_queries" / "typescript"
    if not folder.is_dir():
        folder = Path(__file__).parents[2] / "queries" / "typescript"
    found = (
        QueryFile(entry.name[:-4], entry.read_text("utf8")) for entry in folder.iterdir() if entry.name.endswith(".scm")
    )
    return tuple(sorted(found, key=lambda file: file.name))


@cache
def language(name: str) -> Language:
    """Return the grammar for `ts` (TypeScript proper) or anything else (with JSX)."""
    import tree_sitter_typescript as grammars
    from tree_sitter import Language

    return Language(grammars.language_typescript() if name == "ts" else grammars.language_tsx())


@cache
def chosen(names: frozenset[str] | None) -> tuple[QueryFile, ...]:
    """Return the query files of some names; by default all that every file is read with."""
    return tuple(file for file in query_files() if (file.name in names if names else file.name not in _ASKED_FOR))


@cache
def joined(name: str, names: frozenset[str] | None = None) -> tuple[Query, tuple[int, ...]]:
    """Return query files as one query, and the byte at which each file starts in it.

    Joined they run six times as fast as one by one: the tree is walked once.
    """
    from tree_sitter import Query, QueryError

    texts = [file.text for file in chosen(names)]
    starts = (0, *accumulate(len(text.encode()) for text in texts[:-1]))
    try:
        return Query(language(name), "".join(texts)), starts
    except QueryError:
        for file in chosen(names):
            try:
                Query(language(name), file.text)
            except QueryError as error:
                raise QueryError(f"queries/typescript/{file.name}.scm: {error}") from None
        raise


@cache
def _owners(name: str, names: frozenset[str] | None) -> tuple[str, ...]:
    query, starts = joined(name, names)
    files = [file.name for file in chosen(names)]
    patterns = range(query.pattern_count)
    return tuple(files[bisect_right(starts, query.start_byte_for_pattern(pattern)) - 1] for pattern in patterns)


class Matches:
    """What each query file found in one tree, by the file's name, in the order of the text."""

    def __init__(self, found: dict[str, list[Captures]]) -> None:
        self._found = found

    def of(self, name: str) -> Iterable[Captures]:
        """Yield the captures of every match of the query file `name`."""
        return self._found[name]


def run(root: Node, name: str, names: frozenset[str] | None = None, around: Iterable[Span] | None = None) -> Matches:
    """Run some queries over a tree, by default all that every file is read with; `around` some spans only, if any are given."""
    from tree_sitter import QueryCursor

    found: dict[str, list[Captures]] = {file.name: [] for file in chosen(names)}
    slots = [found[owner] for owner in _owners(name, names)]
    query = joined(name, names)[0]
    for pattern, captures in QueryCursor(query).matches(root) if around is None else _around(query, root, around):
        slots[pattern].append(captures)
    return Matches(found)


def _around(query: Query, root: Node, spans: Iterable[Span]) -> Iterator[tuple[int, Captures]]:
    """Yield the matches that touch some spans, each once: what is around several of them is found for each."""
    from tree_sitter import QueryCursor

    seen: set[tuple[object, ...]] = set()
    for start, end in sorted(spans):
        cursor = QueryCursor(query)
        cursor.set_byte_range(start, end)
        for pattern, captures in cursor.matches(root):
            key = (pattern, *(node.id for nodes in captures.values() for node in nodes))
            if key not in seen:
                seen.add(key)
                yield pattern, captures
