"""Receivers of a whole schema that are known to use certain tables of it, by model name.

Sources: https://www.better-auth.com/docs/concepts/database and the pages of its plugins, https://authjs.dev/getting-started/adapters/drizzle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.link.values import Library, Record, TableRef, Union, Value

if TYPE_CHECKING:
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
AUTH_JS = frozenset(["usersTable", "accountsTable", "sessionsTable", "verificationTokensTable", "authenticatorsTable"])


def models(callee: Callee, evaluator: Evaluator, unit: Unit, value: Value) -> tuple[str, ...] | None:
    """Return the tables that a known adapter uses of the schema it is given, or None for a receiver we do not know."""
    known = evaluator.binding(unit.path, callee.root) if callee.root else None
    source = known.source if isinstance(known, Library) else ""
    if not source.startswith("better-auth") and callee.last != "drizzleAdapter":
        return None
    record = evaluator.record(value)
    return tuple(sorted({id for key, part in _entries(record) if _is_model(key) for id in _ids(part)}))


def _entries(record: Record | None) -> list[tuple[str, Value]]:
    return sorted(record.entries.items(), key=lambda entry: entry[0]) if record else []


def _is_model(key: str) -> bool:
    """Whether a key names a model, in the singular or (`usePlural`) the plural.

    >>> _is_model("users"), _is_model("verification"), _is_model("posts")
    (True, True, False)
    """
    return key in BETTER_AUTH or (key.endswith("s") and key[:-1] in BETTER_AUTH)


def _ids(value: Value) -> tuple[str, ...]:
    options = value.options if isinstance(value, Union) else (value,)
    return tuple(option.id for option in options if isinstance(option, TableRef))
