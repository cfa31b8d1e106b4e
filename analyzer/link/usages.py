"""A reference becomes a usage: which table, and what is done to it there."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from analyzer.link import adapters
from analyzer.link.evaluate import Evaluator
from analyzer.link.values import (
    Closure,
    ColumnRef,
    Derived,
    Library,
    Namespace,
    Record,
    Relations,
    RelationsMap,
    Sequence,
    TableRef,
    Union,
    Unknown,
    Value,
)
from analyzer.model import Action, Certainty, Place, Reference, Unresolved, Usage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.link.world import Unit
    from analyzer.model import Callee

_JOIN = re.compile(r"^(left|right|inner|full|cross)Join(Lateral)?$")
_METHODS: dict[str, tuple[Action, str]] = {
    "from": ("read", "from"),
    "insert": ("insert", "insert"),
    "into": ("insert", "into"),
    "update": ("update", "update"),
    "delete": ("delete", "delete"),
    "$count": ("read", "$count"),
    "refreshMaterializedView": ("update", "refresh"),
    "as": ("derive", "as"),
}
_ENUMERATORS = {"values", "keys", "entries", "fromEntries", "getOwnPropertyNames"}
_INSPECTORS = {"is", "getTableConfig", "getTableName", "isTable", "getTableUniqueName", "getViewConfig"}
_ASSERTIONS = {"expect", "assert", "describe", "it", "test"}
_MOCKS = {"mock", "doMock", "unstable_mockModule"}
_KIT = {
    "pushSchema",
    "generateDrizzleJson",
    "generateMigration",
    "pushSQLiteSchema",
    "pushMySQLSchema",
    "generateSQLiteDrizzleJson",
}


class Usages:
    """Reads the references of each file."""

    def __init__(self, evaluator: Evaluator, symbols: dict[str, tuple[str, ...]]) -> None:
        self._evaluator, self._symbols = evaluator, symbols
        self.unresolved: list[Unresolved] = []
        self._schema_files = {
            declared.owner.file for declared in evaluator.declared.values() if declared.kind != "enum"
        }

    def of(self, unit: Unit) -> Iterator[Usage]:
        """Yield the usages of one file, and note what could not be resolved."""
        bases: dict[str, Value] = {}
        for reference in unit.facts.references:
            if reference.id not in bases:
                bases[reference.id] = self._evaluator.binding(unit.path, reference.id)
            base = bases[reference.id]
            if isinstance(base, Library | Closure | ColumnRef) or (isinstance(base, Unknown) and base.module is None):
                continue
            if isinstance(base, Union) and all(isinstance(option, ColumnRef) for option in base.options):
                continue
            yield from self._reference(unit, reference, base)

    def _reference(self, unit: Unit, reference: Reference, value: Value) -> Iterator[Usage]:
        around = Surroundings(unit, reference.place)
        position = 0
        for step in reference.path:
            if isinstance(value, TableRef | ColumnRef | Derived):
                break
            if step == "[]":
                index = (
                    self._evaluator.evaluate(reference.index, unit.path) if reference.index is not None else Unknown()
                )
                value = self._computed(unit, reference, value, index, around)
            elif isinstance(value, Union) and any(isinstance(option, TableRef) for option in value.options):
                break
            else:
                value = self._evaluator.member(value, step)
            position += 1
        rest = reference.path[position:]
        site = reference.sites[position - 1] if position else reference.site
        reference = replace(reference, site=site)
        for option in value.options if isinstance(value, Union) else (value,):
            yield from self._touch(unit, reference, option, rest, around)

    def _computed(self, unit: Unit, reference: Reference, value: Value, index: Value, around: Surroundings) -> Value:
        found = self._evaluator._indexed(value, index)
        tables = tables_in(self._evaluator, found)
        from analyzer.link.values import Constant

        if isinstance(index, Constant) or not tables or isinstance(value, Sequence) or around.in_type:
            return found
        self._note(unit, reference, "a table is chosen by a key computed at run time", tables)
        return Unknown()

    def _note(self, unit: Unit, reference: Reference, reason: str, tables: tuple[str, ...]) -> None:
        self.unresolved.append(Unresolved(unit.path, reference.site, reason, unit.role, tables))

    def _touch(
        self, unit: Unit, reference: Reference, value: Value, rest: tuple[str, ...], around: Surroundings
    ) -> Iterator[Usage]:
        match value:
            case TableRef(id):
                yield from self._table(unit, reference, id, rest, around)
            case ColumnRef(table, property):
                yield from self._table(unit, reference, table, (property, *rest), around)
            case Derived(table, how):
                action: Action = "type" if around.in_type else "derive"
                yield self._usage(unit, reference, table, None, action, "possible", how)
            case Namespace() | Record() | Sequence():
                yield from self._many(unit, reference, value, around)
            case Unknown(module=str() as module):
                self._missing(unit, reference, module, around)
            case _:
                return

    def _missing(self, unit: Unit, reference: Reference, module: str, around: Surroundings) -> None:
        fact = unit.imports.get(reference.id)
        name = fact.exported if fact is not None and fact.exported not in {"*", "default"} else (*reference.path, "")[0]
        tables = self._symbols.get(name, ())
        if tables and not around.in_type and not (fact and fact.type_only):
            self._note(unit, reference, f"{name!r} comes from {module!r}, which leads nowhere", tables)

    def _table(
        self, unit: Unit, reference: Reference, id: str, rest: tuple[str, ...], around: Surroundings
    ) -> Iterator[Usage]:
        column = rest[0] if rest and not rest[0].startswith(("$", "_", "[")) else None
        declared = self._evaluator.declared[id]
        if declared.kind == "enum":
            column = None
        if around.in_type or (rest and rest[0] in {"$inferSelect", "$inferInsert"}):
            yield self._usage(unit, reference, id, column, "type", "proven", "type position")
            return
        within = self._declaration(unit, around)
        if within is not None:
            if within != id:
                kind: Action = "relation" if within == "relations" else "foreign-key"
                yield self._usage(
                    unit, reference, id, column, kind, "proven", "relations" if kind == "relation" else "declaration"
                )
            return
        action = self._action(unit, around, column)
        if action is not None:
            yield self._usage(unit, reference, id, column, action[0], action[1], action[2])

    def _declaration(self, unit: Unit, around: Surroundings) -> str | None:
        """Return what is being declared around a reference: a table's id, or `relations`; None in ordinary code."""
        for place in around.chain:
            if place.kind == "argument" and place.callee is not None:
                last = place.callee.last
                if last in {"relations", "defineRelations", "defineRelationsPart"}:
                    return "relations"
                if (last == "references" and place.callee.is_method) or (last == "foreignKey"):
                    return "foreign-key"
            if place.kind == "initializer" and place.name:
                value = self._evaluator.binding(unit.path, place.name)
                if isinstance(value, TableRef) and value.id == f"{unit.path}#{place.name}":
                    return value.id
                if isinstance(value, Relations | RelationsMap):
                    return "relations"
        return None

    def _action(self, unit: Unit, around: Surroundings, column: str | None) -> tuple[Action, Certainty, str] | None:
        place = around.first
        in_schema = unit.path in self._schema_files
        if around.mocked or (place is not None and place.kind == "exported"):
            return None
        if place is None:
            return None if in_schema else ("pass", "proven", "value")
        if place.kind == "argument" and place.callee is not None:
            return self._argument(place, place.callee, column, in_schema)
        if place.kind == "substitution":
            is_sql = (place.callee is not None and place.callee.last.lower().endswith("sql")) or around.in_sql
            return ("sql", "proven", "sql template") if is_sql else ("pass", "proven", "template")
        if column is not None:
            return None if in_schema and not around.in_call else ("read", "proven", "column")
        if place.kind == "property" and around.registers:
            return "register", "proven", "drizzle schema"
        if in_schema and not around.in_call:
            return None
        if place.kind in {"property", "spread"} and around.selects:
            return "read", "proven", "select"
        return "pass", "proven", place.kind

    def _argument(
        self, place: Place, callee: Callee, column: str | None, in_schema: bool
    ) -> tuple[Action, Certainty, str] | None:
        last = callee.last
        if column is not None:
            return "read", "proven", last or "column"
        if callee.is_method and place.index == 0 and callee.root != "Array":
            if last in _METHODS:
                return (_METHODS[last][0], "proven", _METHODS[last][1])
            if _JOIN.match(last):
                return "read", "proven", last
        if last.startswith("drizzle") and not callee.is_method:
            return "register", "proven", "drizzle schema"
        if last in {"alias", "aliasedTable"}:
            return "derive", "proven", last
        if last == "count" and place.index == 0:
            return "read", "proven", "count"
        if last in _INSPECTORS or re.match(r"create\w*Schema$|get(Table)?Columns$", last):
            return None if in_schema else ("derive", "proven", last)
        return (
            None
            if in_schema and last in _ENUMERATORS
            else ("pass", "proven", f"argument of {last}" if last else "argument")
        )

    def _many(self, unit: Unit, reference: Reference, value: Value, around: Surroundings) -> Iterator[Usage]:
        """Judge a whole schema, or an object or list of tables, that is mentioned without saying which."""
        place = around.first
        if around.in_type or place is None or around.mocked:
            return
        tables = tables_in(self._evaluator, value)
        if not tables:
            return
        if place.kind in {"initializer", "exported", "assigned", "element", "field"} or self._declaration(unit, around):
            return
        callee = around.callee
        if around.registers:
            if not isinstance(value, Namespace):
                yield from self._each(unit, reference, value, "register", "proven", "drizzle schema", tables)
            return
        if callee is None:
            if place.kind == "returned" or place.kind in {"property", "spread"}:
                return
            yield from self._each(unit, reference, value, "iterate", "possible", place.kind, tables)
            return
        if callee.last in _ENUMERATORS | _INSPECTORS or callee.last in _ASSERTIONS or callee.last in _KIT:
            yield from self._each(unit, reference, value, "iterate", "possible", callee.last, tables)
            return
        known = adapters.models(callee, self._evaluator, unit, value)
        if known is not None:
            for id in known:
                yield self._usage(unit, reference, id, None, "pass", "proven", callee.last)
            return
        if self._is_followed(unit, callee):
            return
        self._note(unit, reference, f"a whole schema is handed to {callee.last or 'a function'}()", tables)
        yield from self._each(unit, reference, value, "pass", "possible", f"argument of {callee.last}", tables)

    def _is_followed(self, unit: Unit, callee: Callee) -> bool:
        """Whether a callee only passes its argument on, so that its result is followed instead."""
        return callee.root == "Object" and callee.last in {"freeze", "assign", "seal"}

    def _each(
        self,
        unit: Unit,
        reference: Reference,
        value: Value,
        action: Action,
        certainty: Certainty,
        how: str,
        tables: tuple[str, ...],
    ) -> Iterator[Usage]:
        for id in tables:
            yield self._usage(unit, reference, id, None, action, certainty, how)

    def _usage(
        self,
        unit: Unit,
        reference: Reference,
        id: str,
        column: str | None,
        action: Action,
        certainty: Certainty,
        evidence: str,
    ) -> Usage:
        return Usage(id, column, action, certainty, unit.role, reference.by, unit.path, reference.site, evidence)


