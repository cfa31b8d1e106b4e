"""Receivers that are known to use certain tables: Auth.js and better-auth adapters, drizzle-seed.

Sources: https://www.better-auth.com/docs/concepts/database and the pages of its plugins, https://authjs.dev/getting-started/adapters/drizzle,
https://orm.drizzle.team/docs/seed-overview.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from analyzer.link.packages import is_built_in
from analyzer.link.plugins import brought, configured
from analyzer.link.rows import entries_of
from analyzer.link.values import (
    Client,
    Closure,
    Constant,
    Creator,
    Environment,
    Library,
    Record,
    TableRef,
    Union,
    Unknown,
    Value,
)
from analyzer.model import (
    Array,
    Call,
    Certainty,
    Choice,
    Expression,
    Literal,
    Name,
    Object,
    Site,
    Spread,
    Table,
    Unresolved,
    Usage,
)

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from analyzer.link.evaluate import Evaluator
    from analyzer.link.world import Unit
    from analyzer.model import Callee

BETTER_AUTH = frozenset(
    [
        "user",
        "session",
        "account",
        "verification",
        "organization",
        "member",
        "invitation",
        "team",
        "teamMember",
        "organizationRole",
        "twoFactor",
        "passkey",
        "apikey",
        "apiKey",
        "jwks",
        "oauthApplication",
        "oauthAccessToken",
        "oauthConsent",
        "oauthClient",
        "oauthRefreshToken",
        "subscription",
        "ssoProvider",
        "scimProvider",
        "walletAddress",
        "deviceCode",
        "rateLimit",
    ]
)
AUTH_JS_POSTGRESQL = ("users", "accounts", "sessions", "verification_token")
AUTH_JS = ("user", "account", "session", "verificationToken", "authenticator")
_BETTER_AUTH = ("better-auth", "@better-auth/")
_AUTH_JS_KEYS = ("usersTable", "accountsTable", "sessionsTable", "verificationTokensTable", "authenticatorsTable")
_AUTH_JS_PACKAGES = ("@auth/drizzle-adapter", "@next-auth/drizzle-adapter", "next-auth-drizzle")


class Adapters:
    """Finds calls of adapters that are given no table by name, and the tables that they use all the same."""

    def __init__(self, evaluator: Evaluator, tables: Iterable[Table]) -> None:
        self._evaluator = evaluator
        self._tables = [table for table in tables if table.role == "production" and table.kind == "table"]
        self.unresolved: list[Unresolved] = []

    def of(self, unit: Unit) -> Iterator[Usage]:
        """Yield the usages by adapters in one file."""
        for one in unit.facts.adapters:
            callee = self._evaluator.evaluate(one.call.callee, unit.path)
            if isinstance(callee, Library) and not callee.path:
                for id, certainty in self._used(callee, one.call, unit):
                    yield _usage(id, unit, one.call.site, one.by, callee.exported, certainty)

    def _used(self, callee: Library, call: Call, unit: Unit) -> Iterator[tuple[str, Certainty]]:
        arguments = self._evaluator.arguments(call, unit.path, Environment())
        if callee.source.startswith("drizzle-graphql") and callee.exported == "buildSchema":
            clients = [one for one in arguments if isinstance(one, Client)] or self._evaluator.clients
            records = [self._evaluator.record(client.schema) for client in clients]
            known = {id for record in records if record for part in record.entries.values() for id in _ids(part)}
        elif callee.source.startswith(_AUTH_JS_PACKAGES) and callee.exported == "DrizzleAdapter":
            given = arguments[1] if len(arguments) > 1 else None
            certainty: Certainty = "named" if isinstance(given, Record) else "proven"
            yield from ((id, certainty) for id in sorted(self._defaults(given)))
            return
        elif callee.source.startswith("@auth/pg-adapter"):
            known = self._called(AUTH_JS_POSTGRESQL)
        elif callee.source.startswith(_BETTER_AUTH) and callee.exported == "drizzleAdapter":
            known = self._models(arguments)
            if not known:
                yield from ((id, "named") for id in sorted(self._by_name()))
        elif callee.source.startswith(_BETTER_AUTH) and callee.exported == "betterAuth":
            yield from ((id, "named") for id in sorted(self._configured(call, unit) | self._plugged(call, unit)))
            return
        else:
            return
        yield from ((id, "proven") for id in sorted(known))

    def _called(self, names: Container[str]) -> set[str]:
        """Return the tables of some physical names."""
        return {table.id for table in self._tables if table.name in names}

    def _defaults(self, given: Value | None) -> set[str]:
        """Return the tables that Auth.js makes by itself: with the function it is given, or plainly; from an object those that it leaves out."""
        match given:
            case Creator(_, Closure() as rename):
                values = [self._evaluator.run(rename, [Constant(name)], always=True) for name in AUTH_JS]
                return self._called({str(value.value) for value in values if isinstance(value, Constant)})
            case None | Library():
                return self._called(AUTH_JS)
            case Record(entries):
                return self._called(
                    {name for key, name in zip(_AUTH_JS_KEYS, AUTH_JS, strict=True) if key not in entries}
                )
            case Closure() | Unknown():
                return {table.id for table in self._tables if (table.name or "").endswith(AUTH_JS)}
            case _:
                return set()

    def _models(self, arguments: list[Value]) -> set[str]:
        return {id for record in self._given(arguments) for id in _models(record)}

    def _given(self, arguments: list[Value]) -> list[Record | None]:
        """Return the schemas that an adapter of better-auth is given, or has by its client."""
        options = self._evaluator.record(arguments[1]) if len(arguments) > 1 else None
        given = options.entries.get("schema") if options else None
        if given is not None:
            return [self._evaluator.record(given)]
        clients = [arguments[0]] if arguments and isinstance(arguments[0], Client) else self._evaluator.clients
        return [self._evaluator.record(client.schema) for client in clients if isinstance(client, Client)]

    def _plugged(self, call: Call, unit: Unit) -> set[str]:
        """Return the tables that plugins of a `betterAuth` ask for by name, and note where one may ask for any."""
        options = _held(call.arguments[0] if call.arguments else None, unit)
        listed = entries_of(options, "plugins")
        asked = call.arguments[0] if listed is None and call.arguments and not _is_plain(options) else listed
        with self._evaluator.eager():
            given = self._evaluator.evaluate(asked, unit.path) if asked is not None else Constant(None)
        names = set(brought(self._evaluator, given) if listed is not None else configured(self._evaluator, given))
        if isinstance(listed, Name) and _is_changed(listed.id, unit):
            names.add(None)
        entries = [(key, id) for record in self._schemas for key, part in record.entries.items() for id in _ids(part)]
        if None in names and entries:
            reason = "a plugin of better-auth that is not known may use any table of its schema"
            ids = tuple(sorted({id for _, id in entries}))
            self.unresolved.append(Unresolved(unit.path, call.site, reason, unit.role, ids))
        names |= {f"{name}s" for name in names if name}  # `usePlural`
        called = {table.id for table in self._tables if {table.name, table.symbol} & names}
        return called | {id for key, id in entries if key in names}

    @cached_property
    def _schemas(self) -> list[Record]:
        """The schemas of all adapters of better-auth."""
        calls = [(unit, one.call) for _, unit in sorted(self._evaluator.units.items()) for one in unit.facts.adapters]
        found: list[Record | None] = []
        for unit, call in calls:
            callee = self._evaluator.evaluate(call.callee, unit.path)
            if (
                isinstance(callee, Library)
                and callee.source.startswith(_BETTER_AUTH)
                and callee.exported == "drizzleAdapter"
            ):
                found += self._given(self._evaluator.arguments(call, unit.path, Environment()))
        return [record for record in found if record is not None]

    def _by_name(self) -> set[str]:
        """Return the tables that are called like models, where it is not known which schema an adapter has."""
        return {table.id for table in self._tables if _is_model(table.symbol) or _is_model(table.name or "")}

    def _configured(self, call: Call, unit: Unit) -> set[str]:
        """Return the tables that a `betterAuth` renames its models to, and its models where no adapter of an ORM asks for them."""
        given = call.arguments[0] if call.arguments else None
        options = _held(given, unit)
        renamed = {table.id for table in self._tables if {table.name, table.symbol} & set(_renamed(options, unit))}
        database = _held(entries_of(options, "database"), unit)
        by_itself = isinstance(database, Object) or (isinstance(database, Call) and database.new)
        if by_itself or not self._has_adapter():
            renamed |= {table.id for table in self._tables if _is_model(table.name or "")}
        return renamed

    def _has_adapter(self) -> bool:
        """Whether better-auth is given an adapter of an ORM anywhere: that one says which tables there are."""
        return any(
            isinstance(one.call.callee, Name) and one.call.callee.id.endswith("Adapter")
            for unit in self._evaluator.units.values()
            for one in unit.facts.adapters
            if any(fact.source.startswith(_BETTER_AUTH) for fact in unit.facts.imports)
        )


def _held(expression: Expression | None, unit: Unit) -> Expression | None:
    """Return an expression, or what the constant of the file that it names holds."""
    binding = unit.bindings.get(expression.id) if isinstance(expression, Name) else None
    return binding.value if binding is not None else expression


def _is_plain(options: Expression | None) -> bool:
    """Whether an object says all its keys."""
    return isinstance(options, Object) and all(entry.key is not None for entry in options.entries)


def _is_changed(id: str, unit: Unit) -> bool:
    """Whether something is put into a list after it was made: `plugins.push(other())`."""
    return any(one.id == id and one.path[:1] in {("push",), ("unshift",)} for one in unit.facts.references)


def _renamed(options: Expression | None, unit: Unit, depth: int = 8) -> Iterator[str]:
    """Yield the names that a configuration gives to models, those of plugins as well: `user: { modelName: "people" }`."""
    match _held(options, unit) if depth else None:
        case Object(entries):
            for entry in entries:
                if entry.key == "modelName" and isinstance(entry.value, Literal):
                    yield str(entry.value.value)
                yield from _renamed(entry.value, unit, depth - 1)
        case Array(parts) | Call(_, parts) | Choice(parts):
            for part in parts:
                yield from _renamed(part, unit, depth - 1)
        case Spread(inner):
            yield from _renamed(inner, unit, depth - 1)
        case _:
            return


def is_known(callee: Library) -> bool:
    """Whether it is known which tables a function uses: Drizzle's own, adapters, and what no package brings."""
    known = callee.source.startswith(("drizzle-", *_BETTER_AUTH, *_AUTH_JS_PACKAGES))
    return known or not callee.source or is_built_in(callee.source)


