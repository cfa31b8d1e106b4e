"""Sources become PhysicalSchemas: live servers, dumps, snapshots, folders of migrations, saved reports.

Nothing here ever changes a database: connections are read-only, and what is replayed or restored goes into a throw-away
server of our own.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analyzer.model import PhysicalSchema, Source, SourceKind

READERS: dict[SourceKind, str] = {
    "postgresql": "postgres",
    "mysql": "mysql",
    "sqlite": "sqlite",
    "dump": "dump",
    "snapshot": "snapshot",
    "migrations": "migrations",
}  # each has a module here with a function `read`; `code`, `schema` and `report` hold declarations, which are no tables yet


def read(source: Source) -> PhysicalSchema:
    """Return what a source has.

    Raises `AnalyzerError` when it cannot be reached, refuses, does not answer in time, or is no such thing.
    """
    module = import_module(f"{__name__}.{READERS[source.kind]}")
    schema: PhysicalSchema = module.read(source)
    return schema
