"""Where some words are named in a file: as a property, or in a string that may be SQL or a key. Prose and comments do not count."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analyzer.extract import queries
from analyzer.extract.components import expressions, script
from analyzer.extract.embedded_sql import code
from analyzer.extract.syntax import parse
from analyzer.model import OTHER_LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.model import Language

_ASKED = frozenset({"property-name", "string", "tagged-template", "call"})
_LIST = re.compile(rb"[\w.*]+(?:\s*[(,)!:]\s*[\w.*]*)+\Z")  # columns named to another client: "id, name, author(name)"
_WORD = re.compile(rb"[A-Za-z_$][\w$]*")
_SQL = re.compile(rb"\b(select|insert|update|delete|from|join|where|set|order|group|returning|excluded)\b", re.I)
_COMMENT = re.compile(rb"--[^\n]*|/\*.*?\*/", re.S)


def named(data: bytes, language: Language, wanted: frozenset[str]) -> tuple[tuple[str, int], ...]:
    """Return each wanted word that a file names, with the line, in the order of the text.

    >>> named(b"// createdAt\\nrow.createdAt;", "ts", frozenset({"createdAt"}))
    (('createdAt', 2),)
    """
    return tuple(dict.fromkeys(_named(data, language, frozenset(word.encode() for word in wanted))))


def _named(data: bytes, language: Language, wanted: frozenset[bytes]) -> Iterator[tuple[str, int]]:
    if wanted.isdisjoint(_WORD.findall(data)):
        return
    if language in OTHER_LANGUAGES:
        yield from _words(code(data, language), 0, wanted)
        return
    if language == "sql":
        yield from _words(_COMMENT.sub(lambda match: re.sub(rb"[^\n]", b" ", match[0]), data), 0, wanted)
        return
    if language == "vue":
        for start, part in expressions(data):
            yield from _words(part, data.count(b"\n", 0, start), wanted)
        data = script(data)
    try:
        yield from _in_tree(data, "ts" if language == "ts" else "tsx", wanted)
    except RecursionError:
        yield from _words(data, 0, wanted)


def _in_tree(data: bytes, grammar: str, wanted: frozenset[bytes]) -> Iterator[tuple[str, int]]:
    root, data, grammar, faults = parse(data, grammar)
    if faults:
        yield from _words(data, 0, wanted)
        return
    matches = queries.run(root, grammar, _ASKED)
    for captures in matches.of("property-name"):
        node = captures["property.name"][0]
        text = data[node.start_byte : node.end_byte]
        if text in wanted:
            yield text.decode(), node.start_point[0] + 1
    spoken = {captures["tagged.template"][0].start_byte for captures in matches.of("tagged-template")}
    for captures in matches.of("call"):
        function, arguments = captures["call.function"][0], captures["call.arguments"][0]
        if (
            data[function.start_byte : function.end_byte].endswith((b"raw", b"unsafe", b"identifier"))
            and arguments.named_children
        ):
            spoken.add(arguments.named_children[0].start_byte)
    for captures in matches.of("string"):
        node = captures["string.text"][0]
        text = data[node.start_byte + 1 : node.end_byte - 1]
        if node.start_byte in spoken or _SQL.search(text) or not re.search(rb"\s", text) or _LIST.match(text):
            yield from _words(text, node.start_point[0], wanted)


def _words(data: bytes, lines: int, wanted: frozenset[bytes]) -> Iterator[tuple[str, int]]:
    for match in _WORD.finditer(data):
        if match[0] in wanted:
            yield match[0].decode(), lines + data.count(b"\n", 0, match.start()) + 1