def takes_all(callee: Callee, evaluator: Evaluator, unit: Unit) -> bool:
    """Whether a receiver is known to fill every table of the schema it is given: drizzle-seed's `seed`."""
    known = evaluator.binding(unit.path, callee.root) if callee.root else None
    return isinstance(known, Library) and known.source == "drizzle-seed" and known.exported != "reset"


def wipes(callee: Callee, evaluator: Evaluator, unit: Unit) -> bool:
    """Whether a receiver empties whatever table it is given: drizzle-seed's `reset`."""
    known = evaluator.binding(unit.path, callee.root) if callee.root else None
    return isinstance(known, Library) and known.source == "drizzle-seed" and known.exported == "reset"


def models(callee: Callee, evaluator: Evaluator, unit: Unit, value: Value) -> tuple[str, ...] | None:
    """Return the tables that a known adapter uses of the schema it is given, or None for a receiver we do not know."""
    known = evaluator.binding(unit.path, callee.root) if callee.root else None
    source = known.source if isinstance(known, Library) else ""
    return _models(evaluator.record(value)) if source.startswith(_BETTER_AUTH) else None


def _models(record: Record | None) -> tuple[str, ...]:
    entries = record.entries.items() if record else ()
    return tuple(sorted({id for key, part in entries if _is_model(key) for id in _ids(part)}))


def _is_model(key: str) -> bool:
    """Whether a key names a model, in the singular or (`usePlural`) the plural.

    >>> _is_model("users"), _is_model("verification"), _is_model("posts")
    (True, True, False)
    """
    return key in BETTER_AUTH or (key.endswith("s") and key[:-1] in BETTER_AUTH)


def _ids(value: Value) -> tuple[str, ...]:
    options = value.options if isinstance(value, Union) else (value,)
    return tuple(option.id for option in options if isinstance(option, TableRef))


def _usage(id: str, unit: Unit, site: Site, by: str, evidence: str, certainty: Certainty) -> Usage:
    return Usage(id, None, "pass", certainty, unit.role, by, unit.path, site, evidence, outside=True)
