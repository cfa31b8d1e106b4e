"""What is looked for in files that were not parsed."""

from __future__ import annotations

from msgspec import Struct


class Sought(Struct, frozen=True):
    """What to look for in text that may be SQL: physical names and names of routines, in small letters, and what ours begin with.

    With `quoted`, a string that is nothing but such a name counts as well.
    """

    names: frozenset[str]
    beginnings: tuple[str, ...] = ()
    quoted: bool = False


class Spellings(Struct, frozen=True):
    """What tables are called outside of SQL: symbols, keys of a `query`, and physical names in small letters, each with what may stand before it and a dot."""

    symbols: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    names: frozenset[tuple[str, str]] = frozenset()

    def is_name(self, text: str) -> bool:
        """Whether a text is the physical name of a table, with its schema or without.

        >>> [Spellings(names=frozenset({("public", "users")})).is_name(text) for text in ("public.Users", "users")]
        [True, False]
        """
        schema, _, table = text.lower().rpartition(".")
        return (schema, table) in self.names or ("", text.lower()) in self.names

    def and_(self, more: Spellings) -> Spellings:
        """Return these and more."""
        return Spellings(self.symbols | more.symbols, self.keys | more.keys, self.names | more.names)
