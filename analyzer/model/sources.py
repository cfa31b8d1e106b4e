"""Where a schema is read from."""

from __future__ import annotations

from typing import Any, TypeAlias
from typing import Literal as OneOf

from msgspec import Struct

SourceKind: TypeAlias = OneOf[
    "code", "postgresql", "mysql", "sqlite", "dump", "snapshot", "migrations", "schema", "report"
]


class Source(Struct, frozen=True):
    """A source by what the user calls it. `location` is a URL or a path; a URL may hold a password, so it is never shown."""

    name: str
    kind: SourceKind
    location: str
    exact: bool = False

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        return [("name", self.name), ("kind", self.kind), ("exact", self.exact)]

    def __repr__(self) -> str:
        return f"Source(name={self.name!r}, kind={self.kind!r}, exact={self.exact!r})"

    @property
    def is_live(self) -> bool:
        """Whether it is a server or a database file, with rows in it."""
        return self.kind in {"postgresql", "mysql", "sqlite"}
