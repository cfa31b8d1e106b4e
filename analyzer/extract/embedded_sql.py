"""SQL embedded in other languages on the same database, and the names of tables where their code says that they are such.

It is not parsed: comments are left out, and a string is taken to begin where a quote stands before a word that SQL begins with.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from analyzer.extract.texts import unescaped
from analyzer.model import FileFacts, Place, Site, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from analyzer.model import Language

_KEYED = re.compile(  # of ActiveRecord, Django, Eloquent, GORM, Hibernate, SQLAlchemy, and what is called like that
    rb"(?:__tablename__|db_table|table_?name|\$table|\btable|@Table\s*+\((?:\s*+name\b)?)(?:\s*+\(\))?\s*+[=:>({]?>?\s*+"
    rb"(?:string\s*+\{\s*+return\s*+)?[\"'`]([\w$.-]+)[\"'`]",
    re.I,
)
_TOKEN = re.compile(rb"[\"'`]([\w.-]++)[\"'`]")
_PARTED = re.compile(rb"\w[._-]+\w")
_OPENING = re.compile(
    rb"[\"'`](?:[\s(;|]|\\[ntr]|--[^\n]*+\n|/\*[^*]{0,2000}\*/)*+(?:select|insert|update|delete|with|truncate|merge|replace|refresh|lock|copy"
    rb"|create|alter|drop|begin|start|set|declare|call|do|explain|analyze|vacuum|table|values)\b",
    re.I,
)
_HERE = re.compile(rb"^([^\n]*?)<<[<~-]?[ \t]*+(?:([\"'])([A-Za-z_]\w*+)\2|([A-Z][A-Z0-9_]*+)(?!\w))[^\n]*+\n", re.M)
_ASKING = re.compile(rb"psql|mysql|mariadb|sqlite|exec|query|sql", re.I)
_VERB = re.compile(rb"^[ \t]*+(?:select|insert|update|delete|with|truncate|copy|merge|begin)\b", re.I | re.M)
_NEXT = re.compile(  # what two parts of one string have between them, perhaps with a value that is put in
    rb"(?:\s|\\\n)*+(?:[+.&]\s*+(?:[\w.$>()\[\]-]++\s*+[+.&]\s*+)?)?[fFrRuUbB]{0,2}(?=[\"'`])"
)
_COMMENTS = {
    "hash": re.compile(
        rb"\"\"\".*?\"\"\"|'''.*?'''|\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|((?<![\w$&{(\[])#[^\n]*+)", re.S
    ),
    "slash": re.compile(
        rb"\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|`[^`]*+`|(//[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z))", re.S
    ),
}
_DOCUMENTING = re.compile(
    rb"(?:\A|:|[\"'\w)\]])\s*+\Z"
)  # what stands before a string of three quotes that nothing is given
_BLANK = re.compile(rb"[^\n]")
_LONGEST = 20_000


def embedded_sql(data: bytes, language: Language) -> FileFacts:
    """Return the texts of a file in another language that are SQL, or name a table.

    >>> code = b'rows = run("SELECT a "\\n  "FROM boats")  # "select b"\\n__tablename__ = "crews"\\n'
    >>> [(text.parts[0].split(), text.sites[0].line) for text in embedded_sql(code, "hash").texts]
    [(['SELECT', 'a', 'FROM', 'boats'], 1), (['crews'], 3)]
    """
    site = _sites(data)
    said = tuple(
        Text((unescaped(text.decode("utf8", "replace")),), (site(start),), None, None, -1, "", start)
        for start, text in sorted(statements(data, language))
    )
    keyed, told = _names(code(data, language))
    named = tuple(
        Text((name.decode(),), (site(start),), None, None, 0 if start in keyed else -1, "", start)
        for start, name in sorted((told | keyed).items())
    )
    return FileFacts(texts=(*said, *named), places=(Place("property", "table"),))


def _sites(data: bytes) -> Callable[[int], Site]:
    """Return what tells the place of a byte, by lines that are counted once."""
    ends = [match.start() for match in re.finditer(rb"\n", data)]

    def site(offset: int) -> Site:
        line = bisect_left(ends, offset)
        start = ends[line - 1] + 1 if line else 0
        return Site(line + 1, len(data[start:offset].decode("utf8", "replace")) + 1)

    return site


def names(data: bytes, language: Language) -> set[bytes]:
    """Return the strings that may be the name of a table."""
    keyed, told = _names(code(data, language))
    return {*keyed.values(), *told.values()}


def _names(data: bytes) -> tuple[dict[int, bytes], dict[int, bytes]]:
    """Return the strings at keys that say that they name a table, and those whose form does, by where they start."""
    told = {match.start(1): match[1] for match in _TOKEN.finditer(data) if _PARTED.search(match[1])}
    return {match.start(1): match[1] for match in _KEYED.finditer(data)}, told


def code(data: bytes, language: Language) -> bytes:
    """Return a file with its comments blanked out; every offset stays.

    >>> code(b'a = "#b"  # c', "hash"), code(b'a("//b"); // c', "slash")
    (b'a = "#b"     ', b'a("//b");     ')
    """

    def blanked(match: re.Match[bytes]) -> bytes:
        return _BLANK.sub(b" ", match[0]) if match[1] else match[0]

    return _COMMENTS[language].sub(blanked, data)


def statements(data: bytes, language: Language) -> Iterator[tuple[int, bytes]]:
    """Yield what may be a statement, with where it starts."""
    data, at = code(data, language), 0
    while match := _OPENING.search(data, at):
        text, at = _string(data, match.start())
        if not _documents(data, match.start()):
            yield match.start() + 1, text
    for match in _HERE.finditer(data):
        word = match[3] or match[4]
        if _ASKING.search(match[1]) or b"SQL" in word or b"QUERY" in word:
            end = re.compile(rb"^[ \t]*+" + word + rb"\b", re.M).search(data, match.end(), match.end() + _LONGEST)
            if end is None:
                return  # it is not closed: nothing behind it is told from it
            text = data[match.end() : end.start()]
            if verb := _VERB.search(text):
                yield match.end() + verb.start(), text[verb.start() :]


def _documents(data: bytes, start: int) -> bool:
    """Whether the string whose quote is at an offset documents what it stands in: three quotes, and nothing is given it."""
    triple = _closing(data, start) == data[start : start + 1] * 3
    return triple and _DOCUMENTING.search(data[max(start - 200, 0) : start - 2]) is not None


def _string(data: bytes, start: int) -> tuple[bytes, int]:
    """Return what stands in the string whose quote is at an offset, and in those that are put behind it, each byte in its place; and where that ends.

    >>> _string(b"'select ' + x +\\n 'from b');", 0)
    (b'select        \\n  from b', 25)
    """
    out, at = bytearray(), start
    while True:
        close = _closing(data, at)
        end = _end(data, at, close)
        end = end if 0 <= end < start + _LONGEST else min(len(data), start + _LONGEST)
        out += data[at + 1 : end]
        behind = end + len(close)
        following = _NEXT.match(data, behind, behind + 2000)
        if following is None or behind >= start + _LONGEST:
            return bytes(out), behind
        out += _BLANK.sub(b" ", data[end : following.end() + 1])
        at = following.end()


def _closing(data: bytes, start: int) -> bytes:
    """Return what ends the string whose quote is at an offset: three quotes, that of a raw string, or one."""
    quote = data[start : start + 1]
    if data[max(start - 2, 0) : start + 1] == quote * 3:
        return quote * 3
    return quote + b"#" if start and data[start - 1 : start] == b"#" else quote


def _end(data: bytes, start: int, close: bytes) -> int:
    """Return where the string whose quote is at an offset ends, or -1."""
    at = data.find(close, start + 1)
    while len(close) == 1 and close != b"`" and at >= 0 and _is_escaped(data, at):
        at = data.find(close, at + 1)
    return at


def _is_escaped(data: bytes, at: int) -> bool:
    before = data[max(at - 40, 0) : at]
    return (len(before) - len(before.rstrip(b"\\"))) % 2 == 1
