"""How a name is written in SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analyzer.model.schema import Dialect


def quoted(name: str, dialect: Dialect) -> str:
    """Return a name as an identifier.

    >>> quoted('a"b', "postgresql"), quoted("a`b", "mysql")
    ('"a""b"', '`a``b`')
    """
    mark = "`" if dialect == "mysql" else '"'
    return mark + name.replace(mark, mark * 2) + mark


def qualified(schema: str | None, name: str, dialect: Dialect) -> str:
    """Return a table's name as an identifier, with its schema if it has one."""
    return ".".join(quoted(part, dialect) for part in (schema, name) if part)
