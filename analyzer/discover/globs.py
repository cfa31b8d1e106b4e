"""Patterns of ignore files, asked all at once by one regular expression; what takes others back is asked one by one.

`pathspec` knows what a pattern means (https://git-scm.com/docs/gitignore); asking it of each of many files, pattern by pattern, is slow.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pathspec import GitIgnoreSpec


_GROUP = re.compile(r"\(\?P<\w+>")


class Globs:
    """Tells whether a path is meant by some patterns."""

    def __init__(self, lines: Iterable[str]) -> None:
        from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

        self._lines = tuple(lines)
        found = [GitIgnoreSpecPattern.pattern_to_regex(line) for line in self._lines]
        joined = "|".join(
            f"(?:{_GROUP.sub('(?:', regex)})" for regex, include in found if include is not None and regex
        )
        self._any = re.compile(joined) if joined else None
        self._plain = all(include is not False for _, include in found)

    @cached_property
    def _spec(self) -> GitIgnoreSpec:
        from pathspec import GitIgnoreSpec

        return GitIgnoreSpec.from_lines(self._lines)

    def verdict(self, path: str) -> bool | None:
        """Return whether a path (a folder's ends with `/`) is meant; None when no pattern speaks of it.

        >>> Globs(["*.log", "!keep.log"]).verdict("keep.log"), Globs(["dist/"]).verdict("dist/"), Globs(["dist/"]).verdict("a")
        (False, True, None)
        """
        if self._any is None or not self._any.match(path):
            return None
        return True if self._plain else self._spec.check_file(path).include
