"""Patterns of ignore files, asked all at once.

`pathspec` knows what a pattern means (https://git-scm.com/docs/gitignore), and RE2 asks all patterns in one pass, however many there are.
"""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pathspec import GitIgnoreSpec
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern


class Globs:
    """Tells whether a path is meant by some patterns; a line that is no pattern is passed over, as git does."""

    def __init__(self, lines: Iterable[str]) -> None:
        patterns = list(_patterns(lines))
        self._spec = _spec(patterns) if patterns else None

    def verdict(self, path: str) -> bool | None:
        """Return whether a path (a folder's ends with `/`) is meant; None when no pattern speaks of it.

        >>> Globs(["*.log", "!keep.log"]).verdict("keep.log"), Globs(["dist/"]).verdict("dist/"), Globs(["dist/"]).verdict("a")
        (False, True, None)
        >>> Globs(["*.[[:digit:]]", "[z-a]", "a\\\\", "*.ts"]).verdict("a.ts")
        True
        """
        if self._spec is None:
            return None
        return self._spec.check_file(path if path.isascii() else path.encode("utf8", "replace").decode()).include


def _spec(patterns: list[GitIgnoreSpecPattern]) -> GitIgnoreSpec:
    import re2
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec(patterns, backend="re2")
    except re2.error:  # not every expression of Python's is one of RE2's: `[[:digit:]]`
        return GitIgnoreSpec(patterns, backend="simple")


def _patterns(lines: Iterable[str]) -> Iterator[GitIgnoreSpecPattern]:
    from pathspec.patterns.gitignore.base import GitIgnorePatternError
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", FutureWarning
        )  # of classes in brackets, which Python may read otherwise one day
        for line in lines:
            try:
                pattern = GitIgnoreSpecPattern(line)
            except (GitIgnorePatternError, re.error):
                continue
            if pattern.include is not None:
                yield pattern
