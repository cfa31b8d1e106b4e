"""Where a file may hold SQL, found by bytes: strings that begin like a statement, and templates with a tag that says so.

It may find too much, never too little: whatever `link/sql.py` takes for SQL begins in one of these ways.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from analyzer.extract.lexing import TEMPLATE
from analyzer.extract.marks import CLAUSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from analyzer.extract.marks import Mark
    from analyzer.model import Sought

_CLAUSES = CLAUSES.encode()
_OBJECTS = rb"(?:table|index|view|schema|type|function|procedure|trigger|extension|policy|sequence|role|database|domain|publication|rule|aggregate)\b"
_STATEMENT = re.compile(
    rb"[\"'`](?>[\s(;]|\\[ntr]|--[^\n]*\n|/\*.*?\*/)*+(?:"
    rb"(?=[a-z])(?:select(?:\s+\w+\s*\(|\b(?=.{1,20000}?(?:\b|\\[ntr])from\b))|with\b(?=.{1,20000}?(?:\b|\\[ntr])as\b)|insert\s+(?:(?:or\s+)?\w+\s+)?into\b|replace\s+(?:into\b|[\w\"`.]+\s*\()"
    rb"|update\b(?=.{1,20000}?(?:\b|\\[ntr])set\b)|delete\s+(?:\w+\s+)?from\b|truncate\b|merge\s+into\b|explain\b|refresh\s+mat|lock\s+[\w\"`\\]|copy\b\s*[\w(\"]"
    rb"|(?:create|alter|drop)\s+(?:or\s+replace\s+)?(?:(?:temp|temporary|unlogged|unique|materialized|virtual|recursive|constraint|event)\s+)*"
    + _OBJECTS
    + rb"|(?:analyze|vacuum)\b|(?:begin(?:\s+\w+)?|start\s+transaction|savepoint\s+\w+|set\b[^;]{1,300})\s*;|pragma\s+\w|table_\w+\s*\(|values\s*\(\s*\(|do\s*\$"
    rb"|(?:table|desc|describe|cluster|reindex)\s+[\w\"`.]+\s*;?\s*[\"'`]|reindex\s+(?:table|index|schema|database)\b|show\s+(?:full|extended|create|columns|fields|index|keys)\b"
    rb"|declare\s+\w+\s+(?:\w+\s+){0,5}cursor\b|prepare\s+\w+.{0,200}?\bas\b|(?:grant|revoke)\b(?=.{1,2000}?\bon\b)(?=.{1,2000}?\b(?:to|from)\b)"
    rb"|call\s+[\w.]+\s*\(|(?:check|repair|checksum|flush)\s+table|load\s+data\b)"
    rb"|\$\{[^`]{0,300}?\}\s+" + _CLAUSES + rb")",
    re.S,
)
_TYPES = rb"\s*(?:<[^`]{0,400}?>\s*)?"
_GIVEN = rb"(?:\?\.)?\(\s*(?:/[/*][^\n]*\s*)?[\"'`]"  # a call, and the string that it is given first
_MARKED = (  # a word that must be there, in small letters, and a pattern that begins with it: such a search is fast
    (b"sql", re.compile(rb"sql(?:\.[\w$]+)*\s*(?:\([^()`]*\)\s*)?" + _TYPES + rb"(?:`|" + _GIVEN + rb")")),
    *(
        (word, re.compile(word + more + _TYPES + rb"(?:`|" + _GIVEN + rb")"))
        for word, more in (
            (b"raw", b""),
            (b"exec", rb"(?:ute)?(?:raw\w*)?"),
            (b"query", rb"(?:raw\w*)?"),
            (b"unsafe", b""),
            (b"prepare", b""),
        )
    ),
)
_GAP = rb"(?:\s|\\[ntr])+"
_WORDS = rb"[^\s,;()]{1,200}(?:\s*\.\s*[^\s,;()]{1,100})?(?:" + _GAP + rb"[^\s,;()]{1,100}){0,2}"
_OPENED = rb"[\"'`](?:\s|\\[ntr])*(?i:from)" + _GAP
_NAMED = rb"[\w\"'`\[\\][^\s,;()]{0,200}(?:\s*\.\s*[^\s,;()]{1,100})?"
_CLAUSE = (  # what a statement is put together of: `"LEFT JOIN users u ON true"`
    re.compile(rb"\b(?:FROM|JOIN|INTO|UPDATE)" + _GAP + _NAMED),
    re.compile(rb"(?i:\bjoin)" + _GAP + _WORDS + _GAP + rb"(?i:on|using)\b"),
    re.compile(rb"\((?:\s|\\[ntr])*(?i:select)\b[^()]{0,4000}?(?i:\bfrom)" + _GAP + _NAMED),
    re.compile(_OPENED + _WORDS + _GAP + rb"(?i:where|join|left|inner|order|group|limit)\b"),
    re.compile(rb"(?:[\[,=]|\.(?:push|concat|append)\()\s*" + _OPENED + _NAMED),
)
_ESCAPED = re.compile(rb"\\[ntr]")
_SUBQUERY = re.compile(rb"\(\s*SELECT\b")
_SUM = re.compile(rb"\+\s*[\"'`]\s*(?i:" + _CLAUSES + rb")")
_GOES_ON = re.compile(rb"\s*\+")
_QUOTED = re.compile(rb"[\"'`](?:\w+\.)?([a-z0-9_$-]+)[\"'`]")
_PARTS = re.compile(r"[A-Za-z0-9_$]+")
_WORD = re.compile(rb"[\w$]+")
_JUNK = rb"[\s(\"'`\[]*+"
_STRANGE = re.compile(  # escapes, letters of other alphabets, comments, options: where a word stands is not told by bytes
    rb"[\\\x80-\xff]|--|/\*|#|\b(?:vacuum|analy[sz]e|cluster|optimize|reindex|pragma|table_\w+|flush|\w+_priority|delayed|quick)\b"
)
_CHAIN = rb"(?=([^\s,;()]{1,200}(?:\s*\.\s*[^\s,;()]{1,200})?))"  # a name with its schema, quotes and all
_TABLE = re.compile(
    rb"\b(?:from|join|straight_join|into|update|tables?|using|copy|view|truncate|only|exists|on|lock|references|analyze|vacuum|explain|describe"
    rb"|desc|concurrently|insert|ignore|replace|merge|delete|like|inherits|of|to|overwrite|verbose|lateral|partition)\b"
    + _JUNK
    + _CHAIN,
    re.S,
)
_CALLED = re.compile(rb"([\w$]+)[\"'`\]\\]*\s*\(")
_SAID = re.compile(rb"'[^']{0,4000}'|::\s*[\w\"`.]+")  # in strings, and as types
_LISTS = re.compile(rb"\b(?:from|join|update|using|truncate|table|delete|analyze|vacuum|view|on|lock)\b")
_LISTED = re.compile(rb"," + _JUNK + _CHAIN, re.S)
_OPEN = re.compile(
    rb"\b(?:from|join|into|update|table|using|copy|view|truncate|only|exists|on|lock|references)[\s(\"'`\[\\]*(?:[\w$]+[\"'`\]\\]*\.[\"'`\[\\]*)?"
    rb"[\w$]*(?:\$\{|\?\?|[\"'`]\s*\+)|,\s*\$\{"
)
_FAR = 4000


def is_in(data: bytes, found: frozenset[Mark]) -> bool:
    """Whether a file with certain marks may hold SQL.

    >>> from analyzer.extract.marks import marks
    >>> [is_in(data, marks(data)) for data in (b"run('select a from b')", b"title('Select a plan')")]
    [True, False]
    """
    if "subquery" in found or "sum" in found:
        return True
    if "clause" in found and any(pattern.search(data) for pattern in _CLAUSE):
        return True
    if "statement" not in found and "text" not in found:
        return False
    lowered = data.lower()
    if "statement" in found and _STATEMENT.search(lowered):
        return True
    return "text" in found and any(word in lowered and pattern.search(lowered) for word, pattern in _MARKED)


def mentions(data: bytes, sought: Sought) -> bool:
    """Whether some SQL in a file may name what is sought, or names a table that is only known at run time.

    >>> from analyzer.model import Sought
    >>> mentions(b"run('select a from users')", Sought(frozenset({"users"}))), mentions(b"run('select a from b')", Sought(frozenset({"users"})))
    (True, False)
    """
    lowered = data.lower()
    if sought.quoted and not sought.names.isdisjoint(text.decode() for text in _QUOTED.findall(lowered)):
        return True
    names: dict[bytes, list[tuple[bytes, ...]]] = defaultdict(list)
    for name in sought.names:
        parts = tuple(part.encode() for part in _PARTS.findall(name))
        names[parts[0] if parts else b""].append(parts)
    beginnings = [beginning.encode() for beginning in sought.beginnings]

    def has_any(found: Iterable[bytes], words: set[bytes]) -> bool:
        return any(words.issuperset(parts) for word in found for parts in names.get(word, ()))

    for start, end in _regions(data, lowered):
        region = _ESCAPED.sub(b"  ", lowered[start:end]).replace(b"$$", b"  ")
        words = {b"", *_WORD.findall(region)}
        standing = words if _STRANGE.search(region) else words.intersection(_standing(region))
        if has_any(standing, words) or _OPEN.search(region) or any(beginning in region for beginning in beginnings):
            return True
    return any(has_any(words.intersection(_standing(clause)), words) for clause, words in _clauses(data))


def _clauses(data: bytes) -> Iterator[tuple[bytes, set[bytes]]]:
    """Yield each clause that a statement may be put together of, up to the table that it names, with its words."""
    for pattern in _CLAUSE:
        for match in pattern.finditer(data):
            if not _is_prose(data, match.start()):
                clause = _ESCAPED.sub(b"  ", match[0].lower())
                yield clause, {b"", *_WORD.findall(clause)}


def _standing(sql: bytes) -> Iterator[bytes]:
    """Yield the words that stand where SQL names a table or calls a routine: behind certain words and commas, and before `(`.

    >>> sorted(set(_standing(b"insert into public.members select 1 from a, teams where b = count(x)")) - {b""})
    [b'a', b'count', b'into', b'members', b'public', b'teams']
    """
    yield b""
    for match in _TABLE.finditer(sql):
        yield from _WORD.findall(match[1])
    yield from _CALLED.findall(sql)
    for match in _SAID.finditer(sql):
        yield from _WORD.findall(match[0])
    if (first := _LISTS.search(sql)) is not None:
        for match in _LISTED.finditer(sql, first.end()):
            yield from _WORD.findall(match[1])


def _regions(data: bytes, lowered: bytes) -> Iterator[tuple[int, int]]:
    """Yield the stretches that may be SQL: each string that one of the marks opens, as far as it may go on."""
    for match in _STATEMENT.finditer(lowered):
        start, end = match.start(), _end(lowered, match.start())
        if _STATEMENT.match(lowered, start, end) and not _is_prose(
            data, start
        ):  # all that makes it a statement is within
            yield start, end
    for pattern in (_SUBQUERY, _SUM):
        for match in pattern.finditer(data):
            yield max(match.start() - _FAR, 0), match.start() + _FAR
    for word, pattern in _MARKED:
        for match in pattern.finditer(lowered) if word in lowered else ():
            if not _is_prose(data, match.start()):
                yield match.end() - 1, _end(lowered, match.end() - 1)


def _is_prose(data: bytes, offset: int) -> bool:
    r"""Whether a place lies in a line of a comment.

    >>> _is_prose(b"/**\n * reads `with` the id", 14), _is_prose(b"a * `with b as (c)`", 4)
    (True, False)
    """
    head = data[data.rfind(b"\n", 0, offset) + 1 : offset].lstrip()
    if head.startswith((b"*", b"/*")):
        return data.rfind(b"/*", 0, offset) > data.rfind(b"*/", 0, offset)
    return head.startswith(b"//")


def _end(data: bytes, start: int) -> int:
    """Return where a string may end that starts at an offset; one that something is added to goes on."""
    quote = data[start : start + 1]
    whole = TEMPLATE.match(data, start) if quote == b"`" else None
    end = whole.end() if whole else data.find(quote, start + 1) + 1
    while not whole and end > 0 and data[end - 2 : end - 1] == b"\\":
        end = data.find(quote, end) + 1
    if end > 0 and (whole or quote != b"`") and not _GOES_ON.match(data, end):
        return end
    return max(end, start) + _FAR
