"""What a database knows of a table that code does not use, and what that advises."""

from __future__ import annotations

from typing import Literal as OneOf
from typing import TypeAlias

from msgspec import Struct

from analyzer.model.physical import Dependent
from analyzer.model.schema import Table
from analyzer.model.usage import Verdict

Advice: TypeAlias = OneOf["drop", "archive first", "keep", "look"]
ADVICE: tuple[Advice, ...] = ("drop", "archive first", "keep", "look")
STAYING: tuple[Advice, ...] = ("keep", "look")


class Evidence(Struct, frozen=True):
    """What one database says of one table; None where it does not tell.

    `rows` is an estimate unless `exact`; `size` is in bytes, with indexes; `reads` and `writes` are counted since `since`
    (an ISO date, None for since the database was made), `hours` ago. `reads` leaves out what making indexes and
    foreign keys and taking backups cost. `dynamic` are functions of the database that build statements at run time. `needs` are foreign keys of other tables (kind `foreign-key`) and whatever else depends on it.
    """

    source: str
    schema: str | None
    table: str
    present: bool
    rows: int | None = None
    exact: bool = False
    size: int | None = None
    reads: int | None = None
    last_read: str | None = None
    writes: int | None = None
    inserts: int | None = None
    since: str | None = None
    hours: float | None = None
    needs: tuple[Dependent, ...] = ()
    note: str | None = None
    dynamic: tuple[str, ...] = ()


class Advised(Struct, frozen=True):
    """An advice for a table, because of what a database says, and the reasons in words."""

    evidence: Evidence
    advice: Advice
    reasons: tuple[str, ...]


class Removal(Struct, frozen=True):
    """One table to remove: its declaration, what databases advise, and what of the code goes with it.

    `places` are (file, first line, last line, what): to take away or to change.
    """

    verdict: Verdict
    advice: tuple[Advised, ...]
    places: tuple[tuple[str, int, int, str], ...]

    @property
    def is_held(self) -> bool:
        """Whether a database speaks against it, or leaves it open."""
        return any(one.advice in STAYING for one in self.advice)


class Plan(Struct, frozen=True):
    """What to remove, in an order in which nothing is needed by what stays; `held` is left out, and `enums` go last."""

    removals: tuple[Removal, ...]
    held: tuple[Removal, ...]
    enums: tuple[Table, ...]
