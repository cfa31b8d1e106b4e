"""The tables that plugins of better-auth bring along: their models, by name.

Source: https://www.better-auth.com/docs/concepts/plugins#schema
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analyzer.link.values import Constant, Outside, Record, Sequence, Union

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.link.evaluate import Evaluator
    from analyzer.link.values import Value

_KNOWN = re.compile(  # those with models that are known, and those that have none
    r"@?better-auth/|(?:@polar-sh/better-auth|better-auth-harmony|better-auth-localization)$"
)


def configured(evaluator: Evaluator, options: Value) -> Iterator[str | None]:
    """Yield the models of the plugins in options of better-auth, as `brought` does."""
    if isinstance(options, Record) and "plugins" in options.entries:
        yield from brought(evaluator, options.entries["plugins"])
    elif not isinstance(options, Constant) and not (isinstance(options, Record) and not options.open):
        yield None


def brought(evaluator: Evaluator, value: Value) -> Iterator[str | None]:
    """Yield the models of some plugins of better-auth, by name; None for a plugin of which they are not known."""
    match evaluator.sure(value):
        case Sequence(parts) | Union(parts):
            for part in parts:
                yield from brought(evaluator, part)
        case Record(entries, open):
            models = evaluator.sure(entries.get("schema", Record({}, open)))
            if isinstance(models, Record):
                yield from models.entries
                yield from (name for part in models.entries.values() for name in _renamed(evaluator.sure(part)))
            if not isinstance(models, Record) or models.open:
                yield None
        case Outside(source=source) if _KNOWN.match(source):
            return
        case Constant():
            return
        case _:
            yield None


def _renamed(model: Value) -> Iterator[str]:
    name = model.entries.get("modelName") if isinstance(model, Record) else None
    if isinstance(name, Constant):
        yield str(name.value)
