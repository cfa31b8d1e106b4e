"""A report that `tabletrace scan --output-format json` wrote: what the code declared then."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analyzer.model import AnalyzerError, CheckRule, Column, DrizzleConfig, ForeignKey, Index, Table

if TYPE_CHECKING:
    from analyzer.model import Source

_COLUMN = (
    "property", "name", "type", "nullable", "default", "primary_key", "unique", "references", "reason", "line",
    "identity", "generated", "type_schema",
)  # fmt: skip
_TABLE = (
    "id", "symbol", "kind", "file", "line", "end_line", "dialect", "schema", "name", "pattern", "role",
    "primary_key_name", "existing",
)  # fmt: skip


def declarations(source: Source) -> tuple[tuple[Table, ...], tuple[DrizzleConfig, ...]]:
    """Return the declarations and the configurations that a saved report holds.

    Raises `AnalyzerError` for a file that is none, or that an older version wrote.
    """
    try:
        data = json.loads(Path(source.location).read_text("utf-8-sig"))
        tables = tuple(_table(one) for one in data["tables"])
        configurations = tuple(_configuration(one) for one in data["configurations"])
    except (OSError, ValueError, RecursionError) as error:
        raise AnalyzerError(f"The report {source.location!r} cannot be read ({error}): give another.") from None
    except (KeyError, TypeError, AttributeError):
        raise AnalyzerError(
            f"{source.location!r} is no report of this version: write it with `tabletrace scan --output-format json`."
        ) from None
    if not tables:
        raise AnalyzerError(f"The report {source.location!r} holds no table: write it with `tabletrace scan`.")
    return tables, configurations


def _table(data: dict[str, Any]) -> Table:
    return Table(
        **{name: data[name] for name in _TABLE},
        columns=tuple(Column(**{name: one[name] for name in _COLUMN}) for one in data["columns"]),
        primary_key=tuple(data["primary_key"]),
        foreign_keys=tuple(
            ForeignKey(**{name: _frozen(value) for name, value in one.items()}) for one in data["foreign_keys"]
        ),
        indexes=tuple(Index(**{name: _frozen(value) for name, value in one.items()}) for one in data["indexes"]),
        checks=tuple(CheckRule(**one) for one in data["checks"]),
        values=tuple(data["values"]),
    )


def _configuration(data: dict[str, Any]) -> DrizzleConfig:
    return DrizzleConfig(**{name: _frozen(value) for name, value in data.items()})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
