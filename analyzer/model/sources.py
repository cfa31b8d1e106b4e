"""Where a schema is read from."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal as OneOf
from typing import TypeAlias

SourceKind: TypeAlias = OneOf[
    "code", "postgresql", "mysql", "sqlite", "dump", "snapshot", "migrations", "schema", "report"
]


@dataclass(frozen=True)
class Source:
    """A source by what the user calls it. `location` is a URL or a path; a URL may hold a password, so it is never shown."""

    name: str
    kind: SourceKind
    location: str = field(repr=False)
    exact: bool = False

    @property
    def is_live(self) -> bool:
        """Whether it is a server or a database file, with rows in it."""
        return self.kind in {"postgresql", "mysql", "sqlite"}
