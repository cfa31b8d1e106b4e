"""A whole schema, an object or list of tables, or a client that knows a schema, mentioned without saying which tables are meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from analyzer.link import adapters
from analyzer.link.contents import tables_in
from analyzer.link.surroundings import ASSERTIONS, INSPECTORS, KIT, enumerates
from analyzer.link.values import Client, Library, Namespace, TableRef, Value
from analyzer.model import Action, Certainty, Usage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.link.evaluate import Evaluator
    from analyzer.link.mention import Mention
    from analyzer.link.world import Unit
    from analyzer.model import Callee, Place, Reference


_HOLDING = re.compile(  # packages that hold what they are given for others, or look at it: frameworks, containers, assertions
    r"(?:react|preact|vue|svelte|solid-js|jotai|zustand|effect|@effect|awilix|inversify|tsyringe|typedi|brandi|@nestjs|@trpc|@orpc|hono|elysia"
    r"|fastify|express|koa|next|nuxt|h3|@remix-run|react-router|@tanstack|@sveltejs|astro|graphql-yoga|@apollo|@whatwg-node|tiny-invariant"
    r"|invariant|ts-pattern|expect-type|vitest|vitest-mock-extended|@jest)(?:$|/(?!.*drizzle))"
)


class Reader(Protocol):
    """Who reads the references of a file."""

    def note(self, mention: Mention, reason: str, tables: tuple[str, ...]) -> None:
        """Note a place that could not be decided."""

    def declaration(self, mention: Mention) -> str | None:
        """Return what is being declared around a reference."""


class Wholes:
    """Judges mentions of many tables at once."""

    def __init__(self, evaluator: Evaluator, reader: Reader) -> None:
        self._evaluator, self._reader = evaluator, reader

    def of(self, mention: Mention, value: Value) -> Iterator[Usage]:
        """Judge a whole schema, or an object or list of tables, that is mentioned without saying which."""
        around = mention.around
        place, callee = around.first, around.callee
        if around.in_type or place is None or around.mocked:
            return
        tables = tables_in(self._evaluator, value)
        if not tables or place.kind in {"initializer", "exported"}:
            return
        if callee is None and (place.kind == "element" or (place.kind == "assigned" and place.name.isidentifier())):
            return
        if self._reader.declaration(mention):
            return
        if around.registers or self._makes_client(mention):
            if not isinstance(value, Namespace):
                yield from _each(mention, tables, "register", "proven", "drizzle schema")
        elif callee is None and place.kind in {"assigned", "field"}:
            self._reader.note(mention, f"a whole schema is stored in {place.name}", tables)
            yield from _each(mention, tables, "pass", "possible", place.kind)
        elif callee is None:
            if place.kind not in {"returned", "property", "spread"}:
                yield from _each(mention, tables, "iterate", "possible", place.kind)
        elif around.is_mapped:
            self._reader.note(mention, "a whole schema is looked up by keys that are only known at run time", tables)
        elif self._looks_only(mention, callee):
            yield from _each(mention, tables, "iterate", "possible", callee.last)
        elif adapters.takes_all(callee, self._evaluator, mention.unit):
            yield from _each(mention, tables, "pass", "proven", callee.last, outside=True)
        elif (known := adapters.models(callee, self._evaluator, mention.unit, value)) is not None:
            yield from _each(mention, known, "pass", "proven", callee.last, outside=True)
        elif not _is_followed(callee):
            self._reader.note(mention, f"a whole schema is handed to {callee.last or 'a function'}()", tables)
            yield from _each(mention, tables, "pass", "possible", f"argument of {callee.last}")

    def handed(self, mention: Mention, client: Client) -> None:
        """Note that a client is handed to code of a package, itself or in options: it may ask for any table of the schema that it knows."""
        around, unit, callee = mention.around, mention.unit, mention.around.callee
        if callee is None or callee.root is None or around.mocked or around.in_type or unit.role == "test":
            return
        known = self._evaluator.binding(unit.path, callee.root)
        if not isinstance(known, Library) or adapters.is_known(known) or _HOLDING.match(known.source):
            return
        if not self._with_tables(mention):
            reason = f"a client that knows the schema is handed to {callee.last}()"
            self._reader.note(mention, reason, tables_in(self._evaluator, client.schema))

    def _with_tables(self, mention: Mention) -> bool:
        """Whether a call is given tables beside a client: it will use these."""
        unit = mention.unit
        own = next((place for place in mention.around.chain if place.kind == "argument"), None)
        return any(self._holds_table(one, unit) for one in unit.facts.references if _is_beside(one, own, unit))

    def _holds_table(self, reference: Reference, unit: Unit) -> bool:
        value = self._evaluator.binding(unit.path, reference.id)
        for step in reference.path:
            value = value if isinstance(value, TableRef) else self._evaluator.member(value, step)
        return isinstance(value, TableRef)

    def _looks_only(self, mention: Mention, callee: Callee) -> bool:
        """Whether a call goes through a schema without asking the database: an enumeration, drizzle-kit, an assertion."""
        in_test = mention.unit.role == "test" and callee.last in ASSERTIONS
        wipes = adapters.wipes(callee, self._evaluator, mention.unit)
        return in_test or wipes or enumerates(callee) or (mention.around.called(callee) or "") in INSPECTORS | KIT

    def _makes_client(self, mention: Mention) -> bool:
        """Whether the call around is one of ours that hands the schema on to `drizzle()`."""
        name = mention.around.initializes
        return name is not None and isinstance(self._evaluator.binding(mention.unit.path, name), Client)


def _is_beside(reference: Reference, own: Place | None, unit: Unit) -> bool:
    """Whether a reference stands in an argument of the call that a place is an argument of."""
    index = reference.place
    while index >= 0 and (place := unit.facts.places[index]).kind != "argument":
        index = place.parent
    if index < 0 or own is None:
        return False
    return (place.callee, place.parent) == (own.callee, own.parent)


def _each(
    mention: Mention,
    tables: tuple[str, ...],
    action: Action,
    certainty: Certainty,
    evidence: str,
    *,
    outside: bool = False,
) -> Iterator[Usage]:
    for id in tables:
        yield replace(mention.usage(id, None, action, evidence, certainty), outside=outside)


def _is_followed(callee: Callee) -> bool:
    """Whether a callee only passes its argument on, so that its result is followed instead."""
    return callee.root == "Object" and callee.last in {"freeze", "assign", "seal"}