class Surroundings:
    """The places around a reference, innermost first, and what they say together."""

    def __init__(self, unit: Unit, index: int) -> None:
        chain: list[Place] = []
        while index >= 0:
            chain.append(unit.facts.places[index])
            index = chain[-1].parent
        self.chain = tuple(chain)
        self.first = chain[0] if chain else None
        self.in_type = any(place.kind == "type" for place in chain)
        self._calls = tuple(self._until_body())
        self.in_call = bool(self._calls)
        self.callee = self._calls[0].callee if self._calls else None
        self.registers = any(_registers(place.callee) for place in self._calls)
        self.mocked = any(
            place.callee is not None and place.callee.last in _MOCKS for place in chain if place.kind == "argument"
        )
        self.selects = bool(
            self.callee and self.callee.last in {"select", "selectDistinct", "selectDistinctOn", "returning"}
        )
        self.in_sql = any(place.kind == "substitution" and place.callee is not None for place in chain)

    def _until_body(self) -> Iterator[Place]:
        for place in self.chain:
            if place.kind in {"body", "function", "method", "class"}:
                return
            if place.kind == "argument":
                yield place


def _registers(callee: Callee | None) -> bool:
    return callee is not None and (
        callee.last == "drizzle"
        or ((not callee.is_method and callee.last.startswith("drizzle")) and callee.last != "drizzleAdapter")
    )


def tables_in(evaluator: Evaluator, value: Value, depth: int = 3) -> tuple[str, ...]:
    """Return the ids of all tables in an object, list or module, sorted; enums left out."""
    found: set[str] = set()
    match value:
        case TableRef(id):
            if evaluator.declared[id].kind != "enum":
                found.add(id)
        case Union(options) | Sequence(options):
            for option in options:
                found.update(tables_in(evaluator, option, depth - 1) if depth else ())
        case Namespace() | Record():
            record = evaluator.record(value)
            for part in record.entries.values() if record and depth else ():
                found.update(tables_in(evaluator, part, depth - 1))
        case _:
            pass
    return tuple(sorted(found))
