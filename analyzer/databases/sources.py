"""What the user calls a source becomes a Source: `code`, `prod=postgresql://…`, `dev=dump.sql`, `snapshot:drizzle`."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, cast

from msgspec.structs import replace

from analyzer.databases.secrets import shown
from analyzer.model import AnalyzerError, Source

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analyzer.model import SourceKind

_NAME = re.compile(r"^([A-Za-z_][\w.-]*)=(.+)$", re.S)
_URL = re.compile(r"^([a-z][a-z0-9+]*)://", re.I)
_SCHEMES: dict[str, SourceKind] = {
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
    "mysql2": "mysql",
    "sqlite": "sqlite",
    "file": "sqlite",
}
PREFIXES: tuple[SourceKind, ...] = ("sqlite", "dump", "snapshot", "migrations", "schema", "report")
_FORMS = "a URL (postgresql://, mysql://, sqlite:///), env:NAME, code:DRIZZLE_CONFIG, a path, or " + ", ".join(
    f"{one}:PATH" for one in PREFIXES
)


def sources(texts: Iterable[str], env_file: Path | None = None, *, exact: bool = False) -> tuple[Source, ...]:
    """Return the sources that some texts name, in order; `env_file` is a `.env` to look up `env:NAME` in.

    Raises `AnalyzerError` for a text that names nothing, and for two sources of one name.
    """
    variables = {**_variables(env_file), **os.environ} if env_file else dict(os.environ)
    given = tuple(texts)
    found = tuple(_source(text, variables, exact) for text in given)
    short = [
        Path(source.name).name if not is_named(text) and source.kind not in {"postgresql", "mysql"} else source.name
        for text, source in zip(given, found, strict=True)
    ]
    found = tuple(
        replace(source, name=name) if name and short.count(name) == 1 else source
        for source, name in zip(found, short, strict=True)
    )
    names = [source.name for source in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise AnalyzerError(f"Two sources are called {twice!r}: give them names, as in prod=… dev=….")
    return found


def compared(texts: Iterable[str], env_file: Path | None = None, *, exact: bool = False) -> tuple[Source, ...]:
    """Return the sources of a comparison, the left side first: the code when one is given alone, or all have names."""
    given = tuple(texts)
    if not given or (len(given) == 1 and (given[0] == "code" or given[0].startswith("code:"))):
        raise AnalyzerError(f"There is nothing to compare the code with: give {_FORMS}.")
    if len(given) == 1 or all(is_named(text) and not _is_code(text) for text in given):
        given = ("code", *given)
    return sources(given, env_file, exact=exact)


def _is_code(text: str) -> bool:
    return text.rpartition("=")[2] == "code"


def is_named(text: str) -> bool:
    """Whether the user gave a source a name of its own: `prod=…`."""
    return _NAME.match(text) is not None and not Path(text).exists()


def _source(text: str, variables: dict[str, str], exact: bool) -> Source:
    match = _NAME.match(text) if is_named(text) else None
    name, location = (match[1], match[2]) if match else (None, text)
    from_environment = False
    if not location.strip():
        raise AnalyzerError(f"A source is empty: give {_FORMS}.")
    if location == "code" or location.startswith("code:"):
        return Source(name or "code", "code", location[5:])
    if location == "env" or location.startswith("env:"):
        variable = location.partition(":")[2] or "DATABASE_URL"
        if not variables.get(variable):
            raise AnalyzerError(
                f"The variable {variable} is not set: set it, or name a file that sets it with --env-file."
            )
        name, location, from_environment = name or variable, variables[variable], True
    if match := _URL.match(location):
        return _live(name, location, match[1].lower())
    prefix, _, rest = location.partition(":")
    if prefix in PREFIXES and rest and (Path(rest).exists() or not _is_secret(rest)):
        return Source(name or rest, cast("SourceKind", prefix), rest, exact)
    path = Path(location)
    if not path.is_file() and not path.is_dir():
        raise AnalyzerError(f"The source {_quoted(location, from_environment)} does not exist: give {_FORMS}.")
    return Source(name or location, _kind(path), location, exact)


def _is_secret(text: str) -> bool:
    """Whether a text may hold a password: it looks like an address."""
    return re.search(r"://|@|password|pwd", text, re.I) is not None


def _quoted(text: str, from_environment: bool) -> str:
    """Return a text for a message; what may be an address is not shown."""
    return "that is given" if from_environment or _is_secret(text) else repr(text)


def _live(name: str | None, url: str, scheme: str) -> Source:
    kind = _SCHEMES.get(scheme.partition("+")[0])
    if kind is None:
        raise AnalyzerError(f"A URL that starts with {scheme}:// is not known: give {_FORMS}.")
    location = re.sub(r"^(sqlite|file)://", "", url) if kind == "sqlite" else url
    return Source(name or (location if kind == "sqlite" else shown(url)), kind, location)


def _kind(path: Path) -> SourceKind:
    """Return what a file or folder holds, by what is in it."""
    if path.is_dir():
        return "migrations"
    if path.suffix.lstrip(".") in {"ts", "mts", "cts", "js", "mjs", "cjs"}:
        return "schema"
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"SQLite format 3\0"):
        return "sqlite"
    if head.startswith(b"PGDMP"):
        raise AnalyzerError(
            f"{str(path)!r} is an archive of pg_dump: write it as text first, with `pg_restore -f schema.sql {path}`."
        )
    if path.suffix == ".json":
        return _json(path)
    if path.suffix == ".sql":
        return "dump"
    raise AnalyzerError(
        f"It cannot be told what {str(path)!r} is: put one of {', '.join(PREFIXES)} and a colon before it."
    )


def _json(path: Path) -> SourceKind:
    try:
        data = json.loads(path.read_text("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise AnalyzerError(
            f"{str(path)!r} is no JSON ({error}): give a snapshot of drizzle-kit or a report."
        ) from None
    is_report = isinstance(data, dict) and "tabletrace" in data
    return "report" if is_report else "snapshot"


def _variables(path: Path | None) -> dict[str, str]:
    """Return what a `.env` sets: `NAME=value` a line, quotes and `export` allowed."""
    if path is None:
        return {}
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        raise AnalyzerError(f"The file {str(path)!r} cannot be read ({error}): give another with --env-file.") from None
    found: dict[str, str] = {}
    for line in lines:
        match = re.match(r"^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$", line)
        if match and not line.lstrip().startswith("#"):
            value = match[2]
            quote = value[:1] if value[:1] in {"'", '"'} else ""
            end = value.find(quote, 1) if quote else -1
            found[match[1]] = value[1:end] if end > 0 else re.sub(r"\s+#.*$", "", value)
    return found
