"""Two sources side by side, indexed for look-ups."""

from __future__ import annotations

from collections import defaultdict
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from analyzer.model import Difference

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from analyzer.drift.twins import Names
    from analyzer.model import Dialect, Filters, Link, ObjectKind, PhysicalEnum, PhysicalSchema, PhysicalTable

Key = tuple[str | None, str]
Links: TypeAlias = "Mapping[Key, tuple[tuple[PhysicalTable, Link], ...]]"


class Pair:
    """The left side and one source; the filters say what of them may be a finding."""

    def __init__(self, expected: PhysicalSchema, actual: PhysicalSchema, filters: Filters) -> None:
        self.expected, self.actual, self.filters = expected, actual, filters
        self.dialect: Dialect = expected.dialect
        self.names: dict[bool, Names] = {}
        self.left: Mapping[Key, PhysicalTable] = _by_key((*expected.tables, *expected.outside))
        self.right: Mapping[Key, PhysicalTable] = _by_key((*actual.tables, *actual.outside))

    def shows(self, schema: str | None, name: str) -> bool:
        """Whether the user's own filters let a table be seen."""
        names = (name, f"{schema or 'public'}.{name}")
        include, exclude = self.filters.include, self.filters.exclude
        meant = not include or any(fnmatchcase(text, glob) for glob in include for text in names)
        return meant and not any(fnmatchcase(text, glob) for glob in exclude for text in names)

    def is_managed(self, schema: str | None, name: str) -> bool:
        """Whether drizzle-kit looks at a table, by the filters of drizzle.config."""
        if not self.is_schema_managed(schema):
            return False
        return not self.filters.tables or _passes(name, self.filters.tables)

    def is_schema_managed(self, schema: str | None) -> bool:
        """Whether drizzle-kit looks at a schema, by the filter of drizzle.config."""
        return not self.filters.schemas or _passes(schema or "public", self.filters.schemas)

    def tells(self, kind: ObjectKind) -> bool:
        """Whether both sides tell of a kind of object."""
        return kind not in self.expected.silent and kind not in self.actual.silent

    @cached_property
    def enums(self) -> tuple[Mapping[Key, PhysicalEnum], Mapping[Key, PhysicalEnum]]:
        """The enums of both sides."""
        return (
            {(enum.schema, enum.name): enum for enum in self.expected.enums},
            {(enum.schema, enum.name): enum for enum in self.actual.enums},
        )

    @cached_property
    def linked(self) -> tuple[Links, Links]:
        """The foreign keys and joins from and to each table, of both sides."""
        return _linked(self.left), _linked(self.right)

    @cached_property
    def doubtful(self) -> frozenset[str]:
        """The names in statements of which it is not known what they make."""
        return frozenset((*self.expected.doubtful, *self.actual.doubtful))

    @cached_property
    def unmade(self) -> frozenset[str]:
        """The names of what such statements may have made."""
        return frozenset((*self.expected.unmade, *self.actual.unmade))

    def difference(self, rule: str, kind: Any, object: ObjectKind, **more: Any) -> Difference:
        """Return a difference of this pair; what is not given does not apply."""
        nothing: dict[str, Any] = dict.fromkeys(("schema", "table", "column", "attribute", "expected", "actual"))
        return Difference(rule, kind, object, source=self.actual.source, **{**nothing, **more})


def _linked(tables: Mapping[Key, PhysicalTable]) -> Links:
    found: dict[Key, list[tuple[PhysicalTable, Link]]] = defaultdict(list)
    for table in tables.values():
        for link in (*table.foreign_keys, *table.joins):
            for key in dict.fromkeys((table.key, (link.foreign_schema, link.foreign_table))):
                found[key].append((table, link))
    return {key: tuple(some) for key, some in found.items()}


def _by_key(tables: Iterable[PhysicalTable]) -> dict[Key, PhysicalTable]:
    return {table.key: table for table in tables}


def _passes(name: str, patterns: tuple[str, ...]) -> bool:
    """Whether a name passes the filter as drizzle-kit reads it: `!` takes away, and alone lets everything else pass."""
    if any(fnmatchcase(name, pattern[1:]) for pattern in patterns if pattern.startswith("!")):
        return False
    wanted = [pattern for pattern in patterns if not pattern.startswith("!")]
    return not wanted or any(fnmatchcase(name, pattern) for pattern in wanted)
