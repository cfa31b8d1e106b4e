"""`FLEET.toml`: the repositories of an organisation, and the database of each."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from analyzer.model import AnalyzerError
from analyzer.model.fleet import Repository

_KEYS = ("clones", "repository")
_OF_REPOSITORY = ("path", "git", "name", "database", "prefix")
_URL = re.compile(r"^(?:[\w+.-]+://(?:[^@/]*@)?|(?:[^@/:]+@)?)([^:/]*)[:/](?::?\d+/)?/*(.+?)(?:\.git)?/*$")


def load(path: Path) -> tuple[Repository, ...]:
    """Return the repositories that a file lists; folders are below the file's own, or below `clones` for a URL.

    Raises `AnalyzerError` for a file that cannot be read, an unknown key, a value of the wrong kind, or two of one name.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise AnalyzerError(
            f"The fleet {str(path)!r} cannot be read ({reason}): give a TOML file with a [[repository]] for each."
        ) from None
    _known(data, _KEYS, path.name)
    clones = _text(data, "clones", path.name)
    entries = data.get("repository")
    if not isinstance(entries, list) or not entries:
        raise AnalyzerError(f'{path.name} lists no repository: write [[repository]] and path = "…" for each.')
    repositories = [_repository(entry, path, path.parent / (clones or ".")) for entry in entries]
    seen: set[str] = set()
    for one in repositories:
        if one.name in seen:
            raise AnalyzerError(
                f"{path.name} has two repositories named {one.name!r}: give one of them another `name`."
            )
        seen.add(one.name)
    return tuple(repositories)


def _repository(entry: Any, file: Path, clones: Path) -> Repository:
    if not isinstance(entry, dict):
        raise AnalyzerError(f'A repository of {file.name} is no table of keys: write [[repository]] and path = "…".')
    _known(entry, _OF_REPOSITORY, f"A repository of {file.name}")
    path, url = _text(entry, "path", file.name), _text(entry, "git", file.name)
    if (path is None) == (url is None):
        raise AnalyzerError(f"A repository of {file.name} needs either a `path` or a `git` URL that is cloned already.")
    folder = file.parent / path if path is not None else _clone(url or "", clones)
    name = _text(entry, "name", file.name) or folder.resolve().name
    prefixes = entry.get("prefix", [])
    prefixes = [prefixes] if isinstance(prefixes, str) else prefixes
    if not isinstance(prefixes, list) or not all(isinstance(one, str) and one for one in prefixes):
        raise AnalyzerError(f"The key 'prefix' of {name} in {file.name} takes a string or a list of them.")
    database = _text(entry, "database", file.name) or "main"
    return Repository(name, str(folder), database, tuple(prefixes), url)


def _clone(url: str, clones: Path) -> Path:
    """Return the folder of a clone: `host/owner/name` below the folder of clones, `owner/name`, or `name`."""
    match = _URL.match(url)
    if match is None:
        raise AnalyzerError(f"The URL {url!r} names no repository: write https://host/owner/name.git.")
    host, rest = match[1], match[2]
    places = [clones / host / rest, clones / rest, clones / rest.rpartition("/")[2]]
    return next((place for place in places if place.is_dir()), places[-1])


def _known(data: dict[str, Any], keys: tuple[str, ...], what: str) -> None:
    unknown = sorted(set(data) - set(keys))
    if unknown:
        raise AnalyzerError(f"{what} has an unknown key {unknown[0]!r}: the keys are {', '.join(keys)}.")


def _text(data: dict[str, Any], key: str, file: str) -> str | None:
    value = data.get(key)
    if value is not None and (not isinstance(value, str) or not value):
        raise AnalyzerError(f"The key {key!r} of {file} takes a string.")
    return value
