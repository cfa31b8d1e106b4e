"""What the bytes of a file tell without parsing it: enough to say whether it can matter."""

from __future__ import annotations

from typing import Literal as OneOf
from typing import TypeAlias

from msgspec import Struct

from analyzer.model.facts import Specifier
from analyzer.model.sought import Spellings

Trait: TypeAlias = OneOf[
    "finds",  # `….findMany(…)`: may be a relational query, whatever it is asked of
    "loads",  # a module by a path put together at run time
    "opens",  # `db._.fullSchema`
    "indexes",  # `query[…]`
    "sql",  # a string or a template that may be SQL
    "mounts",  # `app.use("/path", router)`
    "names",  # `client.from(NAME)`: a table, or what one is called
]


class Surface(Struct, frozen=True):
    """The surface of one file; like its facts it holds no path.

    `exports` are the names that the file itself exports (None where they are assigned: CommonJS), `paths` strings that may name a file to be run, `texts` those that may be the name of a table, `keys` what is read
    from something called `query`, and `given` what methods of queries are given: `insert(schema.users)` gives `users`.
    `unfit` says why the file cannot be parsed at all.
    """

    specifiers: tuple[Specifier, ...] = ()
    exports: tuple[str, ...] | None = ()
    paths: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    traits: tuple[Trait, ...] = ()
    lines: int = 0
    unfit: str | None = None

    def names_any(self, spellings: Spellings) -> bool:
        """Whether the file may name a table outside of SQL."""
        return self.asks_any(spellings) or self.holds_any(spellings)

    def asks_any(self, spellings: Spellings) -> bool:
        """Whether the file may give the symbol of a table to a deed, or ask a query for its key.

        >>> tables = Spellings(frozenset({"users"}), frozenset({"users"}), frozenset())
        >>> [Surface(given=("users",)).asks_any(tables), Surface(keys=("users",)).asks_any(tables), Surface(texts=("users",)).asks_any(tables)]
        [True, True, False]
        """
        return not spellings.symbols.isdisjoint(self.given) or not spellings.keys.isdisjoint(self.keys)

    def holds_any(self, spellings: Spellings) -> bool:
        """Whether the file may hold the physical name of a table as a string.

        >>> tables = Spellings(frozenset({"users"}), frozenset(), frozenset({("", "members"), ("public", "members")}))
        >>> [Surface(texts=("public.Members",)).holds_any(tables), Surface(texts=("users",)).holds_any(tables)]
        [True, False]
        """
        return any(map(spellings.is_name, self.texts))
