"""A folder of migrations becomes the schema that they make: replayed in the order of the journal.

drizzle-kit before 1.0 keeps `meta/_journal.json` beside the files; since 1.0 each migration is a folder with a
`migration.sql`, in the order of the folders' names. https://orm.drizzle.team/docs/drizzle-kit-generate
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from analyzer.databases import replay, sqlite
from analyzer.databases.statements import split
from analyzer.model import AnalyzerError

if TYPE_CHECKING:
    from analyzer.model import PhysicalSchema, Source

_DIALECTS = {"postgresql": "postgresql", "postgres": "postgresql", "pg": "postgresql", "cockroach": "postgresql"}
_DIALECTS |= {"sqlite": "sqlite", "turso": "sqlite", "mysql": "mysql", "singlestore": "mysql"}


def read(source: Source) -> PhysicalSchema:
    """Return what a folder of migrations makes of an empty database."""
    folder = Path(source.location)
    files, missing = _files(folder)
    if missing:
        raise AnalyzerError(
            f"{missing[0]} is not in the folder {source.location!r} (its journal names it, or a link leads out): what it made is not known. "
            f"Bring it back, or give snapshot:{source.location}."
        )
    strays = sorted(_folder(folder).glob("*.sql"))
    if not files and strays:
        raise AnalyzerError(
            f"The journal of {source.location!r} is empty, and {len(strays)} files are not in it: write the journal anew, or give a snapshot."
        )
    if not files:
        raise AnalyzerError(
            f"{source.location!r} holds no migrations: give a folder of .sql files, or its journal's folder."
        )
    texts = [(file.relative_to(_folder(folder)).as_posix(), _text(file)) for file in files]
    dialect = _dialect(folder, texts)
    if dialect == "mysql":
        raise AnalyzerError(
            f"{source.location!r} holds migrations of MySQL, of which no server is embedded: give snapshot:{source.location}."
        )
    statements = ((name, split(text)) for name, text in texts)
    schema = (replay.replayed if dialect == "postgresql" else sqlite.replayed)(source.name, statements)
    beside = sorted({file.name for file in _folder(folder).glob("*.sql")} - {name for name, _ in texts})
    left = tuple(f"{name} is not in the journal and was not run" for name in beside)
    return replace(schema, notes=(*schema.notes, *left))


def _folder(path: Path) -> Path:
    return path.parent if path.name == "meta" else path


def _files(path: Path) -> tuple[list[Path], list[str]]:
    """Return the files in order, and the names of those that are meant and do not lie in the folder."""
    folder = _folder(path)
    journal = folder / "meta" / "_journal.json"
    if journal.is_file():
        entries = sorted(_entries(journal), key=lambda entry: entry["idx"] if isinstance(entry.get("idx"), int) else 0)
        files = [folder / f"{entry.get('tag')}.sql" for entry in entries]
    else:
        files = sorted(folder.glob("*/migration.sql")) or sorted(folder.glob("*.sql"))
    inside = [file for file in files if _is_inside(file, folder)]
    return inside, [file.name for file in files if file not in inside]


def _is_inside(file: Path, folder: Path) -> bool:
    """Whether a file is there, and lies in the folder: neither a journal nor a link leads out of it."""
    return file.is_file() and file.resolve().is_relative_to(folder.resolve())


def _entries(journal: Path) -> list[dict[str, Any]]:
    try:
        entries = json.loads(journal.read_text("utf-8-sig"))["entries"]
        assert isinstance(entries, list)
    except (OSError, ValueError, KeyError, TypeError, AssertionError):
        raise AnalyzerError(
            f"The journal {str(journal)!r} cannot be read: it has to be JSON with a list `entries`."
        ) from None
    return [entry for entry in entries if isinstance(entry, dict)]


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        raise AnalyzerError(
            f"The migration {str(file)!r} cannot be read ({error}): mend it, or leave it out."
        ) from None


def _dialect(folder: Path, texts: list[tuple[str, str]]) -> str:
    """Return the dialect: that of the journal or of a snapshot, else by how names are quoted."""
    for path in (folder / "meta" / "_journal.json", *sorted(folder.glob("*/snapshot.json"))[-1:]):
        if path.is_file():
            told = re.search(r'"dialect"\s*:\s*"(\w+)"', path.read_text("utf-8-sig", errors="replace"))
            if told and told[1] in _DIALECTS:
                return _DIALECTS[told[1]]
    whole = "\n".join(text for _, text in texts)
    if re.search(r"auto_increment|engine\s*=|on update now|\bint\b[^,\n]*not null auto", whole, re.I):
        return "mysql"
    return "sqlite" if re.search(r"create table (if not exists )?`", whole, re.I) else "postgresql"
