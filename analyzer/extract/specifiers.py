"""The modules that a file names, found by bytes: no tree is needed to know what a file imports.

The header of a file (comments, directives, imports) is read from its start, statement by statement. Behind it an import may
stand in a comment or a string, so it counts only where the text around it is code.
Source: https://tc39.es/ecma262/#sec-imports and #sec-exports, https://www.typescriptlang.org/docs/handbook/modules/reference.html.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from analyzer.extract.lexing import Lexed
from analyzer.extract.source import unescape
from analyzer.model import Specifier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.extract.marks import Mark

GAP = rb"(?>\s+|//[^\n]*|/\*.*?\*/)*+"
_TEXT = rb"(?:\"(?P<double>(?>[^\"\\\n]|\\.)*+)\"|'(?P<single>(?>[^'\\\n]|\\.)*+)')"
_LIST = rb"\{[^{}]*\}"
_HEADER = re.compile(rb"(?:\xef\xbb\xbf)?(?>[\s;]+|//[^\n]*|/\*.*?\*/|([\"'])use [\w ]+\1|#![^\n]*)*+", re.S)
_STATIC = re.compile(
    rb"(?:import|(?P<export>export))(?![\w$])" + GAP + rb"(?:"
    rb"(?:(?P<type>type)(?=[\s{*/])" + GAP + rb")?(?P<clause>"
    rb"[\w$]+(?:" + GAP + rb"," + GAP + rb"(?:" + _LIST + rb"|\*" + GAP + rb"as" + GAP + rb"[\w$]+))?"
    rb"|" + _LIST + rb"|\*(?:" + GAP + rb"as" + GAP + rb"(?:[\w$]+|\"[^\"\n]*\"))?"
    rb")" + GAP + rb"from" + GAP + rb")?" + _TEXT + rb"(?:" + GAP + rb"(?:with|assert)" + GAP + rb"\{[^{}]*\})?",
    re.S,
)
_REQUIRED = re.compile(rb"import(?:\s+type)?\s+[\w$]+\s*=\s*require" + GAP + rb"\(" + GAP + _TEXT, re.S)
_LOADED = re.compile(rb"(?:import|require)" + GAP + rb"\(" + GAP + _TEXT + rb"(?=" + GAP + rb"[,)])", re.S)
_BEGINNING = re.compile(rb"(?:\A|[\n\r;}{]|\*/)[ \t]*\Z")  # of a statement
_TYPED = re.compile(rb"\btypeof\s*\Z")
_ANNOTATING = re.compile(rb"(?:[:<|&,(\[]|\bkeyof|\bextends|=>|=)\s*\Z")
_MEMBER = re.compile(rb"[^)]*\)\s*\.\s*[A-Z]")
_COMMENT = re.compile(rb"//[^\n]*|/\*.*?\*/", re.S)
_TAKEN = re.compile(
    r"(type\s+(?!as\b(?!\s+as\b)|,|\Z))?(?:([\w$]+)|[\"']([^\"']*)[\"'])(?:\s+as\s+(?:[\w$]+|[\"'][^\"']*[\"']))?\Z"
)
_EXPORTED = re.compile(
    rb"export" + GAP + rb"(?:(?P<default>default)\b|(?:type" + GAP + rb")?(?P<list>" + _LIST + rb")"
    rb"|(?:(?:declare|abstract|async)\s+)*(?P<kind>const\s+enum|const|let|var|function|class|enum|type|interface|namespace|module|import)\b"
    rb"[\s*]*(?:(?P<name>[\w$]+)|(?=[{\[])))",
    re.S,
)
_TAKEN_APART = re.compile(rb"export\s+(?:const|let|var)\s*([{\[][^=]*)=", re.S)
_NAMESPACE = re.compile(rb"export\s*\*\s*as\s+([\w$]+)")
_WORDS = re.compile(rb"[\w$]+")
_BROKEN = re.compile(rb"import\b(?!\s*[(.])")
_BEFORE = re.compile(rb"[\w$]")


class Header(Struct, frozen=True):
    """The imports at the head of a file, and the byte where something else begins."""

    imports: tuple[re.Match[bytes], ...]
    end: int


def specifiers(data: bytes, header: Header, found: frozenset[Mark], lexed: Lexed) -> tuple[Specifier, ...]:
    """Return every module that a file names, in the order of the text, with the names taken from it; `*` for `export * from`.

    >>> from analyzer.extract.marks import marks
    >>> data = b'import { users as u } from "./schema"; import("./late");'
    >>> [(one.source, one.names) for one in specifiers(data, header(data), marks(data), Lexed(data))]
    [('./schema', ('users',)), ('./late', None)]
    """
    lines = _Lines(data)
    words = (b"import", b"require", b"export") if "again" in found else (b"import", b"require")
    read = [_read(match, lines) for match in header.imports]
    read.extend(_behind(data, header.end, words, lines, lexed))
    return tuple(read)


def is_broken(data: bytes, header: Header) -> bool:
    """Whether the imports at the head of a file end at one that cannot be read.

    >>> [is_broken(data, header(data)) for data in (b'import { a } form "./a";', b'import("./a")')]
    [True, False]
    """
    return _BROKEN.match(data, header.end) is not None


def header(data: bytes) -> Header:
    """Return the imports at the head of a file."""
    found: list[re.Match[bytes]] = []
    at = 0
    while True:
        gap = _HEADER.match(data, at)
        at = gap.end() if gap else at
        match = _static(data, at)
        if match is None:
            return Header(tuple(found), at)
        found.append(match)
        at = match.end()


class _Lines:
    """Counts lines up to offsets that only grow."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at, self._line = data, 0, 1

    def line(self, offset: int) -> int:
        self._line += self._data.count(b"\n", self._at, offset)
        self._at = offset
        return self._line


