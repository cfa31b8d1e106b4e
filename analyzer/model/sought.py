"""What is looked for in the SQL of files that were not parsed."""

from __future__ import annotations

from msgspec import Struct


class Sought(Struct, frozen=True):
    """What to look for in text that may be SQL: physical names and names of routines, in small letters, and what ours begin with.

    With `quoted`, a string that is nothing but such a name counts as well.
    """

    names: frozenset[str]
    beginnings: tuple[str, ...] = ()
    quoted: bool = False
