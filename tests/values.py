"""Values that several tests make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.model import Table

if TYPE_CHECKING:
    from analyzer.model import Dialect


def declaration(name: str, dialect: Dialect) -> Table:
    """Return a declaration of a table without columns."""
    return Table(f"schema.ts#{name}", name, "table", "schema.ts", 1, 1, dialect, None, name, None, "production")
