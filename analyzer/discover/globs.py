"""Patterns of ignore files, asked all at once.

`pathspec` knows what a pattern means (https://git-scm.com/docs/gitignore), and RE2 asks all patterns in one pass, however many there are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern


class Globs:
    """Tells whether a path is meant by some patterns; a line that is no pattern is passed over, as git does."""

    def __init__(self, lines: Iterable[str]) -> None:
        from pathspec import GitIgnoreSpec

        patterns = list(_patterns(lines))
        self._spec = GitIgnoreSpec(patterns, backend="re2") if patterns else None

    def verdict(self, path: str) -> bool | None:
        """Return whether a path (a folder's ends with `/`) is meant; None when no pattern speaks of it.

        >>> Globs(["*.log", "!keep.log"]).verdict("keep.log"), Globs(["dist/"]).verdict("dist/"), Globs(["dist/", "[z-a]"]).verdict("a")
        (False, True, None)
        """
        if self._spec is None:
            return None
        return self._spec.check_file(path if path.isascii() else path.encode("utf8", "replace").decode()).include


def _patterns(lines: Iterable[str]) -> Iterator[GitIgnoreSpecPattern]:
    from pathspec.patterns.gitignore.base import GitIgnorePatternError
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    for line in lines:
        try:
            pattern = GitIgnoreSpecPattern(line)
        except (GitIgnorePatternError, re.error):
            continue
        if pattern.include is not None:
            yield pattern
