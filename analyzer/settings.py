"""Configuration: `tabletrace.toml`, `[tool.tabletrace]` of pyproject.toml, or `"tabletrace"` of package.json."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from msgspec.structs import fields, replace

from analyzer.model import AnalyzerError, KeepRule, Settings

FILES = ("tabletrace.toml", "pyproject.toml", "package.json")
_LISTS = ("exclude", "test-files", "script-files", "generated-files")
KEYS = ("roots", *_LISTS, "keep", "respect-gitignore", "baseline")


def load(folder: Path, config: Path | None = None) -> Settings:
    """Return the settings of a folder, or those of one file; defaults where there are none.

    Raises `AnalyzerError` for two configurations at once, an unknown key, a value of the wrong kind, or broken TOML or JSON.
    """
    if config is not None:
        if not config.is_file():
            state = "is no file" if config.exists() else "does not exist"
            raise AnalyzerError(f"The configuration {str(config)!r} {state}: give the path of a file.")
        return _settings(_section(config) or {}, config)
    found = [(path, section) for name in FILES if (section := _section(path := folder / name)) is not None]
    if len(found) > 1:
        names = " and ".join(path.name for path, _ in found)
        raise AnalyzerError(f"There are two configurations, in {names}: keep one of them, or name one with --config.")
    return _settings(found[0][1], found[0][0]) if found else Settings()


def configures(path: Path) -> bool:
    """Whether a file holds a configuration of tabletrace, be it an empty one."""
    return _section(path) is not None


def _section(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    try:
        text = path.read_text("utf-8-sig")
        data = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (OSError, ValueError, RecursionError) as error:
        if path.name == "package.json":
            return None
        raise AnalyzerError(f"The configuration {path.name} cannot be read: {error}.") from None
    if path.name == "package.json":
        found: dict[str, Any] | None = data.get("tabletrace") if isinstance(data, dict) else None
    elif path.name == "pyproject.toml":
        tool = data.get("tool")
        found = tool.get("tabletrace") if isinstance(tool, dict) else None
    else:
        found = data
    return found


def _settings(section: dict[str, Any], path: Path) -> Settings:
    if not isinstance(section, dict):
        raise AnalyzerError(f"The configuration in {path.name} is no table of keys: write it as `key = value`.")
    unknown = sorted(set(section) - set(KEYS))
    if unknown:
        raise AnalyzerError(f"{path.name} has an unknown key {unknown[0]!r}: the keys are {', '.join(KEYS)}.")
    settings = Settings()
    given: dict[str, Any] = {}
    for key in ("roots", *_LISTS):
        if key in section:
            given[key.replace("-", "_")] = _strings(section[key], key, path)
    if "roots" in given:
        given["roots"] = tuple(str(path.parent / root) for root in given["roots"])
    if "keep" in section:
        given["keep"] = _keep(section["keep"], path)
    for key, kind, name in (("respect-gitignore", bool, "true or false"), ("baseline", str, "a path")):
        if key in section:
            if not isinstance(section[key], kind):
                raise AnalyzerError(f"The key {key!r} of {path.name} takes {name}.")
            given[key.replace("-", "_")] = section[key]
    assert set(given) <= {field.name for field in fields(settings)}
    return replace(settings, **given)


def _strings(value: Any, key: str, path: Path) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise AnalyzerError(f"The key {key!r} of {path.name} takes a list of strings.")
    return tuple(value)


def _keep(value: Any, path: Path) -> tuple[KeepRule, ...]:
    if not isinstance(value, dict) or not all(isinstance(reason, str) and reason for reason in value.values()):
        raise AnalyzerError(
            f"The key 'keep' of {path.name} takes a table of names, each with its reason: metrics = \"why\"."
        )
    return tuple(KeepRule(table, reason) for table, reason in value.items())
