"""Where something stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Site:
    """A place in a file; lines and columns are one-based, columns count characters."""

    line: int
    column: int
