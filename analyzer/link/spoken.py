"""What a text of code is: SQL or not, as one, for which store, and where in it a name stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analyzer.link.packages import is_of_another_store
from analyzer.link.statements import HOLE, STATEMENT, TERSE, keywords
from analyzer.model import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.link.world import Unit
    from analyzer.model import Table, Text

EXECUTING = {
    "execute", "query", "unsafe", "raw", "exec", "prepare", "queryRaw", "executeRaw", "$queryRaw", "$executeRaw", "$queryRawUnsafe",
    "$executeRawUnsafe", "sql",
}  # fmt: skip
_LEADING = re.compile(
    r"^(?:[\s;]+|--[^\n]*\n|/\*.*?\*/|(?:begin|start\s+transaction|savepoint|set|pragma)\b[^;]*;)*", re.I | re.S
)
_SUBQUERY = re.compile(r"\(\s*SELECT\b[^)]*\bFROM\b")  # in capitals: a part of a statement, put together elsewhere
_TYPED = re.compile(
    r"\{\s*\w+\s*:\s*[A-Z]\w*"
)  # https://clickhouse.com/docs/sql-reference/syntax#defining-and-using-query-parameters

_TABLE = r"\s+[\"`\[]?(?:([\w$-]+)[\"`\]]?\s*\.\s*[\"`\[]?)?([\w$-]+)"
_FROM = r"^\s*from" + _TABLE + r"[\"`\]]?(?:\s+(?:as\s+)?\w+)?"
_CLAUSES = (
    re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)" + _TABLE),
    re.compile(r"\bjoin" + _TABLE + r"[\"`\]]?(?:\s+(?:as\s+)?[\"`]?\w+[\"`]?)?\s+(?:on|using)\b", re.I),
    re.compile(r"\(\s*select\b[^()]*?\bfrom" + _TABLE, re.I),
    re.compile(_FROM + r"\s+(?:where|join|left|inner|order|group|limit)\b", re.I),
)
_LISTED = re.compile(_FROM + r"\s*$", re.I)

_GOING_ON = re.compile(
    rf"\s*{HOLE}\d+\s+(?:from|join|into|where|set|values|union|using|select|insert|update|delete|with)\b", re.I
)
_PLACED = re.compile(r"\b(from|join|into|update|table)\s+\?\?", re.I)
_STRING = re.compile(r"'([^']*)'|\$(\w*)\$(.*?)\$\2\$", re.S)
_NAMING = re.compile(
    r"(?:\bpg_\w+|regclass|nextval|currval|setval|table\w*)\s*\(\s*\Z|table_?name\s*(?:=|in\s*\([^)]*)\s*\Z", re.I
)
_CAST = re.compile(r"\s*::\s*regclass", re.I)
_TYPED_AS = re.compile(r"::\s*(\"?[\w.]+\"?)")
_AWAITING = re.compile(r"\b(?:from|join|into|update|table|only|exists)\s+[\"`\[]?(?:[\w$]+[\"`\]]?\.[\"`\[]?)?\Z", re.I)
_PARTED = re.compile(r"[_.\-]")
_DISTINCT = re.compile(r"^[\w$]+[_.-][\w$.-]+$")


def joined_text(text: Text) -> str:
    """Return a template as one text, with a name for each hole; what a method called `pragma` is given is one.

    Also `??` is a hole, where a table's name stands: https://github.com/mysqljs/sqlstring#escaping-query-identifiers.
    """
    parts = [f"pragma {text.parts[0]}" if text.call is not None and text.call.last == "pragma" else text.parts[0]]
    for index, part in enumerate(text.parts[1:]):
        parts += [f"{HOLE}{index}", part]
    return _PLACED.sub(rf"\1 {HOLE}{len(text.parts)}", "".join(parts))


def is_sql(text: Text, joined: str) -> bool:
    """Whether a text is SQL, by its beginning, or by what it is given to."""
    tag = text.tag.last.lower() if text.tag else ""
    tagged = text.tag is not None and (
        tag.endswith("sql") or "sql" in {*text.tag.path, text.tag.root} or tag.startswith(("$queryraw", "$executeraw"))
    )
    called = text.call is not None and text.call.last in EXECUTING
    within = _SUBQUERY.search(joined) is not None
    if text.call is not None and text.call.last == "pragma":
        return True
    terse = text.call is not None and text.call.is_method and TERSE.match(joined) is not None
    return (
        tagged
        or within
        or terse
        or bool(STATEMENT.match(_LEADING.sub("", joined)))
        or (called and " " in joined.strip())
    )


def may_be_in(table: Table, schema: str, *, bare: bool) -> bool:
    """Whether a table may be the one of a schema; in MySQL that is a database, which a declaration does not name.

    A `bare` string with a dot in it may be anything: it has to be the very schema.
    """
    if not bare and (HOLE in schema or (table.dialect == "mysql" and not table.schema)):
        return True
    return schema.lower() in ({table.schema.lower()} if table.schema else {"public", "main"})


def in_call(unit: Unit, text: Text) -> bool:
    """Whether a text is given to a call, itself or in a list or an object: beside declarations these are values of enums, and names of relations."""
    index = text.place
    while index >= 0 and unit.facts.places[index].kind != "argument":
        index = unit.facts.places[index].parent
    return index >= 0


def is_telling(unit: Unit, text: Text, name: str) -> bool:
    """Whether a bare name can hardly mean anything but the table: by its form, or by the key that it stands at."""
    place = unit.facts.places[text.place] if text.place >= 0 else None
    keyed = place is not None and (place.kind in {"property", "field"} or place.literal is not None)
    return bool(_PARTED.search(name)) or keyed


def awaits_name(sql: str) -> bool:
    """Whether SQL ends where the name of a table is to stand.

    >>> awaits_name("select * from "), awaits_name('delete from "public".'), awaits_name("where id = ")
    (True, True, False)
    """
    return _AWAITING.search(sql) is not None


def goes_on(joined: str) -> bool:
    """Whether a text goes on like a statement behind something that is put before it: `${select} from users`."""
    return _GOING_ON.match(joined) is not None


def clauses(joined: str, *, listed: bool = False) -> Iterator[tuple[str | None, str]]:
    """Yield the schema and the name of each table that a piece of SQL names behind a word in capitals, in a join, or in a query of its own.

    One of a list may be `from users` alone: its parts are joined.

    >>> list(clauses("left join crews c on true")), list(clauses("EXISTS (select 1 from public.boats)")), list(clauses("mail from users"))
    ([(None, 'crews')], [('public', 'boats')], [])
    """
    for pattern in (*_CLAUSES, _LISTED) if listed else _CLAUSES:
        for match in pattern.finditer(joined):
            yield match[1], match[2]


def said(joined: str) -> Iterator[str]:
    """Yield the names of tables that a statement says in its own strings, or as types: `'users'::regclass`, `to_regclass('users')`, `null::users`.

    >>> list(said("select 'a' as kind, pg_table_size('public.users'), null::teams, cron.schedule('x', $$delete from logs$$)"))
    ['public.users', 'logs', 'teams']
    """
    for match in _STRING.finditer(joined):
        text = match[1] if match[1] is not None else match[3]
        if _NAMING.search(joined, max(match.start() - 80, 0), match.start()) or _CAST.match(joined, match.end()):
            yield text
        elif " " in text:
            yield from (f"{one.schema}.{one.name}" if one.schema else one.name for one in keywords(text))
        elif _DISTINCT.search(text):
            yield text
    yield from (match[1].replace('"', "") for match in _TYPED_AS.finditer(joined))


def embedded(joined: str) -> Iterator[str]:
    """Yield the names of what a client of PostgREST is asked for beside a table: https://postgrest.org/en/stable/references/api/resource_embedding.html.

    >>> list(embedded("id, author:users!inner(name, teams(id))"))
    ['users', 'teams']
    """
    yield from (match[1] for match in re.finditer(r"([\w$]+)(?:!\w+)*\s*\(", joined))


def asks_another_store(unit: Unit, sql: str) -> bool:
    """Whether the SQL of a file may be for a store of another kind, where the name means another table."""
    return _TYPED.search(sql) is not None or any(
        is_of_another_store(name) for name in (unit.path, *(fact.source for fact in unit.facts.imports))
    )


def site_of(text: Text, name: str) -> Site:
    """Return the place of the first mention of a name in a text."""
    wanted = re.compile(rf"(?<![\w$]){re.escape(name)}(?![\w$])", re.I)
    for part, site in zip(text.parts, text.sites, strict=True):
        match = wanted.search(part)
        if match:
            before = part[: match.start()]
            lines = before.count("\n")
            if lines and text.summed:
                return site
            column = len(before) - before.rfind("\n") if lines else site.column + len(before)
            return Site(site.line + lines, column)
    return text.sites[0]


def owners(tables: list[Table]) -> tuple[Table, ...]:
    """Return the declarations that a use by name belongs to: those in production code, where there are any."""
    for role in ("production", "script", "test", "generated"):
        found = tuple(table for table in tables if table.role == role)
        if found:
            return found
    return ()
