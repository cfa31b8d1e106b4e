"""Module aliases that a framework sets, not tsconfig.

Sources: https://svelte.dev/docs/kit/configuration#alias and #files, https://nuxt.com/docs/api/nuxt-config#alias.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from analyzer.link.values import Constant, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from analyzer.link.evaluate import Evaluator
    from analyzer.model import Project

SVELTE = re.compile(r"(^|/)svelte\.config\.[cm]?[jt]s$")
_NUXT = re.compile(r"(^|/)nuxt\.config\.[cm]?[jt]s$")
Paths = tuple[tuple[str, tuple[str, ...]], ...]


def aliases(evaluator: Callable[[], Evaluator], project: Project) -> Iterator[tuple[str, Paths]]:
    """Yield each folder with a framework's configuration, and the patterns that it makes of module names."""
    paths = {file.path for file in project.files}
    configured = {path.rpartition("/")[0] for path in paths if SVELTE.search(path)}
    for package in project.packages:
        if package.folder not in configured and any(name == "@sveltejs/kit" for name, _ in package.dependencies):
            yield package.folder, tuple(_below(package.folder, "$lib", "src/lib"))
    for path in sorted(paths):
        folder = path.rpartition("/")[0]
        if SVELTE.search(path):
            yield folder, tuple(_svelte(evaluator(), path, folder))
        elif _NUXT.search(path):
            source = "app" if any(one.startswith(posixpath.join(folder, "app/")) for one in paths) else "."
            yield folder, tuple(_nuxt(folder, source))


def _svelte(evaluator: Evaluator, path: str, folder: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    kit = _part(evaluator.export(path, "default"), "kit")
    alias = _part(kit, "alias")
    found = {"$lib": "src/lib"}
    for key, value in alias.entries.items() if alias else ():
        if isinstance(value, Constant) and isinstance(value.value, str):
            found[key] = value.value
    for key, target in found.items():
        yield from _below(folder, key, target)


def _below(folder: str, key: str, target: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    joined = posixpath.normpath(posixpath.join(folder, target))
    yield key, (joined,)
    if not key.endswith("*"):
        yield f"{key}/*", (f"{joined}/*",)


def _nuxt(folder: str, source: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    inner = posixpath.normpath(posixpath.join(folder, source))
    outer = folder or "."
    for prefix in ("~", "@"):
        yield f"{prefix}/*", (posixpath.normpath(f"{inner}/*"), posixpath.normpath(f"{outer}/*"))
        yield f"{prefix}{prefix}/*", (posixpath.normpath(f"{outer}/*"),)
    for part in ("shared", "server"):
        yield f"#{part}/*", (posixpath.normpath(f"{outer}/{part}/*"),)


def _part(value: object, key: str) -> Record | None:
    part = value.entries.get(key) if isinstance(value, Record) else None
    return part if isinstance(part, Record) else None
