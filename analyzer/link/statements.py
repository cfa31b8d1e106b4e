"""What a piece of SQL does to which tables: sqlglot where it parses, keywords where it gives up.

https://github.com/tobymao/sqlglot is forgiving: what it cannot read becomes a `Command` that names no tables, so those go by keywords too.
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from analyzer.link.fields import Field, fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlglot import exp

    from analyzer.model import Action, Dialect

HOLE = "tt_hole_"
_QUOTE = r"[\"`\[]?"
_MODIFIER = r"(?:\s+(?:ignore|low_priority|high_priority|delayed|quick|or\s+\w+))*"
_KEYWORD = re.compile(
    rf"\b(delete{_MODIFIER}\s+from|insert{_MODIFIER}\s+into|replace{_MODIFIER}(?:\s+into)?|merge\s+into|truncate(?:\s+table)?|update{_MODIFIER}|from|join"
    r"|into(?:\s+table)?|using|copy|view|lock\s+tables?|(?:show\s+create|check|repair|checksum|flush)\s+tables?|(?:columns|fields|index|keys)\s+in)"
    rf"\s+(?:only\s+|if\s+exists\s+|concurrently\s+)*(?:{_QUOTE}([\w$-]+){_QUOTE}\s*\.\s*)?{_QUOTE}([\w$.-]+){_QUOTE}",
    re.I,
)
_MODIFIED = re.compile(rf"\b(?:delete|insert|replace|update){_MODIFIER[:-1]}+\s", re.I)
_TENDING = r"tables?|full|freeze|verbose|analyze|concurrently|only|no_write_to_binlog|local|in"
_TENDED = re.compile(  # what locks, cleans or describes a table names it without another word
    rf"(?:^|;|\bbegin\b)\s*(?:lock|vacuum|analy[sz]e|reindex(?:\s+table)?|cluster|optimize\s+table|desc(?:ribe)?|table|explain(?=\s+\S+\s*;?\s*$))\b(?:\s*\([^)]*\))?(?:\s+(?:{_TENDING}))*"
    rf"(?:\s+|(?<=\))\s*)(?!(?:{_TENDING})\b)(?:{_QUOTE}([\w$-]+){_QUOTE}\s*\.\s*)?{_QUOTE}([\w$.-]+){_QUOTE}",
    re.I,
)
_PRAGMA = re.compile(rf"(?:^|;)\s*pragma\s+(?:\w+\.)?\w+\s*[(=]\s*(?:{_QUOTE}|')([\w$-]+)", re.I)
_COPIED_IN = re.compile(r"\s*(?:\([^)]*\)\s*)?from\b", re.I)
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.S)
_COMMA = re.compile(
    rf"\s*(?:as\s+)?\w*(?:\s+(?:read|write))?\s*,\s*(?:only\s+)?(?:{_QUOTE}([\w$-]+){_QUOTE}\s*\.\s*)?{_QUOTE}([\w$-]+){_QUOTE}",
    re.I,
)
_ACTIONS: dict[str, Action] = {
    "delete": "delete",
    "insert": "insert",
    "replace": "insert",
    "merge": "insert",
    "truncate": "delete",
    "update": "update",
    "into": "insert",
}
STATEMENT = re.compile(
    r"^\s*(?:\(\s*)*(?:select\b.*\bfrom\b|select\s+\w+\s*\(|with\b.*\bas\b|(?:insert\s+(?:or\s+\w+\s+|ignore\s+)?|replace\s+)into\b|update\b.*\bset\b|delete\s+(?:\w+\s+)?from\b"
    r"|truncate\b|merge\s+into\b|explain\b|refresh\s+materialized|lock\s+(?:tables?\b|[\w\"`.,\s]+\sin\s+(?:access|row|share|exclusive)\s)"
    r"|copy\s*\(|copy\s+\S+\s*(?:\([^)]*\)\s*)?(?:from|to)\s+(?:stdin|stdout|program|')"
    r"|(?:create|alter|drop)\s+(?:or\s+replace\s+)?(?:(?:temp|temporary|unlogged|unique|materialized|virtual|recursive|constraint|event)\s+)*"
    r"(?:table|index|view|schema|type|function|procedure|trigger|extension|policy|sequence|role|database|domain|publication|rule|aggregate)\b"
    r"|replace\s+[\w\"`.]+\s*\(|show\s+(?:full|extended|create|columns|fields|index|keys)\b|(?:check|repair|checksum|flush)\s+tables?\b|load\s+data\b"
    r"|pragma\s+\w+\s*\(|do\s+\$|declare\s+\w+\s+(?:\w+\s+)*cursor\b|prepare\s+\w+.*\bas\b|values\s*\(\s*\(|comment\s+on\s|(?:grant|revoke)\b.*\bon\b.*\b(?:to|from)\b|call\s+[\w.]+\s*\("
    r"|insert\s+\w+\s+into\b|reindex\s+(?:table|index|schema|database)\b|(?:analyze|vacuum)(?:\s+(?:full|verbose|freeze|analyze))*(?:\s+[\w\".]+)?\s*;?\s*$)",
    re.I | re.S,
)
TERSE = re.compile(
    r"^\s*(?:desc|describe|explain|table|cluster|lock|reindex)\s+[\w\"`.]+\s*;?\s*$", re.I
)  # where it is run


class Mention(Struct, frozen=True):
    """A table that a statement names, and what is done to it (None for DDL)."""

    schema: str | None
    name: str
    action: Action | None


@lru_cache(maxsize=4096)
def mentions(text: str, dialect: Dialect) -> tuple[Mention, ...]:
    """Return the tables that some SQL names, in the order of their first mention.

    >>> mentions('delete from "app_user" where id in (select id from old)', "postgresql")
    (Mention(schema=None, name='app_user', action='delete'), Mention(schema=None, name='old', action='read'))
    """
    strange = _TENDED.search(text) is not None or _MODIFIED.search(text) is not None
    found = None if strange else _parsed(text, dialect)
    return tuple(dict.fromkeys(found or keywords(text)))


@lru_cache(maxsize=4096)
def columns(text: str, dialect: Dialect) -> tuple[Field, ...]:
    """Return the columns that some SQL names, with their tables; none where it does not parse, or only defines.

    >>> [(one.table, one.column, one.action) for one in columns("update app_user set name = 'x' where id = 1", "postgresql")]
    [('app_user', 'name', 'update'), ('app_user', 'id', 'read')]
    """
    from sqlglot import exp

    found = [
        field
        for statement in _statements(text, dialect) or ()
        if not isinstance(statement, exp.Create | exp.Drop | exp.Alter)
        for field in fields(statement)
    ]
    return tuple(dict.fromkeys(found))


def parses(text: str, dialect: Dialect) -> bool:
    """Whether some SQL can be parsed, so that every name in it is known for what it is."""
    return _statements(text, dialect) is not None


def _parsed(text: str, dialect: Dialect) -> list[Mention] | None:
    statements = _statements(text, dialect)
    return None if statements is None else [mention for statement in statements for mention in _of(statement)]


@lru_cache(maxsize=64)
def _statements(text: str, dialect: Dialect) -> tuple[exp.Expr, ...] | None:
    """Parse some SQL; None when any of it cannot be read."""
    import sqlglot
    from sqlglot import errors, exp

    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    try:
        statements = sqlglot.parse(
            text, read={"postgresql": "postgres"}.get(dialect, dialect), error_level=errors.ErrorLevel.RAISE
        )
    except (errors.SqlglotError, RecursionError, ValueError):
        return None
    if not statements or any(statement is None or isinstance(statement, exp.Command) for statement in statements):
        return None
    return tuple(statement for statement in statements if statement is not None)


def _of(statement: exp.Expr) -> Iterator[Mention]:
    from sqlglot import exp

    ctes = {cte.alias_or_name for cte in statement.find_all(exp.CTE)}
    targets = dict(_targets(statement))
    ddl = isinstance(statement, exp.Create | exp.Drop | exp.Alter)
    for table in statement.find_all(exp.Table, bfs=False):
        name, schema = table.name, table.db or None
        if not name or (name in ctes and not schema and not _inside_its_cte(table, name)):
            continue
        action: Action | None = targets.get(id(table), None if ddl and not _selected(table) else "read")
        yield Mention(schema, name, action)
        if action == "insert" and _upserts(table):
            yield Mention(schema, name, "update")


def _inside_its_cte(table: exp.Expr, name: str) -> bool:
    """Whether a name stands within the very CTE of that name, where it still means the table (unless it recurses)."""
    from sqlglot import exp

    cte = table.find_ancestor(exp.CTE)
    while cte is not None and cte.alias_or_name != name:
        cte = cte.find_ancestor(exp.CTE)
    holder = cte.find_ancestor(exp.With) if cte is not None else None
    return cte is not None and not (isinstance(holder, exp.With) and holder.recursive)


def _upserts(table: exp.Expr) -> bool:
    """Whether an insert also updates: `ON CONFLICT … DO UPDATE`, `ON DUPLICATE KEY UPDATE`."""
    from sqlglot import exp

    insert = table.find_ancestor(exp.Insert)
    conflict = insert.args.get("conflict") if insert is not None else None
    return conflict is not None and bool(conflict.expressions)


def _selected(table: exp.Expr) -> bool:
    from sqlglot import exp

    return table.find_ancestor(exp.Select) is not None


def _targets(statement: exp.Expr) -> Iterator[tuple[int, Action]]:
    from sqlglot import exp

    kinds: dict[type[exp.Expr], Action] = {
        exp.Insert: "insert",
        exp.Update: "update",
        exp.Delete: "delete",
        exp.Merge: "insert",
        exp.TruncateTable: "delete",
        exp.Copy: "insert",
    }
    order = list(kinds)
    for node in sorted(statement.find_all(*kinds), key=lambda node: order.index(type(node))):
        if isinstance(node, exp.Copy) and not node.args.get("kind"):
            continue
        for target in node.expressions if isinstance(node, exp.TruncateTable) else [node.this]:
            table = target if isinstance(target, exp.Table) else target.find(exp.Table) if target is not None else None
            if table is not None:
                yield id(table), kinds[type(node)]


def keywords(text: str) -> list[Mention]:
    """Return the tables that follow a keyword of SQL, without parsing.

    >>> keywords("explain analyze update only app_user set a = 1")
    [Mention(schema=None, name='app_user', action='update')]
    """
    found: list[Mention] = []
    text = _COMMENT.sub(" ", text)
    for match in _TENDED.finditer(text):
        found += [Mention(match[1], match[2], "read"), *_listed(text, match.end())]
    found += (Mention(None, match[1], "read") for match in _PRAGMA.finditer(text))
    for match in _KEYWORD.finditer(text):
        word = match[1].split()[0].lower()
        action = _ACTIONS.get(word, "read")
        if word == "copy" and _COPIED_IN.match(text, match.end()):
            action = "insert"
        found.append(Mention(match[2], match[3], action))
        if word in {"from", "lock"}:
            found += _listed(text, match.end())
    return found


def _listed(text: str, at: int) -> Iterator[Mention]:
    """Yield the tables in a list that goes on with a comma."""
    while more := _COMMA.match(text, at):
        at = more.end()
        yield Mention(more[1], more[2], "read")
