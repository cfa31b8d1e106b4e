"""`….query.users` of a client that is not known: it may be a table of that name, whatever asks for it.

Clients that are given a schema in a form of their own are asked alike: https://zero.rocicorp.dev/docs/reading-data.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from analyzer.model import IndexExpression, Literal, Member, Name

if TYPE_CHECKING:
    from analyzer.link.world import Unit
    from analyzer.model import Expression, Reference

_QUERY = {"query", "_query"}
_REQUESTS = {  # what is asked in an address
    "req", "request", "router", "route", "ctx", "context", "c", "event", "url", "uri", "parsed", "location", "nextUrl",
    "params", "useRoute()", "useRouter()", "this",
}  # fmt: skip


def key_asked(unit: Unit, reference: Reference) -> tuple[str, int] | None:
    """Return the key of a `query` that a reference reads, and how much of its path that takes; None for that of a request."""
    binding = unit.bindings.get(reference.id)
    if (binding is None or binding.value is None) and _QUERY.isdisjoint(reference.path):
        return None
    taken = _names(binding.value, unit, 8) if binding is not None and binding.value is not None else []
    names = [*(taken or [reference.id.partition("@")[0]]), *reference.path]
    for index, name in enumerate(names[1:-1], start=1):
        if name in _QUERY and names[index - 1].lstrip("_") not in _REQUESTS:
            return names[index + 1], max(index + 2 - (len(names) - len(reference.path)), 0)
    return None


def _names(expression: Expression, unit: Unit, depth: int) -> list[str]:
    """Return the names that a value is read from: `const { users } = db.query` gives `db`, `query`, `users`."""
    match expression:
        case Name(id):
            binding = unit.bindings.get(id)
            within = _names(binding.value, unit, depth - 1) if depth and binding and binding.value else []
            return within or [id.partition("@")[0]]
        case Member(inner, name) | IndexExpression(inner, Literal(str() as name)):
            names = _names(inner, unit, depth)
            return [*names, name] if names else []
        case _:
            return []
