"""Which files may name a table that they do not import: what their bytes say is asked, nothing is parsed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analyzer.model import Call, Function, Literal, Object, Sought, Spellings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from analyzer.link.files import Files
    from analyzer.model import Elsewhere, FileFacts, SourceFile, Surface, Table

    Search = Callable[[list[SourceFile], Sought], Iterable[str]]

_ADAPTERS = re.compile(r"auth|adapter")  # may use tables by names of their own


def spellings(symbols: set[str], keys: set[str], tables: Iterable[Table], routines: Iterable[str]) -> Spellings:
    """Return what tables are called: in code, in what a `query` is read from, and in the database; routines and views lead to some."""
    names = {(schema, table.name.lower()) for table in tables if table.name for schema in _schemas(table)}
    names |= {("", name) for name in routines}
    return Spellings(frozenset(symbols), frozenset(keys), frozenset(names))


def likely(files: Files, known: Iterable[FileFacts]) -> set[str]:
    """Return the files that will probably turn out to name a table, guessed from the first facts: nothing is evaluated."""
    symbols: set[str] = set()
    names: set[tuple[str, str]] = set()
    for facts in known:
        for binding in facts.bindings:
            match binding.value:
                case Call(_, (Literal(str() as name), Object() | Function(), *_)):
                    symbols.add(binding.id)
                    names.add(("", name.lower()))
                case _:
                    pass
    return set(asking(files, Spellings(frozenset(symbols), frozenset(symbols), frozenset(names))))


def asking(files: Files, tables: Spellings) -> Iterator[str]:
    """Yield the files that name a table outside of SQL, those left out of which it is enough to know the strings."""
    for path, surface in files.surfaces.items():
        if surface.asks_any(tables) or (surface.holds_any(tables) and not files.stands_alone(path)):
            yield path


def holding(files: Files, tables: Spellings) -> Iterator[str]:
    """Yield the files that may hold the name of a table as a string."""
    return (path for path, surface in files.surfaces.items() if surface.holds_any(tables))


def _schemas(table: Table) -> set[str]:
    """Return what may stand before a table's name and a dot, in small letters; nothing among it."""
    return {"", "public", "main", (table.schema or "public").lower()}


def names_any(files: Files, elsewhere: Elsewhere, search: Search) -> bool:
    """Whether a code base may name what others declare; where it does not, it need not be read for that."""
    symbols = {table.symbol for table in elsewhere.tables}
    names = {table.name.lower() for table in elsewhere.tables if table.name}
    if any(one.unfit is not None or _is_open(one) for one in files.surfaces.values()):
        return True
    called = spellings(symbols, symbols, elsewhere.tables, (name for name, _ in elsewhere.routines))
    if any(one.names_any(called) for one in files.surfaces.values()):
        return True
    quoted = any("names" in surface.traits for surface in files.surfaces.values())
    written = [
        file
        for path, file in files.by_path.items()
        if quoted or file.language == "sql" or "sql" in files.surfaces[path].traits
    ]
    routines = {name for name, _ in elsewhere.routines}
    return bool(list(search(written, Sought(frozenset(names | routines), quoted=quoted))))


def _is_open(surface: Surface) -> bool:
    """Whether a file may ask for rows of a table that it does not name."""
    return (
        "indexes" in surface.traits
        or ("finds" in surface.traits and not surface.keys)
        or any(_ADAPTERS.search(one.source) for one in surface.specifiers)
    )
