"""A reference becomes a usage: which table, and what is done to it there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.link import rows
from analyzer.link.asking import key_asked
from analyzer.link.combine import texts_in
from analyzer.link.contents import tables_in
from analyzer.link.evaluate import Evaluator
from analyzer.link.mention import Mention
from analyzer.link.surroundings import Surroundings, asked, names_by
from analyzer.link.values import (
    Client,
    Closure,
    ColumnRef,
    Constant,
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
from analyzer.link.wholes import Wholes
from analyzer.model import Action, Certainty, Literal, Member, Reference, Template, Unresolved, Usage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.link.world import Unit
    from analyzer.model import Callee


_FIND = {"findMany", "findFirst"}


class Usages:
    """Reads the references of each file."""

    def __init__(
        self,
        evaluator: Evaluator,
        symbols: dict[str, tuple[str, ...]],
        physical: dict[str, tuple[str, ...]],
        siblings: dict[str, tuple[str, ...]],
    ) -> None:
        self._evaluator, self._symbols, self._physical, self._siblings = evaluator, symbols, physical, siblings
        self._wholes = Wholes(evaluator, self)
        self.unresolved: list[Unresolved] = []
        self.views: list[tuple[str, str]] = []
        self._schema_files = {one.owner.file for one in evaluator.declared.values() if one.kind != "enum"}

    def of(self, unit: Unit) -> Iterator[Usage]:
        """Yield the usages of one file, and note what could not be resolved."""
        bases: dict[str, Value] = {}
        for reference in unit.facts.references:
            if reference.id not in bases:
                binding = unit.bindings.get(reference.id)
                named = binding is not None and isinstance(binding.value, Literal | Template)
                relevant = named or self._evaluator.relevance.has(unit.path, reference.id)
                bases[reference.id] = self._evaluator.binding(unit.path, reference.id) if relevant else Unknown()
            base = bases[reference.id]
            lost = isinstance(base, Constant) or _leads_nowhere(base)
            place = unit.facts.places[reference.place] if reference.place >= 0 else None
            method = names_by(place)
            if method is not None:
                yield from self._by_text(unit, reference, method)
            if isinstance(base, Constant):
                continue
            if lost and (asking := key_asked(unit, reference)) is not None:
                yield from self._by_key(unit, reference, *asking)
            free = reference.id not in unit.bindings and reference.id not in unit.imports
            told = bool(reference.path) or reference.id in unit.bindings
            if lost and (not (free or (told and isinstance(base, Unknown))) or asked(place) is None):
                continue
            mention = Mention(unit, reference, self._around(unit, reference), reference.site)
            binding = unit.bindings.get(reference.id)
            if binding is not None and binding.kind == "parameter" and isinstance(base, TableRef | Union):
                mention = replace(mention, certainty="named")
            found = self._by_name(mention) if lost else self._reference(mention, base)
            typed = binding is not None and binding.kind == "parameter" and not lost
            yield from self._with_twins(found) if typed else found

    def _called(self, unit: Unit, callee: Callee) -> str | None:
        """Return the name of drizzle-orm (or a package beside it) that is called, whatever it is spelled here."""
        if callee.root is None or "()" in callee.path or "[]" in callee.path:
            return None
        value = self._evaluator.binding(unit.path, callee.root)
        for step in callee.path:
            value = self._evaluator.member(value, step)
        known = isinstance(value, Library) and value.source.startswith("drizzle-") and not value.path
        return value.exported if isinstance(value, Library) and known else None

    def _by_text(self, unit: Unit, reference: Reference, method: str) -> Iterator[Usage]:
        """Read `sql.identifier(NAME)` and `client.from(NAMES.users)`, where a constant is a table's physical name.

        The constants may be those of another file, which was not read so far: it has nothing to do with tables.
        """
        value = self._evaluator.binding(unit.path, reference.id)
        with self._evaluator.eager():
            for step in reference.path:
                value = self._step(unit, reference, self._evaluator.sure(value), step)
            value = self._evaluator.sure(value)
        texts = texts_in(value)
        if not texts:
            return
        certainty: Certainty = "possible" if isinstance(value, Union) and value.how else "named"
        mention = Mention(unit, reference, self._around(unit, reference), reference.site, certainty)
        for name in map(str.lower, texts):
            for id in self._physical.get(name) or self._physical.get(name.rpartition(".")[2], ()):
                yield mention.usage(id, None, "sql", f"name in {method}")

    def _by_key(self, unit: Unit, reference: Reference, key: str, taken: int) -> Iterator[Usage]:
        """Read `z.query.users`, where it is not known who is asked: no relational query, and no double of a client in a test."""
        if unit.role == "test" or not _FIND.isdisjoint(reference.path[taken:]):
            return
        site = reference.sites[taken - 1] if taken else reference.site
        mention = Mention(unit, reference, self._around(unit, reference), site, "possible")
        for id in self._symbols.get(key, ()) if not mention.around.in_type else ():
            yield mention.usage(id, None, "read", "query of a client that is not known")

    def _around(self, unit: Unit, reference: Reference) -> Surroundings:
        return Surroundings(unit, reference.place, lambda callee: self._called(unit, callee))

    def _by_name(self, mention: Mention) -> Iterator[Usage]:
        """Read `insert(anything.users)` and `insert(users)`, where it is not known what that is: the name speaks for itself."""
        deed = mention.around.queried
        if deed is None or mention.around.in_type:
            return
        value = self._evaluator.binding(mention.unit.path, mention.reference.id)
        held = (value.exported, *value.path) if isinstance(value, Library) and not value.source else ()
        own = held or (mention.reference.id.partition("@")[0],)
        for id in self._symbols.get((*own, *mention.reference.path)[-1], ()):
            yield mention.usage(id, None, deed[0], deed[1], "named")

    def _with_twins(self, usages: Iterator[Usage]) -> Iterator[Usage]:
        """Yield usages that a type tells, and the same of tables of that name for other dialects: what runs may be one of them."""
        for usage in usages:
            yield usage
            one = self._evaluator.declared[usage.table]
            for id in self._symbols.get(one.owner.symbol, ()):
                if self._evaluator.declared[id].dialect != one.dialect:
                    yield replace(
                        usage, table=id, certainty="named" if usage.certainty == "proven" else usage.certainty
                    )

    def _reference(self, mention: Mention, value: Value) -> Iterator[Usage]:
        reference, position = mention.reference, 0
        for step in reference.path:
            options = value.options if isinstance(value, Union) else (value,)
            if any(isinstance(option, TableRef | ColumnRef | Derived) for option in options):
                break
            value = self._step(mention.unit, reference, value, step)
            position += 1
        if position:
            mention = replace(mention, site=reference.sites[position - 1])
        if isinstance(value, Union) and value.how:
            mention = replace(mention, certainty="possible", enumerated=value.how == "enumerated")
            if value.how == "computed" and not mention.around.in_type:
                self.note(mention, "a table is chosen by a key computed at run time", tables_in(self._evaluator, value))
            if value.how == "enumerated" and mention.around.is_stored:
                self.note(mention, "a whole schema is put into a collection", tables_in(self._evaluator, value))
        elif isinstance(value, Union):
            mention = replace(mention, certainty="named")
        for option in value.options if isinstance(value, Union) else (value,):
            yield from self._touch(mention, option, reference.path[position:])

    def _step(self, unit: Unit, reference: Reference, value: Value, step: str) -> Value:
        if step != "[]" or reference.index is None:
            return self._evaluator.member(value, step)
        return self._evaluator.indexed(value, self._evaluator.evaluate(reference.index, unit.path))

    def note(self, mention: Mention, reason: str, tables: tuple[str, ...]) -> None:
        unit = mention.unit
        if tables:
            self.unresolved.append(Unresolved(unit.path, mention.site, reason, unit.role, tables))

    def _touch(self, mention: Mention, value: Value, rest: tuple[str, ...]) -> Iterator[Usage]:
        match value:
            case TableRef(id, derived) if derived.startswith("query"):
                if derived == "query?" and (asking := key_asked(mention.unit, mention.reference)) is not None:
                    yield from self._by_key(mention.unit, mention.reference, *asking)
                if derived == "query" and not mention.around.in_type and (not rest or rest[0] not in _FIND):
                    yield mention.usage(
                        id, None, "read", "db.query", "possible" if mention.certainty == "possible" else "named"
                    )
            case TableRef(id):
                yield from self._table(mention, id, rest)
            case ColumnRef(table, property):
                yield from self._table(mention, table, (property, *rest))
            case Derived(table, how):
                action: Action = "type" if mention.around.in_type else "derive"
                yield mention.usage(table, None, action, how, "possible")
            case Namespace() | Record() | Sequence():
                yield from self._wholes.of(mention, value)
            case Client() if not rest:
                self._wholes.handed(mention, value)
            case Unknown(module=str() as module):
                self._missing(mention, module)
            case _:
                return

    def _missing(self, mention: Mention, module: str) -> None:
        reference = mention.reference
        fact = mention.unit.imports.get(reference.id)
        binding = mention.unit.bindings.get(reference.id)
        if fact is not None and fact.exported not in {"*", "default"}:
            name = fact.exported
        elif binding is not None and isinstance(binding.value, Member):  # const { users } = await import("./schema")
            name = binding.value.property
        else:
            name = (*reference.path, "")[0]
        told = [one.type_only for one in mention.unit.facts.imports if one.source == module]
        if not mention.around.in_type and not (told and all(told)):
            self.note(mention, f"{name!r} comes from {module!r}, which leads nowhere", self._symbols.get(name, ()))

    def _table(self, mention: Mention, id: str, rest: tuple[str, ...]) -> Iterator[Usage]:
        around = mention.around
        column = rest[0] if rest and not rest[0].startswith(("$", "_", "[")) else None
        column = None if self._evaluator.declared[id].kind == "enum" else column
        if around.in_type or (rest and rest[0] in {"$inferSelect", "$inferInsert"}):
            yield mention.usage(id, column, "type", "type position")
            return
        within = self.declaration(mention)
        if within is not None:
            if within != id:
                kind: Action = "relation" if within == "relations" else "foreign-key"
                if within in self._evaluator.declared and self._evaluator.declared[within].kind.endswith("view"):
                    self.views.append((within, id))
                yield mention.usage(id, column, kind, "relations" if kind == "relation" else "declaration")
            return
        declaring = (
            "@" in mention.reference.id or not around.runs
        )  # a function that makes tables, or no function at all
        in_schema = declaring and mention.unit.path in self._schema_files
        deed = around.deed(column, in_schema)
        if deed is not None:
            if deed[0] == "derive" and in_schema and deed[1] not in {"alias", "aliasedTable"}:
                mention = replace(mention, certainty="possible")
            if "@" in mention.reference.id and id in self._siblings:
                self.note(mention, "the table is made by a function that is given its creator", self._siblings[id])
            usage = mention.usage(id, column, "iterate" if mention.enumerated else deed[0], deed[1])
            if usage.action == "pass":
                usage = replace(usage, outside=self._goes_outside(mention))
            if rest and rest[0] == "[]":
                usage = replace(usage, outside=True, evidence="a column chosen at run time")
            yield from rows.told(usage, mention.reference, mention.unit)

    def _goes_outside(self, mention: Mention) -> bool:
        """Whether the call around is of something that other code bases provide, Drizzle aside."""
        callee = mention.around.callee
        value = self._evaluator.binding(mention.unit.path, callee.root) if callee and callee.root else None
        return isinstance(value, Library) and bool(value.source) and not value.source.startswith("drizzle-")

    def declaration(self, mention: Mention) -> str | None:
        """Return what is being declared around a reference: a table's id, or `relations`; None in ordinary code."""
        path, deferred = mention.unit.path, False
        for place in mention.around.chain:
            if place.kind == "argument" and place.callee is not None:
                known = mention.around.called(place.callee)
                if known in {"relations", "defineRelations", "defineRelationsPart"}:
                    return "relations"
                if known == "foreignKey" or (place.callee.last == "references" and place.callee.is_method and deferred):
                    return "foreign-key"
            deferred = deferred or place.kind == "function"
            if place.kind == "initializer" and place.name:
                value = self._evaluator.binding(path, place.name)
                if isinstance(value, TableRef) and value.id == f"{path}#{place.name}":
                    return value.id
                if isinstance(value, Relations | RelationsMap):
                    return "relations"
        return None


def _leads_nowhere(value: Value) -> bool:
    """Whether a binding stands for nothing that is a table, or holds one.

    A constant that is a column was a use where it was made.
    """
    if isinstance(value, Union):
        return all(isinstance(option, ColumnRef) for option in value.options)
    return isinstance(value, Library | Closure | ColumnRef) or (isinstance(value, Unknown) and value.module is None)
