"""Where routers of one file are mounted by another: `app.use("/users", users)` puts `/users` before the paths in it.

Sources: https://expressjs.com/en/guide/routing.html#express-router, https://hono.dev/docs/api/routing#grouping.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analyzer.link.modules import Modules
    from analyzer.link.world import Unit
    from analyzer.model import Usage

_MOUNTING = {"use", "route", "mount"}
_ROUTE = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ALL) (/\S*)")
_DEPTH = 5


class Mounts:
    """The paths that other files put before the routes of a file."""

    def __init__(self, units: Mapping[str, Unit], modules: Modules) -> None:
        self._prefixes: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for path, unit in units.items():
            for reference in unit.facts.references:
                fact = unit.imports.get(reference.id)
                place = unit.facts.places[reference.place] if reference.place >= 0 else None
                if fact is None or place is None or place.kind != "argument" or place.callee is None or not place.index:
                    continue
                if place.callee.last in _MOUNTING and (place.literal or "").startswith("/"):
                    target = modules.resolve(fact.source, path)
                    if target is not None and target != path:
                        self._prefixes[target].add((path, place.literal or ""))

    def named(self, usage: Usage) -> Usage:
        """Return a usage whose `by` names the whole path of its route, where one file mounts it."""
        match = _ROUTE.search(usage.by)
        prefix = self._prefix(usage.file, _DEPTH) if match else ""
        if not match or not prefix.strip("/"):
            return usage
        whole = f"{prefix}{match[2]}".replace("//", "/").rstrip("/")
        return replace(usage, by=usage.by[: match.start(2)] + whole + usage.by[match.end(2) :])

    def _prefix(self, path: str, depth: int) -> str:
        mounted = self._prefixes.get(path, set())
        if len(mounted) != 1 or not depth:
            return ""
        [(owner, prefix)] = mounted
        return self._prefix(owner, depth - 1) + prefix.rstrip("/")