def _static(data: bytes, at: int) -> re.Match[bytes] | None:
    """Match an import, or a re-export: `export a from "x"` and `export "x"` are none."""
    if not data.startswith((b"import", b"export"), at):
        return None
    match = _STATIC.match(data, at)
    if match is None:
        return _REQUIRED.match(data, at)
    return match if match["export"] is None or (match["clause"] or b"").startswith((b"{", b"*")) else None


def _behind(data: bytes, at: int, words: tuple[bytes, ...], lines: _Lines, whole: Lexed) -> Iterator[Specifier]:
    """Yield what is named behind the header: loaded modules, and imports between other statements."""
    found = [match for word in words for match in _candidates(data, at, word)]
    if not found:
        return
    found.sort(key=lambda match: match.start())
    end = found[-1].start()
    lexed = whole if data.find(b"`", at, end) >= 0 or data.find(b"/*", at, end) >= 0 else None
    lost = lexed is not None and not lexed.balanced  # then it is not known what is code
    for match in found:
        if lost or _stands_in_code(data, match.start(), lexed):
            yield _loaded(match, data, lines) if match.re is _LOADED else _read(match, lines)


def _candidates(data: bytes, at: int, word: bytes) -> Iterator[re.Match[bytes]]:
    start = data.find(word, at)
    while start >= 0:
        before = data[start - 1 : start]
        if not _BEFORE.match(before) and (before != b"." or data[start - 3 : start] == b"..."):
            match = _LOADED.match(data, start) if word != b"export" else None
            if match is None and word != b"require" and _BEGINNING.search(data, max(start - 32, 0), start) is not None:
                match = _static(data, start)
            if match is not None:
                yield match
        start = data.find(word, start + 6)


def _stands_in_code(data: bytes, offset: int, lexed: Lexed | None) -> bool:
    if lexed is not None:
        return lexed.is_code(offset)
    line = data[data.rfind(b"\n", 0, offset) + 1 : offset]
    return not any(mark in line for mark in (b'"', b"'", b"//")) or Lexed(line + b"\0").is_code(len(line))


def _loaded(match: re.Match[bytes], data: bytes, lines: _Lines) -> Specifier:
    """Read `import("x")` and `require("x")`; `typeof import("x")` and `import("x").Name` in an annotation are types."""
    start, before = match.start(), data[max(match.start() - 40, 0) : match.start()]
    typed = _TYPED.search(before) is not None or (
        data[start : start + 1] == b"i"
        and _ANNOTATING.search(before) is not None
        and _MEMBER.match(data, match.end()) is not None
    )
    return Specifier(_text(match), typed, lines.line(_start(match)))


def _read(match: re.Match[bytes], lines: _Lines) -> Specifier:
    text, line = _text(match), lines.line(_start(match))
    if match.re is _REQUIRED:
        return Specifier(text, False, line)
    clause = match["clause"]
    if clause is None:
        return Specifier(text, False, line, ())
    if clause == b"*":
        return Specifier(text, match["type"] is not None, line, ("*",))
    names, types = _names(clause)
    return Specifier(text, match["type"] is not None or types, line, names)


@lru_cache(4096)
def _names(clause: bytes) -> tuple[tuple[str, ...] | None, bool]:
    """Return what a clause takes (None for the whole module), and whether each of it is taken as a type."""
    head, brace, rest = clause.partition(b"{")
    if b"*" in head:
        return None, False
    names = ["default"] if head else []
    inner = rest[:-1]
    if b"/" in inner:
        inner = _COMMENT.sub(b"", inner)
    types = bool(brace) and not head
    for part in inner.decode("utf8", "replace").split(","):
        part = part.strip()
        if part.isidentifier():
            names.append(part)
            types = False
        elif part:
            taken = _TAKEN.match(part)
            if taken is None:
                return None, False
            names.append(taken[2] or taken[3] or "")
            types = types and taken[1] is not None
    return tuple(names), types and bool(names)


def exported(data: bytes, found: frozenset[Mark]) -> tuple[str, ...] | None:
    """Return the names that a file with certain marks exports by itself, perhaps some that stand in a comment; None where it may assign any.

    >>> from analyzer.extract.marks import marks
    >>> texts = (b"export const a = 1; export { b as c, d }; export default e", b"module.exports = {}")
    >>> [exported(text, marks(text)) for text in texts]
    [('a', 'c', 'd', 'default'), None]
    """
    if "assigns" in found:
        return None
    names: set[bytes] = set()
    for match in _EXPORTED.finditer(data):
        for listed in (match["list"] or b"").split(b","):
            names.update(_WORDS.findall(_COMMENT.sub(b"", listed))[-1:])
        if match["name"]:
            names.add(match["name"])
        if match["default"]:
            names.add(b"default")
    for match in _TAKEN_APART.finditer(data) if "apart" in found else ():
        names.update(_WORDS.findall(match[1]))
    for match in _NAMESPACE.finditer(data) if "namespace" in found else ():
        names.add(match[1])
    return tuple(sorted(name.decode("ascii", "replace") for name in names))


def _start(match: re.Match[bytes]) -> int:
    return max(match.start("double"), match.start("single"))


def _text(match: re.Match[bytes]) -> str:
    raw = match["double"] if match["double"] is not None else match["single"]
    return unescape(raw.decode("utf8", "replace"))
