"""A name that another module exports: followed through re-exports, renames, stars and CommonJS.

Rules: https://www.typescriptlang.org/docs/handbook/modules/reference.html; an explicit export comes before any star.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from analyzer.link.combine import promise, union
from analyzer.link.memory import Memory
from analyzer.link.values import (
    EMPTY,
    NOTHING,
    Client,
    Constant,
    Deferred,
    Environment,
    Library,
    Method,
    Namespace,
    Record,
    RelationsMap,
    TableRef,
    Union,
    Unknown,
    Unread,
    Value,
)

if TYPE_CHECKING:
    from analyzer.link.autos import Autos
    from analyzer.link.modules import Modules
    from analyzer.link.world import Unit


_NPM = re.compile(r"^(?:npm:/?|https://esm\.sh/)(@[^/@]+/[^/@]+|[^/@]+)(?:@[^/]+)?")  # npm:drizzle-orm@0.45/pg-core


class Symbols(ABC):
    """The exports of every file; what a name of a file stands for is for a subclass to say."""

    def __init__(self, units: dict[str, Unit], modules: Modules, autos: Autos) -> None:
        self.units, self.modules, self.autos = units, modules, autos
        self._exports: dict[tuple[str, str], Value] = {}
        self._namespaces: dict[str, Value] = {}
        self.memory = Memory()
        self.touched: set[str] = set()  # files that something was asked of and that were not parsed
        self._eager = 0  # more than 0 while what is evaluated is part of a declaration: then all of it matters

    @abstractmethod
    def binding(self, path: str, id: str, environment: Environment = EMPTY) -> Value:
        """Return what a name of a file stands for."""

    @abstractmethod
    def exporter(self, path: str, name: str) -> str | None:
        """Return the file that gives what a file exports under a name, where that was not parsed."""

    @abstractmethod
    def sure(self, value: Value) -> Value:
        """Return a value that matters: what comes from a file that was not parsed is asked for now."""

    @abstractmethod
    def member(self, value: Value, name: str) -> Value:
        """Return `value.name`."""

    def imported(self, path: str, id: str) -> Value:
        fact = self.units[path].imports.get(id)
        if fact is not None:
            return self.exported(fact.source, fact.exported, path)
        found = self.autos.find(path, id)
        if found is not None:
            return self.export(*found)
        given = self._hub(path, "", id)
        return given if given is not None else Constant(None) if id == "undefined" else Library("", id)

    def _hub(self, path: str, source: str, name: str) -> Value | None:
        """Return what NuxtHub's database gives under a name."""
        found = self.autos.hub(path, source, name)
        if found is None:
            return None
        entries = {each: self.export(file, each) for file in found[1] for each in self.names(file)}
        schema = Record(entries)
        known: dict[str, Value] = {"schema": schema, "db": Client(schema, found[1][0])}
        return (
            Record({**entries, **known}) if name == "*" and found[0] == "*" else known.get(found[0], entries.get(name))
        )

    def exported(self, source: str, name: str, importer: str) -> Value:
        """Return the export `name` (`*` for all) of the module that `source` means in `importer`."""
        target = self.modules.resolve(source, importer)
        if target is None:
            return self._outside(source, name, importer)
        if target not in self.units:
            self.touched.add(target)
            found = target if name == "*" else self.exporter(target, name)
            if found is None:
                return Unknown(f"{target} exports no {name!r}")
            if found in self.units:
                return self.export(found, name)
            self.touched.add(found)
            unread = Unread(path=found, name=name)
            return self.sure(unread) if self._eager else unread
        if name == "*":
            return Namespace(target)
        value = self.export(target, name)
        return self.sure(value) if self._eager else value

    def _outside(self, source: str, name: str, importer: str) -> Value:
        """Return an export of a module that is not in the tree."""
        source = _NPM.sub(r"\1", source) if ":" in source else source
        given = self._hub(importer, source, name)
        if given is not None:
            return given
        drizzle = source.startswith("drizzle-")
        if not drizzle and (self.modules.is_ours(source, importer) or self.modules.is_undeclared(source, importer)):
            return Unknown(f"import of {source!r} leads nowhere", source)
        return Library(source, name)

    def export(self, path: str, name: str) -> Value:
        """Return what a file exports under a name; `Unknown` without a module when it exports no such name."""
        return self.memory.once(self._exports, (path, name), lambda: self._export(path, name))

    def _export(self, path: str, name: str) -> Value:
        unit = self.units[path]
        fact = unit.exports.get(name) or unit.types.get(name)
        if fact is not None and fact.source is None:
            return self.binding(path, fact.local)
        if fact is not None and fact.source is not None:
            return self.exported(fact.source, fact.local, path)
        if "=" in unit.exports:
            return self.member(self.binding(path, unit.exports["="].local), name)
        fallback: Value = Unknown(f"{path} exports no {name!r}")
        for star in unit.stars if name != "default" else ():
            value = self.exported(star.source or "", name, path)
            if isinstance(value, Unread | Deferred) or not isinstance(value, Unknown | Library):
                return value
            fallback = max(fallback, value, key=promise)
        return fallback

    def record(self, value: Value) -> Record | None:
        """Return a value as an object with keys, if it is one."""
        match value:
            case Record():
                return value
            case Namespace(path):
                return self._exports_of(path)
            case RelationsMap(schema):
                return self.record(schema)
            case Method(Client(schema), "query" | "_query"):
                known = self.record(schema)
                tables = (
                    {key: part for key, part in known.entries.items() if isinstance(part, TableRef)} if known else {}
                )
                return Record({key: TableRef(part.id, "query") for key, part in tables.items()})
            case Union(options):
                records = [record for option in options if (record := self.record(option))]
                keys = {key for record in records for key in record.entries}
                merged = {
                    key: union([record.entries[key] for record in records if key in record.entries])
                    for key in sorted(keys)
                }
                return Record(merged, any(record.open for record in records)) if records else None
            case _:
                return None

    def _exports_of(self, path: str) -> Record:
        """Return all exports of a file as an object, made once unless it was asked for within a circle."""
        return self.memory.whole(self._namespaces, path, lambda: self._gathered(path))  # type: ignore[return-value]

    def _gathered(self, path: str) -> Record:
        return Record({name: self.export(path, name) for name in self.names(path)})

    def rest(self, value: Value, taken: tuple[str, ...]) -> Value:
        record = self.record(value)
        if record is None:
            return NOTHING
        return Record({key: part for key, part in record.entries.items() if key not in taken}, record.open)

    def names(self, path: str, seen: frozenset[str] = frozenset()) -> list[str]:
        """Return every name that a file exports, sorted; `default` left out."""
        if path in seen:
            return []
        unit = self.units[path]
        found = {name for name in unit.exports if name not in {"default", "="}}
        for star in unit.stars:
            target = self.modules.resolve(star.source or "", path)
            if target is not None and target not in self.units:
                self.touched.add(target)
            elif target is not None:
                found.update(self.names(target, seen | {path}))
        return sorted(found)
