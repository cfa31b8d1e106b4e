"""`db.query.key.find…` becomes usages, nested `with` included.

Sources: https://orm.drizzle.team/docs/rqb (relations v1) and /docs/rqb-v2.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.link.composed import spreads
from analyzer.link.contents import tables_in
from analyzer.link.evaluate import Evaluator
from analyzer.link.related import Related, ids_of
from analyzer.link.rows import entries_of
from analyzer.link.values import NOTHING, Client, Constant, Library, Method, TableRef, Union, Unknown, Value
from analyzer.model import (
    Array,
    Certainty,
    Choice,
    Entry,
    Expression,
    Function,
    Ghost,
    IndexExpression,
    Literal,
    Member,
    Name,
    Object,
    RelationalQuery,
    Site,
    Unresolved,
    Usage,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.link.world import Unit


_CLAUSES = {"columns", "where", "orderBy", "extras"}
_OPERATORS = {"AND", "OR", "NOT"}


class Relational:
    """Resolves relational queries by the schemas that clients were given, and relations wherever they are declared."""

    def __init__(self, evaluator: Evaluator, symbols: dict[str, tuple[str, ...]], handles: dict[str, str]) -> None:
        self._evaluator, self._symbols = evaluator, symbols
        self._named = tuple(sorted({id for ids in symbols.values() for id in ids}))
        self.related = Related(evaluator, handles)
        self.unresolved: list[Unresolved] = []
        self.ghosts: list[Ghost] = []

    def _joined(self, unit: Unit, query: RelationalQuery, id: str, target: str, entry: Entry) -> Iterator[Usage]:
        """Yield the columns by which `with` joins two tables."""
        for table, column in self.related.keys(id, entry.key or "", target):
            yield replace(self._usage(unit, query, table, "named", "with", entry.site), column=column)

    def of(self, unit: Unit) -> Iterator[Usage]:
        """Yield the usages of one file's relational queries."""
        for query in unit.facts.relational:
            for id in self._tables(unit, query):
                asked = self._usage(unit, query, id, "named", "db.query", query.site)
                yield from self._asked(unit, query, asked, query.config)

    def _tables(self, unit: Unit, query: RelationalQuery) -> tuple[str, ...]:
        value = self._evaluator.evaluate(query.table, unit.path)
        options = value.options if isinstance(value, Union) else (value,)
        asked = tuple(
            option.id for option in options if isinstance(option, TableRef) and option.derived.startswith("query")
        )
        if asked and isinstance(value, Union) and value.how:
            self._computed(unit, query, asked)
            return ()
        if asked:
            return asked
        match query.table:
            case Member(receiver, key):
                return self._by_key(key, receiver, unit, query)
            case IndexExpression(receiver, index):
                key_value = self._evaluator.sure(self._evaluator.evaluate(index, unit.path))
                if isinstance(key_value, Constant) and isinstance(key_value.value, str):
                    return self._by_key(key_value.value, receiver, unit, query)
                self._computed(unit, query, self._every())
            case _:
                pass
        return ()

    def _computed(self, unit: Unit, query: RelationalQuery, tables: tuple[str, ...]) -> None:
        reason = "db.query is indexed by a key computed at run time"
        self.unresolved.append(Unresolved(unit.path, query.site, reason, unit.role, tuple(sorted(tables))))

    def _every(self) -> tuple[str, ...]:
        return tuple({id for client in self._evaluator.clients for id in tables_in(self._evaluator, client.schema)})

    def _by_key(self, key: str, receiver: Expression, unit: Unit, query: RelationalQuery) -> tuple[str, ...]:
        """Return the tables of a key, by the schema of the client that is asked, else by those near, else by name."""
        owner = (
            receiver.object if isinstance(receiver, Member) and receiver.property in {"query", "_query"} else receiver
        )
        value = self._evaluator.evaluate(owner, unit.path)
        value = value.owner if isinstance(value, Method) else value
        options = value.options if isinstance(value, Union) else (value,)
        known = [option for option in options if isinstance(option, Client)]
        clients = known if len(known) == len(options) else self._near(unit)
        given = [client for client in clients if client.schema != NOTHING]
        records = [self._evaluator.record(client.schema) for client in given]
        found = [
            (client, ids_of(record.entries.get(key))) for client, record in zip(given, records, strict=True) if record
        ]
        held = [(_common(client.file, unit.path), ids) for client, ids in found if ids]
        if held:
            nearest = max(near for near, _ in held)
            asked = {id for near, ids in held for id in ids if near == nearest}
            homes = {self._home(id) for id in asked}
            elsewhere = {id for id in self._symbols.get(key, ()) if self._home(id) not in homes}
            others = ({id for _, ids in held for id in ids} | elsewhere) - asked
            if others and clients is not known:
                reason = f"it is not known which client is asked for {key!r}"
                self.unresolved.append(Unresolved(unit.path, query.site, reason, unit.role, tuple(sorted(others))))
            return tuple(sorted(asked))
        ours = not _is_foreign(value) and owner is not receiver and key != "query"
        if ours and records and all(record is not None and not record.open for record in records):
            reason = f"no schema that a client is given has the key {key!r}"
            self.ghosts.append(Ghost("TT103", "query", key, unit.path, query.site, unit.role, query.by, reason))
        return self._symbols.get(key, ())

    def _home(self, id: str) -> str | None:
        """Return the folder of the package that declares a table; None for one without, and for what others declare."""
        declared = self._evaluator.declared.get(id)
        package = self._evaluator.modules.package_of(declared.owner.file) if declared is not None else None
        return package.folder if package is not None else None

    def _near(self, unit: Unit) -> list[Client]:
        """Return the clients of live code (in live code), those first that are made near a file."""
        live = [one for one in self._evaluator.clients if self._evaluator.units[one.file].role == "production"]
        clients = live if live and unit.role == "production" else self._evaluator.clients
        return sorted(clients, key=lambda client: (-_common(client.file, unit.path), client.file))

    def _asked(self, unit: Unit, query: RelationalQuery, usage: Usage, config: Expression | None) -> Iterator[Usage]:
        """Yield a usage, and what the configuration beside it names: columns, filters, relations."""
        entries = self._entries(config, unit) if config is not None else ()
        picked = entries_of(Object(entries), "columns") if entries is not None else None
        yield replace(usage, whole_row=picked is None or _leaves_out(picked))
        if entries is None:
            yield from self._possible(unit, query, usage.table)
        for entry in entries or ():
            if entry.key == "with":
                yield from self._nested(unit, query, usage.table, entry.value)
            elif entry.key is None:
                yield from self._possible(unit, query, usage.table)
            elif entry.key in _CLAUSES:
                yield from self._clause(unit, query, replace(usage, evidence=entry.key), entry.value)

    def _clause(self, unit: Unit, query: RelationalQuery, usage: Usage, value: Expression) -> Iterator[Usage]:
        """Yield the columns that a clause names: as keys, or as members of the parameter of a callback."""
        if isinstance(value, Function):
            yield from self._by_parameter(unit, usage, value)
        elif usage.evidence == "where":
            yield from self._filter(unit, query, usage, value)
        elif isinstance(value, Object):
            for entry in value.entries:
                if entry.key is not None and entry.value != Literal(False):
                    yield replace(usage, column=entry.key, site=entry.site)

    def _by_parameter(self, unit: Unit, usage: Usage, callback: Function) -> Iterator[Usage]:
        names = {parameter.id for parameter in callback.parameters[:1]}
        for reference in unit.facts.references:
            if reference.id in names and reference.path:
                yield replace(usage, column=reference.path[0], site=reference.site)

    def _entries(self, config: Expression, unit: Unit, depth: int = 8) -> tuple[Entry, ...] | None:
        """Return the entries of an object, of one that a constant of the file holds, or of any that may be chosen; None where one is not known."""
        match config:
            case Object(entries):
                spread = [self._entries(one.value, unit, depth) if spreads(one) else None for one in entries]
                parts = ((one,) if known is None else known for one, known in zip(entries, spread, strict=True))
                return tuple(entry for part in parts for entry in part)
            case Choice(options, operator):
                chosen = [self._entries(one, unit, depth) for one in (options[-1:] if operator == "&&" else options)]
                known = [part for part in chosen if part is not None]
                return tuple(entry for part in known for entry in part) if len(known) == len(chosen) else None
            case Literal(None | False) | Name("undefined"):
                return ()
            case Name(id) if depth and (binding := unit.bindings.get(id)) is not None and binding.kind == "const":
                return self._entries(binding.value, unit, depth - 1) if binding.value is not None else None
            case _:
                return None

    def _nested(self, unit: Unit, query: RelationalQuery, id: str, value: Expression) -> Iterator[Usage]:
        entries = self._entries(value, unit)
        if entries is None:
            yield from self._possible(unit, query, id)
            return
        for entry in entries:
            if entry.key is None:
                yield from self._possible(unit, query, id)
                continue
            targets = self.related.targets(id, entry.key)
            if not targets and entry.value != Literal(False) and self.related.is_open(id):
                reason = f"it is not known which table the relation {entry.key!r} leads to"
                self.unresolved.append(Unresolved(unit.path, entry.site, reason, unit.role, self._named))
            for target in targets:
                yield from self._joined(unit, query, id, target, entry)
                within = self._usage(unit, query, target, "named", "with", entry.site)
                yield from self._asked(unit, query, within, _configured(entry))

    def _filter(self, unit: Unit, query: RelationalQuery, usage: Usage, value: Expression) -> Iterator[Usage]:
        """Yield what a filter asks; one of the second version that is computed may ask any relation."""
        entries = self._entries(value, unit) if not isinstance(value, Literal) else ()
        if entries is not None:
            yield from self._filtered(unit, query, usage, Object(entries))
        elif self.related.by_key and not isinstance(value, Function):
            yield from self._possible(unit, query, usage.table)

    def _filtered(self, unit: Unit, query: RelationalQuery, usage: Usage, where: Object) -> Iterator[Usage]:
        """Relations v2 filter by keys: columns, relations and operators, `where: { name: "x", author: { id: 1 } }`."""
        for entry in where.entries:
            if entry.key is None:
                yield from self._possible(unit, query, usage.table)
                continue
            within = self.related.targets(usage.table, entry.key)
            for target in within:
                found = self._usage(unit, query, target, "named", "where", entry.site)
                yield found
                yield from self._filter(unit, query, found, entry.value)
            if entry.key in _OPERATORS:
                parts = entry.value.items if isinstance(entry.value, Array) else (entry.value,)
                for part in parts:
                    yield from self._filter(unit, query, usage, part)
            elif not within:
                yield replace(usage, column=entry.key, site=entry.site)

    def _possible(self, unit: Unit, query: RelationalQuery, id: str) -> Iterator[Usage]:
        """The configuration is computed: each relation of the table may be read."""
        reached = self.related.every(id)
        if reached:
            reason = "the configuration of a relational query is computed"
            self.unresolved.append(Unresolved(unit.path, query.site, reason, unit.role, tuple(reached)))
        for target in reached:
            yield self._usage(unit, query, target, "possible", "with", query.site)

    def _usage(
        self, unit: Unit, query: RelationalQuery, id: str, certainty: Certainty, evidence: str, site: Site
    ) -> Usage:
        return Usage(id, None, "read", certainty, unit.role, query.by, unit.path, site, evidence)


def _is_foreign(value: Value) -> bool:
    """Whether a value comes from a package that is not of this code base: what it calls `query` is its own."""
    if isinstance(value, Unknown):
        return value.module is not None or value.reason.startswith("call of")
    return isinstance(value, Library) and bool(value.source)


def _leaves_out(columns: Expression) -> bool:
    """Whether a choice of columns says which to leave out, or cannot be read: all others are read."""
    entries = columns.entries if isinstance(columns, Object) else ()
    return not entries or any(entry.key is None or entry.value == Literal(False) for entry in entries)


def _configured(entry: Entry) -> Expression | None:
    return None if isinstance(entry.value, Literal) else entry.value


def _common(left: str, right: str) -> int:
    shared = posixpath.commonpath([left, right])
    return len(shared.split("/")) if shared else 0
