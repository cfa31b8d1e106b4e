"""Code in other languages on the same database: SQL in its strings, and the names of tables where it says that they are such.

It is not parsed: a string is taken to begin where a quote stands before a word that SQL begins with.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analyzer.extract.source import Source
from analyzer.extract.sqlish import STATEMENT
from analyzer.extract.texts import unescaped
from analyzer.model import FileFacts, Place, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEYED = re.compile(  # of ActiveRecord, Django, Eloquent, GORM, Hibernate, SQLAlchemy, and what is called like that
    rb"(?:__tablename__|db_table|table_?name|\$table|\btable|@Table\s*\(\s*(?:name)?)\s*(?:\(\))?[\s=:>({]{0,9}"
    rb"(?:string\s*\{\s*return\s*)?[\"'`]([\w$.-]+)[\"'`]",
    re.I,
)
_TOKEN = re.compile(rb"[\"'`](\w+(?:[._-]\w+)+)[\"'`]")
_HERE = re.compile(rb"<<[<~-]?[ \t]*[\"']?([A-Za-z_]\w*)[\"']?[^\n]*\n(.*?)\n[ \t]*\1\b", re.S)
_VERB = re.compile(rb"^[ \t]*(?:select|insert|update|delete|with|truncate|copy|merge|begin)\b", re.I | re.M)
_PROSE = re.compile(rb"[ \t]*(?:#(?!\[)|//|/?\*|--)")
_NEXT = re.compile(  # what two parts of one string have between them, perhaps with a value that is put in
    rb"(?:\s|\\\n)*(?:[+.&]?\s*[fFrRuUbB]{0,2}|[+.&]\s*[\w.$>()\[\]-]+\s*[+.&]\s*)(?=[\"'`])"
)
_BLANK = re.compile(rb"[^\n]")
_LONGEST = 20_000


def others(data: bytes) -> FileFacts:
    """Return the texts of a file in another language that are SQL, or name a table.

    >>> code = b'rows = run("SELECT a "\\n  "FROM boats")\\n__tablename__ = "crews"\\n'
    >>> [(text.parts[0].split(), text.sites[0].line) for text in others(code).texts]
    [(['SELECT', 'a', 'FROM', 'boats'], 1), (['crews'], 3)]
    """
    source = Source(data)
    said = tuple(
        Text((unescaped(text.decode("utf8", "replace")),), (source.site_at(start),), None, None, -1, "", start)
        for start, text in sorted(statements(data))
    )
    keyed = {match.start(1): match[1] for match in _KEYED.finditer(data)}
    told = {match.start(1): match[1] for match in _TOKEN.finditer(data)}
    names = tuple(
        Text((name.decode(),), (source.site_at(start),), None, None, 0 if start in keyed else -1, "", start)
        for start, name in sorted((told | keyed).items())
    )
    return FileFacts(texts=(*said, *names), places=(Place("property", "table"),))


def names(data: bytes) -> set[bytes]:
    """Return the strings that may be the name of a table."""
    return {match[1] for pattern in (_KEYED, _TOKEN) for match in pattern.finditer(data)}


def statements(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield what may be a statement, with where it starts."""
    for match in STATEMENT.finditer(data.lower()):
        head = data[data.rfind(b"\n", 0, match.start()) + 1 : match.start()]
        if not _PROSE.match(head):
            yield match.start() + 1, _string(data, match.start())
    for match in _HERE.finditer(data):
        if verb := _VERB.search(match[2]):
            yield match.start(2) + verb.start(), match[2][verb.start() :]


def _string(data: bytes, start: int) -> bytes:
    """Return what stands in the string whose quote is at an offset, and in those that are put behind it; each byte in its place.

    >>> _string(b"'select ' + x +\\n 'from \\"b\\"');", 0)
    b'select        \\n  from "b"'
    """
    out, at = bytearray(), start
    while True:
        close = _closing(data, at)
        end = data.find(close, at + 1) if len(close) > 1 or close == b"`" else _end(data, at)
        end = end if 0 <= end < start + _LONGEST else min(len(data), start + _LONGEST)
        out += data[at + 1 : end]
        behind = end + len(close)
        following = _NEXT.match(data, behind)
        if following is None or behind >= start + _LONGEST:
            return bytes(out)
        out += _BLANK.sub(b" ", data[end : following.end() + 1])
        at = following.end()


def _closing(data: bytes, start: int) -> bytes:
    """Return what ends the string whose quote is at an offset: three quotes, that of a raw string, or one."""
    quote = data[start : start + 1]
    if data[max(start - 2, 0) : start + 1] == quote * 3:
        return quote * 3
    return quote + b"#" if data[start - 1 : start] == b"#" and start else quote


def _end(data: bytes, start: int) -> int:
    """Return where the quote at an offset is closed, or -1."""
    quote, at = data[start : start + 1], start + 1
    while (at := data.find(quote, at)) >= 0 and data[at - 1 : at] == b"\\" != data[at - 2 : at - 1]:
        at += 1
    return at
