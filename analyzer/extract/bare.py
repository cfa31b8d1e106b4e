"""The strings of one file that are nothing but the name of a table: of a file that has to do with tables in no other way."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from analyzer.extract import queries
from analyzer.extract.calls import calls
from analyzer.extract.components import script
from analyzer.extract.embedded_sql import embedded_sql
from analyzer.extract.lowering import Lowering
from analyzer.extract.places import Places
from analyzer.extract.scopes import Scopes
from analyzer.extract.source import Source
from analyzer.extract.surface import EMBEDS, LAST, PLAIN, TOKEN, reason_unfit
from analyzer.extract.syntax import parse
from analyzer.extract.texts import texts
from analyzer.extract.words import too_deep, unparsed, words
from analyzer.model import OTHER_LANGUAGES, FileFacts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.model import Language, Spellings


def bare(data: bytes, language: Language, tables: Spellings) -> FileFacts:
    """Return the texts of a file that are a physical name, with where they stand, and what of it could not be parsed.

    >>> from analyzer.model import Spellings
    >>> tables = Spellings(names=frozenset({("", "users")}))
    >>> facts = bare(b'send({ table: "users" }); send({ table: "posts" });', "ts", tables)
    >>> [text.parts for text in facts.texts], [place.name for place in facts.places]
    ([('users',)], ['', 'table'])
    """
    unfit = reason_unfit(data)
    if unfit is not None:
        return unparsed(data, unfit)
    if language in OTHER_LANGUAGES:
        return embedded_sql(data, language)
    code = script(data) if language == "vue" else data
    try:
        root, mended, grammar, faults = parse(code, "ts" if language == "ts" else "tsx")
        source = Source(mended)
        matches = queries.run(root, grammar, around=tuple(_named(code, tables)))
        scopes, called = Scopes(matches, source), calls(matches, source)
        places = Places(matches, source, scopes, called)
        every = texts(matches, source, places, Lowering(source, scopes), called)
        found = tuple(text for text in every if not text.holes)  # what has some is a template around such a string
    except RecursionError:
        return too_deep(data)
    return FileFacts(texts=found, places=tuple(places.places), faults=faults, words=words(code) if faults else ())


def _named(data: bytes, tables: Spellings) -> Iterator[tuple[int, int]]:
    """Yield where the names of tables stand in quotes."""
    for match in chain(PLAIN.finditer(data), TOKEN.finditer(data)):
        if tables.is_name(match[1].decode("utf8", "replace")):
            yield match.span()
    for match in EMBEDS.finditer(data):
        if any(tables.is_name(word.decode("utf8", "replace")) for word in LAST.findall(match[2])):
            yield match.span(2)
