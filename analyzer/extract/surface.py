"""Bytes of one file become its surface: what it imports, and whether something in it may name a table without an import.

Everything here may find too much, never too little: a file whose surface says nothing is not parsed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analyzer.extract import sqlish
from analyzer.extract.components import script
from analyzer.extract.lexing import PAIRS, Lexed
from analyzer.extract.marks import marks
from analyzer.extract.specifiers import GAP, exported, header, is_broken, specifiers
from analyzer.model import BUILDERS, OTHER_LANGUAGES, PERHAPS_BUILDERS, Surface

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.extract.marks import Mark
    from analyzer.model import Language, Trait

MAX_BYTES = 2_000_000
MAX_NULS = 2  # some sources hold a NUL in a string
_CALLED = rb"[\s!?.]*(?:<[^`]{0,300}?>\s*)?"  # between a method's name and its arguments: `?.`, `!`, types
TOKEN = re.compile(rb"[\"'`]([A-Za-z0-9@$]*+[./_-][\w@$./-]*+)(?: as \w+)?[\"'`]")
PLAIN = re.compile(rb"[\"'`]([A-Za-z_][\w$]*+)(?: as \w+)?[\"'`]")
_PATH = re.compile(rb"(?:\.{1,2}/)?(?:[\w@.-]+/)+[\w@.-]+\.\w+|(?:\./)?[\w@.-]+\.[cm]?[jt]sx?")
_SCRIPT = re.compile(rb"[\w@.-]++(?:/[\w@.-]++)*+(?<=\.sql)\b")
_NAME = re.compile(rb"[A-Za-z_][\w$]*(?:[.\-][\w$]+)*")
_ASKED = re.compile(
    rb"\."
    + GAP
    + rb"(?:from|insert|into|update|delete|\$count|refreshMaterializedView|(?:left|right|inner|full|cross)Join(?:Lateral)?)"
    + _CALLED
    + rb"\("
    + GAP
    + rb"(?![\"'`]|\))",
    re.S,
)
_ARGUMENT = rb"\(\s*(?:([\"'`])(?:([\w$]+)(?: as \w+)?|(?:(?!\2|\$\{)[^\n\\])*+)\2\s*[,)]|([^\s)]))"  # a whole string, or anything else
_NAMED = re.compile(
    rb"\."
    + GAP
    + rb"(?:(?:from|into|table|identifier|insertInto|selectFrom|updateTable|deleteFrom|(?:inner|left|right|full|cross)(?:Outer)?Join|mergeInto|replaceInto|rpc|batchInsert)"
    rb"|(with|raw|ref))" + _CALLED + _ARGUMENT,
    re.S,
)
_BUILT = re.compile(
    f"(?<![\\w$])(?:{'|'.join(BUILDERS)}|({'|'.join(PERHAPS_BUILDERS)}))".encode() + _CALLED + _ARGUMENT, re.S
)
_JOINED = re.compile(
    rb"\.\s*join\(\s*([\"'`])([\w$]+)(?: as \w+)?\1\s*,"
)  # of a query builder: an array's has one argument
EMBEDS = re.compile(rb"\.\s*select" + _CALLED + rb"\(\s*([\"'`])((?:(?!\1)[^\\]){0,4000}\()", re.S)
_STORE = re.compile(rb"(?<![\w$])(?:Array|Buffer|Uint8Array|console)\Z")
_KEYED = re.compile(
    rb"table(?:Name|_name)?(?:\s*=\s*[\"'`]([\w$]+)"
    rb"|(?:[\"'`]?\]?\s*\??:|[\"'`]\s*,)\s*(?:[\"'`]([\w$]+)|(?=([^,;}\"'`\n]))))"
)
_VALUE = re.compile(  # one that holds a string, or may
    GAP
    + rb"(?:\((?:[^()]|\((?:[^()]|\([^()]*+\))*+\))*+\)|<[^<>;]{0,200}>|[^,;}\"'`\n()]|\n\s*(?=[?:|&+/])){0,400}+[\"'`]|[{\[(]",
    re.S,
)
_QUERY = re.compile(rb"query(?:[\s!?)]|\bas\s+\w+)*(?:\.\s*([\w$\x80-\xff]++)(?!\s*\()|(?:\?\.)?\s*(\[))")
_APART = re.compile(rb"\{([^{}]*)\}\s*=[^;\n]*\bquery\b")
_COMPUTED = re.compile(  # what is given is no plain string
    rb"\b(?:import|require)\s*\(" + GAP + rb"(?![/\s)]|\"[^\"\n]*\"\s*[,)]|'[^'\n]*'\s*[,)])"
)
_ALONE = re.compile(rb"([\w$]+)\s*[,)]")
_MADE_OF = re.compile(  # what a path is made of: texts, other names, and functions of paths
    rb"[\"'`+]|\b(?:join|resolve|URL|pathToFileURL|fileURLToPath|normalize|String)\s*\(|\A[\w$]+\s*(?:[;,\n]|\Z)|\.(?:href|pathname|toString)\b"
)
_WHOLE = re.compile(rb"[A-Za-z_$][\w$-]*")
LAST = re.compile(rb"[\w$\x80-\xff]+")
_BRACKET = re.compile(rb"\"[^\"\n]*\"|'[^'\n]*'|`[^`]*`|[(\[{}\]),;]")
_UNCLEAR = re.compile(
    rb"[/`<\\]"
)  # comments, patterns, templates, types, escapes: a bracket or a comma in it may be none
_FAR = 2000
_NO_BRACKETS = bytes(set(range(256)) - set(b"(){}[]"))


def surface(data: bytes, language: Language) -> Surface:
    """Return the surface of a file.

    >>> found = surface(b'import { db } from "./db"; db.insert(tables.users)', "ts")
    >>> [one.source for one in found.specifiers], found.given
    (['./db'], ('users',))
    """
    unfit, lines = reason_unfit(data), data.count(b"\n")
    if unfit is not None or language == "sql":
        return Surface(lines=lines, unfit=unfit)
    if language in OTHER_LANGUAGES:
        from analyzer.extract.embedded_sql import read

        known = read(data, language)
        traits: tuple[Trait, ...] = ("sql", "names") if known.statements else ()
        return Surface(paths=_told(_scripts(data)), texts=_told(set(known.names.values())), traits=traits, lines=lines)
    code = script(data) if language == "vue" else data
    found, head = marks(data), header(code)
    lexed = Lexed(data)
    imported = specifiers(code, head, found, lexed if code is data else Lexed(code))
    tokens = set(TOKEN.findall(data))
    named = list(_named(data, found))
    texts = {token for token in tokens if b"/" not in token and _NAME.fullmatch(token)} | _texts(data, found, named)
    given = set(_given(data)) if "asked" in found else set()
    if "conflict" in found or is_broken(data, head) or _is_torn(data, lexed):
        texts |= set(LAST.findall(data)) | set(_WHOLE.findall(data))
        given |= texts
    return Surface(
        specifiers=imported,
        exports=exported(code, found),
        paths=_told(
            {one for one in tokens if _PATH.fullmatch(one)} - {one.source.encode() for one in imported} | _scripts(data)
        ),
        texts=_told(texts),
        keys=_told(_keys(data, found)),
        given=_told(given),
        traits=tuple(_traits(data, found, named)),
        lines=lines,
    )


def _scripts(data: bytes) -> set[bytes]:
    """Return the files of SQL that a file names."""
    return set(_SCRIPT.findall(data)) if b".sql" in data else set()


def _texts(data: bytes, found: frozenset[Mark], named: list[re.Match[bytes]]) -> set[bytes]:
    """Return the strings without a dot or a dash that may be the name of a table, by where they stand."""
    texts = {match[3] for match in named if match[3]}
    if "built" in found:
        texts.update(match[2] for match in _JOINED.finditer(data))
    for match in EMBEDS.finditer(data) if "embeds" in found else ():
        texts.update(LAST.findall(match[2]))
    if "adapter" in found or any(match[4] for match in named):
        texts.update(PLAIN.findall(data))
    for match in _KEYED.finditer(data) if "keyed" in found else ():
        listed = b"," in match[0]  # `is("table", pick(), "users")`: whatever is given behind it
        name = match[1] or match[2]
        if name:
            texts.add(name)
        if listed or (not name and _VALUE.match(data, match.end())):
            end = _extent(data, match.end(), 2 * _FAR, b"" if listed else b",;")
            clear = not _UNCLEAR.search(data, match.end(), end)
            texts.update(PLAIN.findall(data, match.end(), end if clear else match.end() + 2 * _FAR))
    return texts


def _keys(data: bytes, found: frozenset[Mark]) -> set[bytes]:
    """Return what is read from something called `query`."""
    keys = {match[1] for match in _QUERY.finditer(data) if match[1]} if "query" in found else set()
    if "unpacked" in found:
        keys.update(name for match in _APART.finditer(data) for name in LAST.findall(match[1]))
    return keys


def _told(found: set[bytes]) -> tuple[str, ...]:
    return tuple(sorted(text.decode("utf8", "replace") for text in found))


def _is_torn(data: bytes, lexed: Lexed) -> bool:
    """Whether a file may be half-written: then what it mentions counts, wherever it stands."""
    brackets = data.translate(None, _NO_BRACKETS)
    return any(brackets.count(left) != brackets.count(right) for left, right in PAIRS) and not lexed.balanced


def _named(data: bytes, found: frozenset[Mark]) -> Iterator[re.Match[bytes]]:
    """Yield the calls that may be given the name of a table; `Array.from(…)` is none."""
    for match in _NAMED.finditer(data) if "named" in found else ():
        if not _STORE.search(data[max(match.start() - 12, 0) : match.start()]):
            yield match
    yield from _BUILT.finditer(data) if "built" in found else ()


def _traits(data: bytes, found: frozenset[Mark], named: list[re.Match[bytes]]) -> Iterator[Trait]:
    if "finds" in found:
        yield "finds"
    if "globs" in found or ("computed" in found and _loads(data)):
        yield "loads"
    if "query" in found and any(match[2] for match in _QUERY.finditer(data)):
        yield "indexes"
    if "opens" in found:
        yield "opens"
    if "mounts" in found:
        yield "mounts"
    if any(match[4] and not match[1] for match in named):
        yield "names"
    if sqlish.is_in(data, found):
        yield "sql"


def _loads(data: bytes) -> bool:
    """Whether a module may be loaded by a path of which something is known: not by what a function is given, or a call makes.

    >>> _loads(b"import(join(a, b))"), _loads(b"const a = `./t/${b}`; import(a)"), _loads(b"const a = make(); import(a)"), _loads(b"(a) => import(a)")
    (True, True, False, False)
    """
    for match in _COMPUTED.finditer(data):
        name = _ALONE.match(data, match.end())
        if name is None:
            return True
        held = re.compile(rb"(?<![\w$.])" + re.escape(name[1]) + rb"\s*(?::[^=;]{1,80})?\+?=(?![=>])\s*([^;]{1,300})")
        if any(_MADE_OF.search(one[1]) for one in held.finditer(data)):
            return True
    return False


def _given(data: bytes) -> Iterator[bytes]:
    """Yield the last name of what the methods of queries are given first, every name where that is not plain."""
    for match in _ASKED.finditer(data):
        stretch = data[match.end() : _extent(data, match.end(), _FAR)]
        names = LAST.findall(stretch)
        plain = not any(mark in stretch for mark in b"([{/") and not re.search(rb"\bas\b|\bsatisfies\b", stretch)
        yield from names[-1:] if plain else names


def _extent(data: bytes, start: int, most: int, ends: bytes = b",;") -> int:
    """Return where a value ends: at a comma, a semicolon or a bracket that is not its own; strings are stepped over.

    >>> data = b'pick({ a: ",)" }, b), c'
    >>> data[: _extent(data, 0, 100)]
    b'pick({ a: ",)" }, b)'
    """
    depth = 0
    for match in _BRACKET.finditer(data, start, start + most):
        if match[0] in b"([{":
            depth += 1
        elif match[0] in b")]}":
            depth -= 1
        if depth < 0 or (depth == 0 and match[0] in ends):
            return match.start()
    return start + most


def reason_unfit(data: bytes) -> str | None:
    """Return why a file cannot be parsed, or None."""
    if len(data) > MAX_BYTES:
        return f"is larger than {MAX_BYTES // 1_000_000} MB and was not parsed"
    if data[:8192].count(b"\0") > MAX_NULS:
        return "is binary and was not parsed"
    if not data.isascii():
        try:
            data.decode("utf8")
        except UnicodeDecodeError as error:
            return f"is not UTF-8 (byte {error.start}) and was not parsed"
    return None
