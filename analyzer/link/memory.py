"""What was found once is found once, within circles too.

In a circle (a barrel that exports what imports it) a name may look unknown only because it is being asked for already. Such an answer
leans on the question that is still open: it holds until that one is answered, and is then forgotten. So each name is evaluated once
for each open question that it leans on, not once for each way that leads to it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, TypeVar

from analyzer.link.values import BUSY, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from analyzer.link.values import Value

Found = TypeVar("Found")
_FREE = 1 << 30


class Memory:
    """Remembers the values of names; `depth` is how many questions are open."""

    def __init__(self) -> None:
        self.depth = 0
        self._leans = _FREE  # the outermost open question that what is being answered leans on
        self._open: dict[tuple[int, Any], int] = {}
        self._leaning: dict[tuple[int, Any], tuple[dict[Any, Value], Value, int]] = {}
        self._until: dict[int, list[tuple[int, Any]]] = defaultdict(list)

    def lean(self, depth: int) -> None:
        """Say that what is being answered leans on the open question of a depth."""
        self._leans = min(self._leans, depth)

    def once(self, known: dict[Any, Value], key: Any, find: Callable[[], Value]) -> Value:
        """Return what `find` gives, asked once; `BUSY` while it is being asked."""
        asked = id(known), key
        if key in known:
            if asked in self._open:
                self.lean(self._open[asked])
            return known[key]
        if asked in self._leaning:
            _, value, depth = self._leaning[asked]
            self.lean(depth)
            return value
        return self._ask(known, key, find)

    def _ask(self, known: dict[Any, Value], key: Any, find: Callable[[], Value]) -> Value:
        asked, depth, outer = (id(known), key), self.depth, self._leans
        known[key], self._open[asked] = BUSY, depth
        self.depth, self._leans = depth + 1, _FREE
        leans = _FREE
        try:
            value = find()
            leans = self._leans
        finally:
            del known[key], self._open[asked]
            self.depth, self._leans = depth, outer
            for one in self._until.pop(depth, ()):
                self._leaning.pop(one, None)
        if leans >= depth or not isinstance(value, Unknown):
            known[key] = value
        else:
            self._leaning[asked] = known, value, leans
            self._until[leans].append(asked)
        if leans < depth:
            self.lean(leans)
        return value

    def whole(self, known: dict[Any, Found], key: Any, find: Callable[[], Found]) -> Found:
        """Return what `find` gives; remembered only where it leans on no open question."""
        if key in known:
            return known[key]
        outer, self._leans = self._leans, _FREE
        try:
            value = find()
            if self._leans == _FREE:
                known[key] = value
        finally:
            self._leans = min(self._leans, outer)
        return value
