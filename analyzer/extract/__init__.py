"""Bytes of one file become facts. Pure: no disk, no other file, no path."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.extract import modules, queries
from analyzer.extract.bindings import Bindings
from analyzer.extract.calls import calls
from analyzer.extract.components import expressions, outside, script
from analyzer.extract.embedded_sql import embedded_sql
from analyzer.extract.loading import computed
from analyzer.extract.lowering import Lowering
from analyzer.extract.places import Places
from analyzer.extract.references import References, selves
from analyzer.extract.scopes import Scopes
from analyzer.extract.source import Source
from analyzer.extract.surface import reason_unfit
from analyzer.extract.syntax import parse
from analyzer.extract.texts import filling, texts
from analyzer.extract.typing import Types
from analyzer.extract.words import too_deep, unparsed, words
from analyzer.model import OTHER_LANGUAGES, FileFacts, Keep, Language, Reference, Site, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

sys.setrecursionlimit(max(sys.getrecursionlimit(), 4000))  # long chains of calls are nested as deeply
_KEEP = re.compile(r"tabletrace:\s*keep\b[\s—–:-]*(.*?)\s*(?:\*/)?\s*$", re.S)


def extract(data: bytes, language: Language, foreign: frozenset[str] = frozenset()) -> FileFacts:
    """Return what the text of one file says; `language` chooses the grammar.

    No table comes from the modules in `foreign`: mentions of what is imported from them are left out.

    >>> facts = extract(b'import { users } from "./schema";', "ts")
    >>> facts.imports[0].local, facts.imports[0].source
    ('users', './schema')
    """
    unfit = reason_unfit(data)
    if unfit is not None:
        return unparsed(data, unfit)
    if language == "sql":
        return _sql(data)
    if language in OTHER_LANGUAGES:
        return embedded_sql(data, language)
    try:
        if language == "vue":
            return _component(data, foreign)
        return _typescript(data, "ts" if language == "ts" else "tsx", foreign)
    except RecursionError:
        return too_deep(data)


def _component(data: bytes, foreign: frozenset[str]) -> FileFacts:
    """Read the scripts of a component; a name that they import and the markup mentions is a reference."""
    scripts = script(data)
    facts = _typescript(scripts, "tsx", foreign)
    markup = outside(data, scripts)
    mentioned = set(words(b" ".join(part for _, part in expressions(data))))
    source = Source(data)
    used = tuple(
        Reference(fact.local, (), -1, source.site_at(max(markup.find(fact.local.encode()), 0)), "template")
        for fact in facts.imports
        if fact.local in mentioned and not fact.type_only and fact.source not in foreign
    )
    return replace(facts, references=(*facts.references, *used))


def _typescript(data: bytes, grammar: str, foreign: frozenset[str]) -> FileFacts:
    root, mended, grammar, faults = parse(data, grammar)
    source = Source(mended)
    matches = queries.run(root, grammar)
    scopes = Scopes(matches, source)
    lowering = Lowering(source, scopes)
    lowering.types = Types(matches, source, lowering)
    lowering.classes = sorted((one.start_byte, one.end_byte) for one in selves(matches))
    called = calls(matches, source)
    places = Places(matches, source, scopes, called)
    bindings = Bindings(matches, source, scopes, lowering, called)
    imports = tuple(modules.imports(matches, source))
    exports = (*modules.exports(matches, source, lowering), *modules.commonjs(matches, source, scopes, lowering))
    reader = References(matches, source, scopes, places, lowering, called)
    distant = {fact.local for fact in imports if fact.source in foreign}
    outside = {fact.local for fact in imports} - distant | reader.free
    written = tuple(texts(matches, source, places, lowering, called))
    spoken = bindings.texts(reader.asked() | {name for text in written for name in filling(text)})
    kept = bindings.kept(outside, reader.written() | spoken)
    named = tuple(binding for _, binding in exports if binding is not None)
    mentioned = bindings.mentioned(outside)
    makers = {fact.local for fact in imports if "drizzle" in fact.source}
    nameless = (*reader.nameless((outside | bindings.functions()) - makers), *reader.own())
    return FileFacts(
        imports=imports,
        exports=tuple(fact for fact, _ in exports),
        computed=tuple(computed(matches, source, lowering, bindings.held)),
        bindings=(*kept.values(), *named, *{binding.id: binding for _, binding in nameless}.values()),
        references=(*reader.references(mentioned, spoken, distant), *(reference for reference, _ in nameless)),
        relational=reader.relational(),
        texts=written,
        adapters=tuple(
            modules.adapters(
                called,
                places,
                lowering,
                {one.local: one.local if one.exported == "default" else one.exported for one in imports},
            )
        ),
        places=tuple(places.places),
        faults=faults,
        keeps=tuple(_keeps(matches, source)),
        words=words(data) if faults else (),
    )


def _keeps(matches: queries.Matches, source: Source) -> Iterator[Keep]:
    for captures in matches.of("keep-comment"):
        comment = captures["keep.comment"][0]
        found = _KEEP.search(source.text(comment))
        if found:
            yield Keep(comment.end_point[0] + 1, found[1])


def _sql(data: bytes) -> FileFacts:
    text = data.decode("utf8", "replace")
    return FileFacts(texts=(Text((text,), (Site(1, 1),), None, None, -1, "", 0),))
