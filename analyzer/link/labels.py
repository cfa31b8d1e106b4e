"""By whom: the enclosing thing that a person would name, with the route where the file's name says it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

if TYPE_CHECKING:
    from analyzer.model import Ghost, Usage

Labelled = TypeVar("Labelled", "Usage", "Ghost")

_VERBS = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"}
_ROUTE = re.compile(r"(?:^|/)(?:app|pages/api|routes)/.*$")


def labelled(usage: Labelled) -> Labelled:
    """Return a usage, or a ghost, whose `by` names the route for a route handler: `GET app/api/x/route.ts`."""
    if usage.by.partition(".")[0] in _VERBS and (match := _ROUTE.search(usage.file)):
        return replace(usage, by=f"{usage.by.partition('.')[0]} {match[0].lstrip('/')}")
    return usage
