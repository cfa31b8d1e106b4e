"""Where something stands."""

from __future__ import annotations

from msgspec import Struct


class Site(Struct, frozen=True):
    """A place in a file; lines and columns are one-based, columns count characters."""

    line: int
    column: int
