"""What stands around a reference, and what the code does to a table at such a place."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from analyzer.model import NAMING, Action

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from analyzer.link.world import Unit
    from analyzer.model import Callee, Place

Deed: TypeAlias = tuple[Action, str]

JOIN = re.compile(r"^(left|right|inner|full|cross)Join(Lateral)?$")
METHODS: dict[str, Deed] = {
    "from": ("read", "from"),
    "insert": ("insert", "insert"),
    "into": ("insert", "into"),
    "update": ("update", "update"),
    "delete": ("delete", "delete"),
    "$count": ("read", "$count"),
    "refreshMaterializedView": ("update", "refresh"),
}
_STORES = {"storage", "bucket", "Array", "Buffer", "Uint8Array", "Object", "console"}  # their `from` names no table
_ENUMERATORS = {"values", "keys", "entries", "fromEntries", "getOwnPropertyNames"}
INSPECTORS = {"is", "getTableConfig", "getTableName", "isTable", "getTableUniqueName", "getViewConfig"}
ASSERTIONS = {"expect", "assert", "describe", "it", "test"}
KIT = {
    "pushSchema",
    "generateDrizzleJson",
    "generateMigration",
    "pushSQLiteSchema",
    "pushMySQLSchema",
    "generateSQLiteDrizzleJson",
}
_CONTAINERS = {"Array", "Buffer", "Uint8Array", "Float32Array", "Set", "Map", "Object", "Observable", "Readable"}
_MOCKERS = {"vi", "jest", "mock", "mocker"}
_MOCKS = {"mock", "doMock", "unstable_mockModule"}
UPSERTING = {"onConflictDoUpdate", "onDuplicateKeyUpdate"}
SELECTING = {"select", "selectDistinct", "selectDistinctOn", "returning"}
_CLAUSES = {
    "where", "having", "orderBy", "groupBy", "values", "set", "onConflictDoNothing", "for", "limit", "offset",
    *SELECTING, *UPSERTING,
}  # fmt: skip
_EXPORTED = re.compile(r"(?:module\s*\.\s*)?exports\b")
_DERIVING = re.compile(r"^create\w*Schema$|^get(Table)?Columns$")


class Surroundings:
    """The places around a reference, innermost first, and what they say together."""

    def __init__(self, unit: Unit, index: int, called: Callable[[Callee], str | None]) -> None:
        self.called = called
        chain: list[Place] = []
        while index >= 0:
            chain.append(unit.facts.places[index])
            index = chain[-1].parent
        self.chain = tuple(chain)
        self.first = chain[0] if chain else None
        self._calls = tuple(self._until_body())
        self.in_call = bool(self._calls)
        self.callee = self._calls[0].callee if self._calls else None

    @cached_property
    def in_type(self) -> bool:
        """Whether the reference stands in a type."""
        return any(place.kind == "type" for place in self.chain)

    @cached_property
    def registers(self) -> bool:
        """Whether a call around makes a client."""
        return any(place.callee is not None and self.called(place.callee) == "drizzle" for place in self._calls)

    @cached_property
    def mocked(self) -> bool:
        """Whether it stands in the mock of a module."""
        return any(
            place.callee is not None and place.callee.root in _MOCKERS and place.callee.last in _MOCKS
            for place in self.chain
        )

    @property
    def selects(self) -> bool:
        """Whether the call around chooses what a query yields."""
        return self.callee is not None and self.callee.last in SELECTING

    @property
    def _in_sql(self) -> bool:
        return any(place.kind == "substitution" and place.callee is not None for place in self.chain)

    @property
    def is_stored(self) -> bool:
        """Whether the reference is put into a collection: `all[name] = table`, `all.set(name, table)`, `all.push(table)`."""
        place = self.first
        if place is None or place.kind != "argument" or place.callee is None:
            return place is not None and place.kind == "assigned" and not place.name.isidentifier()
        return place.callee.is_method and place.callee.last in {"set", "push", "add"}

    @property
    def is_mapped(self) -> bool:
        """Whether what the call around gives is made a map: `new Map(Object.entries(schema))`."""
        outer = self._calls[1].callee if len(self._calls) > 1 else None
        kept = self.callee is not None and self.callee.last in {"entries", "values"}
        return kept and outer is not None and outer.root == "Map" and not outer.path

    def _until_body(self) -> Iterator[Place]:
        for place in self.chain:
            if place.kind in {"body", "function", "method", "class"}:
                return
            if place.kind == "argument":
                yield place

    @property
    def runs(self) -> bool:
        """Whether the reference stands in a function or a class, or is put into something that is not exported by this."""
        first = self.first
        put = first is not None and first.kind == "assigned" and not _EXPORTED.match(first.name)
        return put or any(place.kind in {"function", "method", "class"} for place in self.chain)

    @property
    def _in_query(self) -> bool:
        """Whether a call around is a query's: `db.select({ … })`, `.where(…)`."""
        return any(place.callee is not None and place.callee.is_method for place in self._calls)

    @property
    def clause(self) -> str | None:
        """The clause of a query that the reference stands in, as its method is called: `where`, `select`, `leftJoin`."""
        names = (place.callee.last for place in self._calls if place.callee is not None and place.callee.is_method)
        return next((name for name in names if name in _CLAUSES or JOIN.match(name)), None)

    @property
    def initializes(self) -> str | None:
        """The binding whose value is the call around, if it is one."""
        for place in self.chain:
            if place.kind == "initializer":
                return place.name or None
            if place.kind in {"body", "function", "method", "class"}:
                return None
        return None

    @property
    def queried(self) -> Deed | None:
        """What is done when the reference is the first argument of a query's method: `from(users)`."""
        return asked(self.first)

    def deed(self, column: str | None, in_schema: bool) -> Deed | None:
        """Return what is done to a table, or to a column of it, that is named here; None when it is no use.

        In a file that declares tables, putting a table into an object, a list or a constant is part of declaring.
        """
        place = self.first
        if self.mocked or (place is not None and place.kind == "exported"):
            return None
        if place is None:
            return None if in_schema else ("pass", "value")
        if place.kind == "argument" and place.callee is not None:
            return self._argument(place, place.callee, column, in_schema)
        if place.kind == "substitution":
            named = place.callee is not None and place.callee.last.lower().endswith("sql")
            return ("sql", "sql template") if named or self._in_sql else ("pass", "template")
        if column is not None:
            return None if in_schema and not self.in_call else ("read", self.clause or "column")
        if place.kind == "property" and self.registers:
            return "register", "drizzle schema"
        if in_schema and not self.in_call:
            return None
        if place.kind in {"property", "spread"} and self.selects:
            return "read", "select"
        return "pass", place.kind

    def _argument(self, place: Place, callee: Callee, column: str | None, in_schema: bool) -> Deed | None:
        last = callee.last
        if column is not None:
            return None if in_schema and not self._in_query else ("read", self.clause or last or "column")
        if self.queried is not None:
            return self.queried
        known = self.called(callee) or ""
        if known == "drizzle":
            return "register", "drizzle schema"
        if last in {"alias", "aliasedTable"}:
            return "derive", last
        if last == "count" and place.index == 0:
            return "read", "count"
        if known in INSPECTORS or _DERIVING.match(known):
            return "derive", last
        return None if in_schema and enumerates(callee) else ("pass", f"argument of {last}" if last else "argument")


def asked(place: Place | None) -> Deed | None:
    """Return what a query's method does with what stands at a place, its first argument: `from(users)`."""
    if place is None or place.kind != "argument" or place.index or place.callee is None:
        return None
    if not place.callee.is_method or place.callee.root in _CONTAINERS:
        return None
    last = place.callee.last
    return METHODS.get(last) or (("read", last) if JOIN.match(last) else None)


def names_by(place: Place | None) -> str | None:
    """Return the method that a place is the first argument of, where that may be a table's physical name."""
    if place is None or place.callee is None or place.index or place.kind != "argument":
        return None
    return place.callee.last if is_given_names(place.callee) and not is_store(place.callee) else None


def is_given_names(callee: Callee) -> bool:
    """Whether what is called is given the physical name of a table: a method of a client, or a query builder itself."""
    return (callee.is_method and callee.last in NAMING) or callee.is_builder


def is_store(callee: Callee) -> bool:
    """Whether a call is of something that holds no tables, such as `storage.from("avatars")`."""
    return not _STORES.isdisjoint({*callee.path, callee.root or ""})


def enumerates(callee: Callee) -> bool:
    """Whether a call goes through all values of an object: `Object.values(schema)`."""
    return callee.root == "Object" and callee.last in _ENUMERATORS
