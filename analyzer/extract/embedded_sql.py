"""SQL embedded in other languages on the same database, and the names of tables where their code says that they are such.

It is not parsed: strings are told from comments and code, and what is read is strings that begin with a word of SQL, and those that stand
where a name of a table does.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

from analyzer.extract.texts import unescaped
from analyzer.model import FileFacts, Opaque, Place, Site, Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from analyzer.model import Language

_VERBS = (
    rb"(?i:select|insert|update|delete|with|truncate|merge|replace|refresh|lock|copy|create|alter|drop|begin|start|set|declare|call|do|explain"
    rb"|analyze|vacuum|table|values|from|(?:(?:left|right|inner|outer|cross|full|natural)\s+)*join)\b"
)
_LEAD = rb"(?:[\s(;|]|\\[ntr\n]|--[^\n]*+\n|/\*[^*]{0,2000}\*/)*+"
_SPOKEN = re.compile(_LEAD + _VERBS)
_DOUBLE = rb"\"(?:[^\"\\\n]|\\.)*+\""
_SINGLE = rb"'(?:[^'\\\n]|\\.)*+'"
_LONG = rb"\"(?=" + _LEAD + _VERBS + rb")(?:[^\"\\]|\\.){0,20000}+\""  # over more than one line
_LONG_SINGLE = _LONG.replace(b'\\"', b"'").replace(b'"', b"'")
_BLOCK = rb"/\*(?:[^*]|\*(?!/))*+(?:\*/|\Z)"
_TRIPLE = rb"\"\"\".*?\"\"\"|'''.*?'''"
_HASH = rb"(?<![\w$&{(\[])#[^\n]*+"
_TOKENS = {  # strings, and comments as a group
    "hash": re.compile(rb"|".join((_TRIPLE, _DOUBLE, _LONG, _SINGLE, _LONG_SINGLE, rb"(" + _HASH + rb")")), re.S),
    "slash": re.compile(
        rb"|".join(
            (
                rb"r#\".*?\"#",
                _TRIPLE,
                _DOUBLE,
                _LONG,
                rb"'(?:[^'\\\n]|\\[^'\n]{1,8})'",
                rb"`[^`]*+`",
                rb"(//[^\n]*+|" + _BLOCK + rb")",
            )
        ),
        re.S,
    ),
    "php": re.compile(
        rb"|".join(
            (
                _DOUBLE,
                _LONG,
                _SINGLE,
                _LONG_SINGLE,
                rb"(//[^\n]*+|" + _BLOCK + rb"|" + _HASH.replace(rb"#[", rb"#(?!\[)[") + rb")",
            )
        ),
        re.S,
    ),
}
_NAME = rb"[\"'`]([\w$.-]+)[\"'`]"
_KEYED = tuple(
    re.compile(pattern, re.I)
    for pattern in (  # of SQLAlchemy, Django, Eloquent, ActiveRecord, GORM and what is called like that
        rb"(?:__tablename__|db_table|table_?name|\$table|\btable)(?:\s*+\(\w*\)|\s*+:\s*+[\w.\[\]]++)?(?:\s*+->\s*+\w++)?\s*+[=:>({]?>?\s*+"
        rb"(?:string\s*+\{\s*+)?(?:return\s*+)?(?:" + _NAME + rb"|:(\w+))",
        rb"Table(?:<\w++>)?\s*+\((?:[^()]{0,200}?\bname\s*+[=:])?\s*+" + _NAME,  # of Hibernate, Doctrine, Exposed
        rb"(?:\.|->|::)(?:from_?|into|insert(?:_all|Into)?|update|delete(?:From)?|table|join|setTable|ToTable|to_sql|read_sql_table|copy_from"
        rb"|copy_records_to_table)\s*+\(\s*+(?:" + _NAME + rb"|:(\w+))",  # of query builders
        rb"\b(?:schema|in)\s++" + _NAME,  # of Ecto
        rb"(?:bun:\"table:|pg:\")([\w.]+)|\btable!\s*+\{\s*+(\w+)|\btable_name\s*+=\s*+(\w+)\)",  # of bun, go-pg, Diesel
    )
)
_PARTED = re.compile(rb"\w[._-]+\w")
_WHOLE = re.compile(rb"[\w.-]++")
_HERE = re.compile(rb"^([^\n]*?)<<[<~-]?[ \t]*+(?:([\"'])([A-Za-z_]\w*+)\2|([A-Z][A-Z0-9_]*+)(?!\w))[^\n]*+\n", re.M)
_ASKING = re.compile(rb"psql|mysql|mariadb|sqlite|exec|query|sql", re.I)
_STARTING = re.compile(rb"^[ \t]*+(?:select|insert|update|delete|with|truncate|copy|merge|begin)\b", re.I | re.M)
_BETWEEN = re.compile(  # two parts of one string, perhaps with a value that is put in
    rb"(?:\s|\\\n)*+(?:(?:[+.&]|<>)\s*+(?:[\w.$>()\[\]-]++\s*+[+.&]\s*+)?)?[fFrRuUbB]{0,2}"
)
_PUT_IN = re.compile(rb"[\"`]?[#$]?\{[^{}\n]{0,80}\}[\"`]?\.[\"`]?|\{\$[^{}\n]{0,80}\}")  # a schema or a prefix
_NAMED_HOLE = re.compile(  # a name that is put in: `from {table}`, `from %s`, `from $table`
    rb"\b(?:from|join|into|update)\s+[\"`\\]*[\w$.]{0,60}?([#$]?\{[^{}\n]{0,80}\}|%s|\$[A-Za-z_]\w*)", re.I
)
_AWAITING = re.compile(rb"\b(?:from|join|into|update)\s+[\"`\\]*\Z", re.I)
_PUT_BEHIND = re.compile(rb"\s*(?:[+.&]|<>)\s*[A-Za-z_$]")
_VALUE = re.compile(rb"[\w$]")
_HOLE = re.compile(rb"\0+")  # a name of a table that is put in
_DEFINING = re.compile(rb"(?:async\s+def|def|class)\b|\)")  # what a line begins with that a documentation stands below
_BLANK = re.compile(rb"[^\n]")
_LONGEST = 20_000


class Read(Struct):
    """What a file in another language says: statements and names of tables by where they start, `keyed` those that stand where one does."""

    statements: dict[int, bytes]
    names: dict[int, bytes]
    keyed: frozenset[int]


def embedded_sql(data: bytes, language: Language) -> FileFacts:
    """Return the texts of a file in another language that are SQL, or name a table.

    >>> code = b'rows = run("SELECT a "\\n  "FROM boats")  # "select b"\\n__tablename__ = "crews"\\n'
    >>> [(text.parts[0].split(), text.sites[0].line) for text in embedded_sql(code, "hash").texts]
    [(['SELECT', 'a', 'FROM', 'boats'], 1), (['crews'], 3)]
    """
    found, site = read(data, language), _sites(data)
    said = tuple(_text(start, text, site) for start, text in sorted(found.statements.items()))
    named = tuple(
        Text((name.decode(),), (site(start),), None, None, 0 if start in found.keyed else -1, "", start)
        for start, name in sorted(found.names.items())
    )
    return FileFacts(texts=(*said, *named), places=(Place("property", "table"),))


def _text(start: int, text: bytes, site: Callable[[int], Site]) -> Text:
    spans = [(0, 0), *(match.span() for match in _HOLE.finditer(text)), (len(text), len(text))]
    kept = [(end, begin) for (_, end), (begin, _) in pairwise(spans)]
    parts = tuple(unescaped(text[begin:end].decode("utf8", "replace")) for begin, end in kept)
    sites = tuple(site(start + begin) for begin, _ in kept)
    return Text(parts, sites, None, None, -1, "", start, (Opaque("put in"),) * (len(parts) - 1))


def read(data: bytes, language: Language) -> Read:
    """Return what a file in another language says of tables."""
    code, spans = _split(data, language)
    statements = dict((*_strings(code, spans), *_documents(code)))
    keyed = {
        match.start(match.lastindex): match[match.lastindex]
        for pattern in _KEYED
        for match in pattern.finditer(code)
        if match.lastindex
    }
    inner = {start + 1: code[start + 1 : end - 1] for start, end in spans}
    told = {start: text for start, text in inner.items() if _WHOLE.fullmatch(text) and _PARTED.search(text)}
    return Read(statements, told | keyed, frozenset(keyed))


def code(data: bytes, language: Language) -> bytes:
    """Return a file with its comments blanked out; every offset stays.

    >>> code(b'a = "#b"  # c', "hash"), code(b'a("//b"); // c', "slash")
    (b'a = "#b"     ', b'a("//b");     ')
    """
    return _split(data, language)[0]


def _split(data: bytes, language: Language) -> tuple[bytes, list[tuple[int, int]]]:
    """Return a file with its comments blanked out, and where its strings start and end, quotes included."""
    out, spans = bytearray(data), list[tuple[int, int]]()
    for match in _TOKENS[language].finditer(data):
        start, end = match.span()
        if match[1]:
            out[start:end] = _BLANK.sub(b" ", match[0])
        else:
            spans.append((start + 1 if match[0][:1] == b"r" else start, end))
    return bytes(out), spans


def _strings(code: bytes, spans: list[tuple[int, int]]) -> Iterator[tuple[int, bytes]]:
    """Yield the strings that begin with a word of SQL, each with those that are put behind it, every byte in its place; NULs are names put in."""
    index = 0
    while index < len(spans):
        start, end = spans[index]
        index += 1
        first = _bare(code, start, end)
        if not _SPOKEN.match(code, first[0], first[1]) or _documents_code(code, start):
            continue
        out, at = bytearray(code[first[0] : first[1]]), first[1]
        while (
            index < len(spans)
            and spans[index][0] - first[0] < _LONGEST
            and _BETWEEN.fullmatch(code, end, spans[index][0])
        ):
            following = _bare(code, *spans[index])
            named = _VALUE.search(code, end, following[0] - 3) if _AWAITING.search(out) else None
            gap = _BLANK.sub(b" ", code[at : following[0]])
            out += gap[: named.start() - at] + b"\0" + gap[named.start() - at + 1 :] if named else gap
            out += code[following[0] : following[1]]
            (_, end), at = spans[index], following[1]
            index += 1
        if _AWAITING.search(out) and _PUT_BEHIND.match(code, end):
            out += b"\0"
        yield first[0], _filled(bytes(out))


def _filled(text: bytes) -> bytes:
    """Return a statement with blanks for schemas and prefixes that are put in, and NULs for names.

    >>> _filled(b"select a from {schema}.b"), _filled(b"select a from {table}")
    (b'select a from          b', b'select a from \\x00\\x00\\x00\\x00\\x00\\x00\\x00')
    """
    text = _PUT_IN.sub(lambda match: b" " * len(match[0]), text.replace(b"\\\n", b" \n"))
    return _NAMED_HOLE.sub(lambda match: match[0][: -len(match[1])] + b"\0" * len(match[1]), text)


def _documents_code(code: bytes, start: int) -> bool:
    """Whether the string at an offset documents a module, a class or a function: three quotes, alone below what defines it.

    >>> text = b"def f():\\n  '''a'''\\n  return '''b'''"
    >>> _documents_code(text, 11), _documents_code(text, 28)
    (True, False)
    """
    line = code.rfind(b"\n", 0, start) + 1
    if code[start : start + 3] != code[start : start + 1] * 3 or code[line:start].strip().lower() not in {
        b"",
        b"r",
        b"u",
    }:
        return code[line:start].lstrip().startswith((b"@doc ", b"@moduledoc "))
    before = code[:line].rstrip()
    last = before[before.rfind(b"\n") + 1 :].lstrip()
    return not before or (before.endswith(b":") and _DEFINING.match(last) is not None)


def _bare(code: bytes, start: int, end: int) -> tuple[int, int]:
    """Return where what is in a string starts and ends."""
    quote = code[start : start + 1]
    if quote == b"#":
        return start + 2, end - 2
    wide = 3 if code[start : start + 3] == quote * 3 and end - start >= 6 else 1
    return start + wide, end - wide


def _documents(code: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the here-documents that a client of a database is given, or whose word says SQL, from where a statement starts."""
    for match in _HERE.finditer(code):
        word = match[3] or match[4]
        if _ASKING.search(match[1]) or b"SQL" in word or b"QUERY" in word:
            end = re.compile(rb"^[ \t]*+" + word + rb"\b", re.M).search(code, match.end(), match.end() + _LONGEST)
            if end is None:
                return  # it is not closed: nothing behind it is told from it
            text = code[match.end() : end.start()]
            if verb := _STARTING.search(text):
                yield match.end() + verb.start(), text[verb.start() :]


def _sites(data: bytes) -> Callable[[int], Site]:
    """Return what tells the place of a byte, by lines that are counted once."""
    ends = [match.start() for match in re.finditer(rb"\n", data)]

    def site(offset: int) -> Site:
        line = bisect_left(ends, offset)
        start = ends[line - 1] + 1 if line else 0
        return Site(line + 1, len(data[start:offset].decode("utf8", "replace")) + 1)

    return site
