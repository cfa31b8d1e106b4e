"""Receivers that are known to use certain tables: Auth.js and better-auth adapters, drizzle-seed.

Sources: https://www.better-auth.com/docs/concepts/database and the pages of its plugins, https://authjs.dev/getting-started/adapters/drizzle,
https://orm.drizzle.team/docs/seed-overview.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.link.values import Client, Environment, Library, Record, TableRef, Union, Value
from analyzer.model import (
    Array,
    Call,
    Choice,
    Class,
    Expression,
    Function,
    IndexExpression,
    Member,
    Object,
    Site,
    Spread,
    Table,
    Tagged,
    Template,
    Usage,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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
AUTH_JS = ("user", "account", "session", "verificationToken", "authenticator")
_AUTH_JS_PACKAGES = ("@auth/drizzle-adapter", "@next-auth/drizzle-adapter", "next-auth-drizzle")


class Adapters:
    """Finds calls of adapters that are given no table by name, and the tables that they use all the same."""

    def __init__(self, evaluator: Evaluator, tables: Iterable[Table]) -> None:
        self._evaluator = evaluator
        self._defaults = [
            table for table in tables if table.name in AUTH_JS and table.role == "production" and table.kind == "table"
        ]

    def of(self, unit: Unit) -> Iterator[Usage]:
        """Yield the usages by adapters in one file."""
        if not any(_is_adapter(fact.source) for fact in unit.facts.imports):
            return
        for binding in unit.facts.bindings:
            for call in _calls(binding.value) if binding.value is not None else ():
                callee = self._evaluator.evaluate(call.callee, unit.path)
                if isinstance(callee, Library) and not callee.path:
                    for id in self._tables(callee, call, unit):
                        yield _usage(id, unit, call.site, binding.id.partition("@")[0], callee.exported)

    def _tables(self, callee: Library, call: Call, unit: Unit) -> tuple[str, ...]:
        arguments = self._evaluator.arguments(call, unit.path, Environment())
        if callee.source.startswith("drizzle-graphql") and callee.exported == "buildSchema":
            clients = [one for one in arguments if isinstance(one, Client)] or self._evaluator.clients
            records = [self._evaluator.record(client.schema) for client in clients]
            return tuple(
                sorted({id for record in records if record for part in record.entries.values() for id in _ids(part)})
            )
        if callee.source.startswith(_AUTH_JS_PACKAGES) and callee.exported == "DrizzleAdapter":
            return tuple(table.id for table in self._defaults) if len(arguments) < 2 else ()
        if not callee.source.startswith("better-auth") or callee.exported != "drizzleAdapter":
            return ()
        options = self._evaluator.record(arguments[1]) if len(arguments) > 1 else None
        given = options.entries.get("schema") if options else None
        if given is not None:
            return _models(self._evaluator.record(given))
        clients = [arguments[0]] if arguments and isinstance(arguments[0], Client) else self._evaluator.clients
        records = [self._evaluator.record(client.schema) for client in clients if isinstance(client, Client)]
        return tuple(sorted({id for record in records for id in _models(record)}))


def takes_all(callee: Callee, evaluator: Evaluator, unit: Unit) -> bool:
    """Whether a receiver is known to use every table of the schema it is given: drizzle-seed."""
    known = evaluator.binding(unit.path, callee.root) if callee.root else None
    return isinstance(known, Library) and known.source == "drizzle-seed"


def models(callee: Callee, evaluator: Evaluator, unit: Unit, value: Value) -> tuple[str, ...] | None:
    """Return the tables that a known adapter uses of the schema it is given, or None for a receiver we do not know."""
    known = evaluator.binding(unit.path, callee.root) if callee.root else None
    source = known.source if isinstance(known, Library) else ""
    return _models(evaluator.record(value)) if source.startswith("better-auth") else None


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


def _is_adapter(source: str) -> bool:
    return source.startswith((*_AUTH_JS_PACKAGES, "better-auth", "drizzle-graphql"))


def _usage(id: str, unit: Unit, site: Site, by: str, evidence: str) -> Usage:
    return Usage(id, None, "pass", "proven", unit.role, by if by != "{}" else "", unit.path, site, evidence)


def _calls(expression: Expression) -> Iterator[Call]:
    """Yield every call in an expression, outermost first."""
    match expression:
        case Call(callee, arguments):
            yield expression
            for part in (callee, *arguments):
                yield from _calls(part)
        case Object(entries):
            for entry in entries:
                yield from _calls(entry.value)
        case Array(parts) | Choice(parts) | Function(_, parts) | Template(parts) | Tagged(_, parts):
            for part in parts:
                yield from _calls(part)
        case Class(entries):
            for entry in entries:
                yield from _calls(entry.value)
        case Member(inner) | IndexExpression(inner) | Spread(inner):
            yield from _calls(inner)
        case _:
            return
