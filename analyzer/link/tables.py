"""Declarations become tables: names, columns, keys and indexes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.link import columns, constraints
from analyzer.link.columns import cased
from analyzer.link.combine import shown
from analyzer.link.evaluate import Evaluator
from analyzer.link.values import (
    Builders,
    Closure,
    ColumnRef,
    Constant,
    Record,
    TableRef,
    Unknown,
    Value,
)
from analyzer.model import Call, CheckRule, Column, Expression, ForeignKey, Function, Index, Object, Table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from analyzer.link.columns import Read
    from analyzer.link.library import Declared
    from analyzer.link.world import Unit


def declare(evaluator: Evaluator, paths: Collection[str] | None = None) -> None:
    """Evaluate every binding (of some files) that may declare a table, so that the evaluator knows all declarations."""
    for path, unit in sorted(evaluator.units.items()):
        if paths is not None and path not in paths:
            continue
        for binding in unit.facts.bindings:
            if binding.value is not None and evaluator.relevance.has(path, binding.id) and _may_declare(binding.value):
                evaluator.binding(path, binding.id)
    evaluator.settle()


def _may_declare(value: Expression) -> bool:
    match value:
        case Call():
            return True
        case Object(entries):
            return any(_may_declare(entry.value) for entry in entries)
        case _:
            return False


class Tables:
    """Reads the declarations that an evaluator has met."""

    def __init__(self, evaluator: Evaluator, casings: Mapping[str, str | None]) -> None:
        self._evaluator, self._casings = evaluator, casings
        self._columns: dict[str, tuple[Read, ...]] = {}
        self._keys: dict[int, tuple[Value, str]] = {}

    def all(self) -> tuple[Table, ...]:
        """Return every table, view and enum, by file and line."""
        declared = sorted(self._evaluator.declared.values(), key=lambda one: (one.owner.file, one.owner.line, one.id))
        for one in declared:
            self.columns(one.id)
        handles = self.handles()
        found = [self._table(one) for one in declared if not one.is_handle and one.id not in handles]
        return tuple(sorted(found, key=lambda table: (table.file, table.line, table.symbol)))

    def handles(self) -> dict[str, str]:
        """Return, for each table that is made again by the call that makes a declared one, the declared table."""
        made: dict[object, list[Declared]] = defaultdict(list)
        for _, one in sorted(self._evaluator.declared.items()):
            if (isinstance(one.name, Constant) and not one.name.pattern) or one.is_handle:
                made[one.file, one.made, shown(one.name), one.kind].append(one)
        for same in made.values():
            same.sort(key=lambda one: (one.is_handle, "@" in one.owner.id, one.owner.file == one.file, one.id))
        return {one.id: same[0].id for same in made.values() for one in same[1:]}

    def siblings(self) -> dict[str, tuple[str, ...]]:
        """Return, for each table, those that the same call makes under other names: a function that is given a creator."""
        made: dict[object, set[str]] = defaultdict(set)
        handles = self.handles()
        for _, one in sorted(self._evaluator.declared.items()):
            if not one.is_handle:
                made[one.file, one.made, one.kind].add(handles.get(one.id, one.id))
        return {id: tuple(sorted(same - {id})) for same in made.values() if len(same) > 1 for id in same}

    def _table(self, declared: Declared) -> Table:
        unit = self._evaluator.units[declared.owner.file]
        name, pattern = _named(declared)
        schema = declared.schema.value if isinstance(declared.schema, Constant) else None
        reads = self.columns(declared.id)
        table = Table(
            id=declared.id,
            symbol=declared.owner.symbol,
            kind=declared.kind,
            file=declared.owner.file,
            line=declared.owner.line,
            end_line=declared.owner.end_line,
            dialect=declared.dialect,
            schema=str(schema) if schema else None,
            name=name,
            pattern=pattern,
            role=unit.role,
            columns=tuple(self._with_reference(read) for read in reads),
            foreign_keys=tuple(self._foreign_keys(reads)),
            indexes=tuple(_unique(read) for read in reads if read.column.unique),
            values=columns.strings(declared.values) or (),
            existing=declared.id in self._evaluator.existing,
            keep=_keep(unit, declared.owner.line),
        )
        return self._with_extras(table, declared)

    def columns(self, id: str) -> tuple[Read, ...]:
        """Return the columns of a table by its id, in the order of the declaration."""
        if id not in self._columns:
            self._columns[id] = ()
            with self._evaluator.eager():
                self._columns[id] = tuple(self._read_columns(self._evaluator.declared[id]))
        return self._columns[id]

    def _read_columns(self, declared: Declared) -> Iterator[Read]:
        if declared.kind == "enum" or not declared.arguments:
            return
        value = self._evaluator.evaluate(declared.arguments[0], declared.file, declared.environment)
        if isinstance(value, Closure) and declared.kind == "table":
            value = self._evaluator.run(value, [Builders(declared.dialect)])
        record = self._evaluator.record(value)
        lines = _lines(declared.arguments[0])
        casing = self._casings.get(declared.id)
        for property, part in _flat(record).items() if record else ():
            _, key = self._keys.setdefault(id(part), (part, property))
            line = lines.get(property, declared.owner.line)
            yield columns.read(self._evaluator, property, part, cased(key, casing), line)
        if record is None and declared.kind == "table":
            reason = value.reason if isinstance(value, Unknown) and value.reason else "they are no object"
            yield columns.Read(
                Column("*", None, None, reason=f"the columns cannot be computed: {reason}", line=declared.owner.line),
                None,
            )

    def name_of(self, reference: ColumnRef) -> str | None:
        """Return the physical name of a column."""
        reads = self.columns(reference.table) if reference.table in self._evaluator.declared else ()
        return next((read.column.name for read in reads if read.column.property == reference.property), None)

    def _with_reference(self, read: Read) -> Column:
        if read.reference is None:
            return read.column
        target = read.reference.target
        declared = self._evaluator.declared[target.table]
        schema = declared.schema.value if isinstance(declared.schema, Constant) else None
        parts = (*([str(schema)] if schema else []), _named(declared)[0] or "?", self.name_of(target) or "?")
        return replace(read.column, references=".".join(parts))

    def _foreign_keys(self, reads: tuple[Read, ...]) -> Iterator[ForeignKey]:
        for read in reads:
            if read.reference is not None and read.column.name is not None:
                target = read.reference.target
                foreign = (self.name_of(target) or "?",)
                yield ForeignKey(
                    (read.column.name,), target.table, foreign, read.reference.on_delete, read.reference.on_update
                )

    def _with_extras(self, table: Table, declared: Declared) -> Table:
        keys = [column.name for column in table.columns if column.primary_key and column.name]
        if len(declared.arguments) < 2 or declared.kind != "table":
            return replace(table, primary_key=tuple(keys))
        with self._evaluator.eager():
            value = self._evaluator.evaluate(declared.arguments[1], declared.file, declared.environment)
            if isinstance(value, Closure):
                value = self._evaluator.run(value, [TableRef(declared.id)])
        foreign, indexes = list(table.foreign_keys), list(table.indexes)
        checks: list[CheckRule] = []
        name = None
        for part in constraints.parts(value):
            key = constraints.primary_key(part, self.name_of)
            if key is not None:
                name, keys = key[0], [*keys, *key[1]]
            foreign.extend(constraints.foreign_key(part, self.name_of, lambda one: self._evaluator.run(one, [])))
            indexes.extend(constraints.index(part, self.name_of))
            checks.extend(constraints.check(part, self.name_of))
        return replace(
            table,
            primary_key=tuple(keys),
            primary_key_name=name,
            foreign_keys=tuple(foreign),
            indexes=tuple(indexes),
            checks=tuple(checks),
        )


def _named(declared: Declared) -> tuple[str | None, str | None]:
    name = declared.name
    if isinstance(name, Constant) and isinstance(name.value, str):
        return name.value, name.pattern
    return None, name.reason if isinstance(name, Unknown) and name.reason else shown(name)


def _unique(read: Read) -> Index:
    return Index(read.unique_name, (read.column.name,), unique=True, constraint=True, line=read.column.line)


def _lines(columns: Expression) -> dict[str, int]:
    results = columns.returns if isinstance(columns, Function) else (columns,)
    return {
        entry.key: entry.site.line
        for result in results
        if isinstance(result, Object)
        for entry in result.entries
        if entry.key is not None
    }


def _flat(record: Record) -> dict[str, Value]:
    return {key: value for key, value in record.entries.items() if not isinstance(value, Constant)}


def _keep(unit: Unit, line: int) -> str | None:
    return next((keep.reason or "kept by a comment" for keep in unit.facts.keeps if line - keep.line in (0, 1)), None)
