"""The role of each file: production, test, script or generated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analyzer.discover.globs import Globs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analyzer.model import Role, Settings

_JOURNAL = re.compile(r"^(?:(.*)/)?meta/_journal\.json$")
_SNAPSHOT = re.compile(r"^(?:(.*)/)?\d{10,}_[^/]*/snapshot\.json$")


class Roles:
    """Tells the role of a path.

    A folder in which drizzle-kit keeps a journal (`meta/_journal.json`) or snapshots holds what drizzle-kit wrote, so
    all of it is generated: migrations, and the schema that `drizzle-kit pull` introspected.
    """

    def __init__(self, settings: Settings, paths: Iterable[str]) -> None:
        self._globs: list[tuple[Role, Globs]] = [
            ("generated", Globs(settings.generated_files)),
            ("test", Globs(settings.test_files)),
            ("script", Globs(settings.script_files)),
        ]
        matches = (match for path in paths for match in (_JOURNAL.match(path), _SNAPSHOT.match(path)) if match)
        self._written = tuple(sorted({f"{match[1]}/" for match in matches if match[1]}))
        self._memo: dict[str, Role] = {}

    def of(self, path: str) -> Role:
        """Return the role of a path."""
        if path not in self._memo:
            self._memo[path] = self._decide(path)
        return self._memo[path]

    def _decide(self, path: str) -> Role:
        if path.startswith(self._written) and self._written:
            return "generated"
        return next((role for role, globs in self._globs if globs.verdict(path)), "production")
