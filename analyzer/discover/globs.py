"""Patterns of ignore files, asked all at once by one regular expression; what takes others back is asked one by one.

`pathspec` knows what a pattern means (https://git-scm.com/docs/gitignore); asking it of each of many files, pattern by pattern, is slow.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


_GROUP = re.compile(r"\(\?P<\w+>")


class Globs:
    """Tells whether a path is meant by some patterns."""

    def __init__(self, lines: Iterable[str]) -> None:
        from pathspec import GitIgnoreSpec

        self._spec = GitIgnoreSpec.from_lines(lines)
        known = [pattern for pattern in self._spec.patterns if pattern.include is not None]
        joined = "|".join(f"(?:{_GROUP.sub('(?:', str(getattr(pattern.regex, 'pattern', '')))})" for pattern in known)
        self._any = re.compile(joined) if joined else None
        self._plain = all(pattern.include for pattern in known)

    def verdict(self, path: str) -> bool | None:
        """Return whether a path (a folder's ends with `/`) is meant; None when no pattern speaks of it.

        >>> Globs(["*.log", "!keep.log"]).verdict("keep.log"), Globs(["dist/"]).verdict("dist/"), Globs(["dist/"]).verdict("a")
        (False, True, None)
        """
        if self._any is None or not self._any.match(path):
            return None
        return True if self._plain else self._spec.check_file(path).include
