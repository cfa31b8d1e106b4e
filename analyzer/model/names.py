"""How a name is written in SQL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analyzer.model.schema import Dialect


_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]")


def quoted(name: str, dialect: Dialect) -> str:
    """Return a name as an identifier; PostgreSQL's with control characters spelled out.

    https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS-UESCAPE

    >>> quoted('a"b', "postgresql"), quoted("a`b", "mysql"), quoted("a\\nb", "postgresql")
    ('"a""b"', '`a``b`', 'U&"a\\\\000ab"')
    """
    if dialect == "postgresql" and _CONTROL.search(name):
        doubled = name.replace("\\", "\\\\").replace('"', '""')
        return 'U&"' + _CONTROL.sub(lambda found: f"\\{ord(found[0]):04x}", doubled) + '"'
    mark = "`" if dialect == "mysql" else '"'
    return mark + name.replace(mark, mark * 2) + mark


def qualified(schema: str | None, name: str, dialect: Dialect) -> str:
    """Return a table's name as an identifier, with its schema if it has one."""
    return ".".join(quoted(part, dialect) for part in (schema, name) if part)
