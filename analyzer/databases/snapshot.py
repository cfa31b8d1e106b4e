"""A snapshot of drizzle-kit: what it believed the schema to be when it wrote a migration.

Versions 5 to 7 keep tables as objects (`meta/0003_snapshot.json`), version 8 a flat list `ddl` of entities
(`<timestamp>_name/snapshot.json`). https://orm.drizzle.team/docs/drizzle-kit-generate
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer.databases import snapshot_ddl, snapshot_objects
from analyzer.model import AnalyzerError

if TYPE_CHECKING:
    from analyzer.model import PhysicalSchema, Source


def read(source: Source) -> PhysicalSchema:
    """Return what a snapshot says: a given one, or the latest of a folder of migrations."""
    path = _latest(Path(source.location)) if Path(source.location).is_dir() else Path(source.location)
    try:
        data = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise AnalyzerError(f"The snapshot {str(path)!r} cannot be read ({error}): give another.") from None
    try:
        if isinstance(data.get("ddl"), list):
            return snapshot_ddl.schema(source.name, data)
        if isinstance(data.get("tables"), dict):
            return snapshot_objects.schema(source.name, data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise AnalyzerError(
            f"The snapshot {str(path)!r} is not as drizzle-kit writes it ({reason}): generate it anew."
        ) from None
    version = data.get("version") if isinstance(data, dict) else None
    raise AnalyzerError(
        f"{str(path)!r} is no snapshot of drizzle-kit of version 5 to 8 (it says {version!r}): give another."
    )


def _latest(folder: Path) -> Path:
    """Return the last snapshot by its name, as drizzle-kit takes it: of `meta`, else of the folders."""
    meta = folder if folder.name == "meta" else folder / "meta"
    found = sorted(meta.glob("*_snapshot.json")) or sorted(folder.glob("*/snapshot.json"))
    if not found:
        raise AnalyzerError(
            f"{str(folder)!r} holds no snapshot: give the folder that drizzle-kit writes migrations into."
        )
    return found[-1]
