"""JSON with an indent of one, as `json.dumps` writes it; what holds nothing further is left to its compiled part, which knows no indent."""

from __future__ import annotations

import json
from functools import cache
from typing import Any


def written(data: Any) -> str:
    r"""Return some data as JSON text, with a line break at its end.

    >>> data = {"tables": [{"name": "users", "columns": []}], "version": 1}
    >>> written(data) == json.dumps(data, indent=1, ensure_ascii=False) + "\n"
    True
    """
    return f"{_written(data, 1)}\n"


def _written(data: Any, depth: int) -> str:
    if not isinstance(data, dict | list | tuple) or not data:
        return _encoder(depth).encode(data)
    pad, end = "\n" + " " * depth, "\n" + " " * (depth - 1)
    if isinstance(data, list | tuple):
        return f"[{pad}{f',{pad}'.join(_written(one, depth + 1) for one in data)}{end}]"
    if not any(isinstance(one, dict | list | tuple) and one for one in data.values()):
        return f"{{{pad}{_encoder(depth).encode(data)[1:-1]}{end}}}"
    parts = (f"{_encoder(depth).encode(key)}: {_written(one, depth + 1)}" for key, one in data.items())
    return f"{{{pad}{f',{pad}'.join(parts)}{end}}}"


@cache
def _encoder(depth: int) -> json.JSONEncoder:
    return json.JSONEncoder(ensure_ascii=False, separators=(",\n" + " " * depth, ": "))
