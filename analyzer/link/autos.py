"""Names that a framework brings in without an import: Nuxt's and Nitro's auto-imports, the database of NuxtHub.

Sources: https://nuxt.com/docs/guide/concepts/auto-imports, https://nitro.build/guide/utils,
https://nuxt.com/docs/guide/going-further/layers, https://hub.nuxt.com/docs/database/query.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from msgspec import Struct

from analyzer.link.values import Constant, Record, Sequence
from analyzer.model import AUTO_IMPORTING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from analyzer.link.evaluate import Evaluator
    from analyzer.link.values import Value
    from analyzer.link.world import Unit

_SERVER = ("server/utils", "shared/utils", "shared/types")
_CLIENT = (
    "composables",
    "utils",
    "stores",
    "app/composables",
    "app/utils",
    "app/stores",
    "shared/utils",
    "shared/types",
)
_HUB = re.compile(r"^(?:hub:db|@nuxthub/db)(?:[:/](schema))?$")
_HUB_SCHEMA = re.compile(r"(?:^|/)server/db/schema(?:\.\w+|/.+)?\.[cm]?[jt]s$")
_CODE = re.compile(r"\.[cm]?[jt]sx?$")


class Scope(Struct, frozen=True):
    """Files below some folders know the exports of others by name; `schemas` are the files of NuxtHub's schema."""

    folders: tuple[str, ...]
    names: Mapping[str, tuple[str, str]]
    schemas: tuple[str, ...] = ()

    def holds(self, path: str) -> bool:
        return any(not folder or path.startswith(f"{folder}/") for folder in self.folders)


class Autos:
    """What is known by name in which folder, without an import; the first scope that fits decides."""

    def __init__(self, scopes: Iterable[Scope] = ()) -> None:
        self._scopes = tuple(scopes)

    def find(self, path: str, name: str) -> tuple[str, str] | None:
        """Return the file, and the name that it exports, which a name means that is bound nowhere."""
        found = (scope.names[name] for scope in self._scopes if name in scope.names and scope.holds(path))
        return next(found, None)

    def hub(self, path: str, source: str, name: str) -> tuple[str, tuple[str, ...]] | None:
        """Return what an export of NuxtHub's database is (`db`, `schema`, or a table's name), and the schema's files.

        An empty `source` asks for a name that is bound nowhere.
        """
        if not self._scopes:
            return None
        match = _HUB.match(source)
        if source and match is None:
            return None
        if not source and name not in {"db", "schema"}:
            return None
        files = next((scope.schemas for scope in self._scopes if scope.schemas and scope.holds(path)), ())
        whole = match is not None and match[1] is not None
        return (name if not whole or name != "*" else "schema", files) if files else None


def autos(units: Mapping[str, Unit], evaluator: Callable[[], Evaluator]) -> Autos:
    """Read the configurations of Nuxt and Nitro in a project, and what their folders export."""
    configs = [(path, match[1]) for path in sorted(units) if (match := AUTO_IMPORTING.search(path))]
    reader = evaluator() if configs else None
    return Autos(scope for path, kind in configs if reader for scope in _scopes(path, kind, reader))


def _scopes(path: str, kind: str, evaluator: Evaluator) -> Iterator[Scope]:
    root = path.rpartition("/")[0]
    config = evaluator.export(path, "default")
    layers = tuple(dict.fromkeys((root, *_layers(root, config, evaluator))))
    nitro = _part(config, "nitro") if kind == "nuxt" else config
    dirs = [posixpath.normpath(posixpath.join(root, text)) for text in _texts(_part(_part(nitro, "imports"), "dirs"))]
    own = _SERVER if kind == "nuxt" else (*_SERVER, "utils")
    schemas = tuple(
        file
        for file in sorted(evaluator.units)
        if _HUB_SCHEMA.search(file) and any(_is_below(file, one) for one in layers)
    )
    below = tuple(_join(layer, "server") for layer in layers) if kind == "nuxt" else layers
    yield Scope(below, _names([_join(layer, part) for layer in layers for part in own] + dirs, evaluator), schemas)
    if kind == "nuxt":
        yield Scope(layers, _names([_join(layer, part) for layer in layers for part in _CLIENT], evaluator))


def _layers(root: str, config: Value, evaluator: Evaluator) -> Iterator[str]:
    extended = _part(config, "extends")
    for text in _texts(extended):
        if text.startswith("."):
            yield _join(root, text)
    inner = _join(root, "layers")
    for path in sorted(evaluator.units):
        if _is_below(path, inner):
            yield f"{inner}/{path[len(inner) + 1 :].partition('/')[0]}"


def _names(folders: Iterable[str], evaluator: Evaluator) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for folder in dict.fromkeys(folders):
        for path in sorted(evaluator.units):
            if not _is_below(path, folder) or not _CODE.search(path):
                continue
            for name in evaluator.names(path):
                found.setdefault(name, (path, name))
            if "default" in evaluator.units[path].exports:
                stem = _CODE.sub("", path.rpartition("/")[2])
                found.setdefault(re.sub(r"[-_](\w)", lambda match: match[1].upper(), stem), (path, "default"))
    return found


def _part(value: Value | None, key: str) -> Value | None:
    return value.entries.get(key) if isinstance(value, Record) else None


def _texts(value: Value | None) -> tuple[str, ...]:
    parts = value.items if isinstance(value, Sequence) else (value,)
    return tuple(part.value for part in parts if isinstance(part, Constant) and isinstance(part.value, str))


def _join(folder: str, part: str) -> str:
    joined = posixpath.normpath(posixpath.join(folder, part))
    return "" if joined == "." else joined


def _is_below(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")
