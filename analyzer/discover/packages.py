"""package.json: the name by which other packages import this one, and where its exports lie."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from analyzer.model import Package, Problem

if TYPE_CHECKING:
    from pathlib import Path

_ELSEWHERE = {"browser", "react-native", "worker"}
_TYPES = re.compile(r"\.d\.[cm]?ts$")
_MAINS = ("source", "types", "typings", "module", "main")
_DEPENDENCIES = ("dependencies", "devDependencies", "peerDependencies", "optionalDependencies")
Flat = tuple[tuple[str, tuple[str, ...]], ...]


def package(base: Path, path: str, problems: list[Problem]) -> Package | None:
    """Read one package.json; what cannot be read is a problem in the report."""
    try:
        data = json.loads((base / path).read_bytes())
    except (OSError, ValueError, RecursionError) as error:
        problems.append(Problem(path, getattr(error, "lineno", None), f"is no valid JSON: {error}"))
        return None
    if not isinstance(data, dict):
        problems.append(Problem(path, None, "is no JSON object"))
        return None
    name = data.get("name")
    scripts = data.get("scripts")
    return Package(
        name=name if isinstance(name, str) else None,
        folder=path.rpartition("/")[0],
        exports=subpaths(data["exports"]) if "exports" in data else None,
        imports=subpaths(data.get("imports") or {}),
        mains=tuple(data[key] for key in _MAINS if isinstance(data.get(key), str)),
        dependencies=tuple(sorted(_dependencies(data).items())),
        scripts=tuple(text for text in scripts.values() if isinstance(text, str)) if isinstance(scripts, dict) else (),
    )


def subpaths(exports: Any) -> Flat:
    """Flatten `exports` or `imports`: each subpath pattern with its targets, conditions in order.

    Rule: https://nodejs.org/api/packages.html#package-entry-points

    >>> subpaths({".": {"types": "./a.ts", "default": "./dist/a.js"}, "./*": "./src/*.ts"})
    (('.', ('./a.ts', './dist/a.js')), ('./*', ('./src/*.ts',)))
    """
    if isinstance(exports, dict) and any(key.startswith((".", "#")) for key in exports):
        return tuple((key, tuple(_targets(value))) for key, value in exports.items())
    return ((".", tuple(_targets(exports))),) if exports else ()


def _targets(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        parts = sorted(
            value.items(), key=lambda part: part[0] in _ELSEWHERE
        )  # in order, but for what does not run on a server
        return sorted(
            (target for _, part in parts for target in _targets(part)), key=lambda one: _TYPES.search(one) is not None
        )
    if isinstance(value, list):
        return [target for part in value for target in _targets(part)]
    return []


def _dependencies(data: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key in _DEPENDENCIES:
        part = data.get(key)
        if isinstance(part, dict):
            found.update({name: version for name, version in part.items() if isinstance(version, str)})
    return found
