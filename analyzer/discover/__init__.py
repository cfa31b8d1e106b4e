"""The code base on disk: its files with their roles, and the configurations that name modules. The only directory walk."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer.discover.packages import package
from analyzer.discover.roles import Roles
from analyzer.discover.tsconfig import Configs
from analyzer.discover.walk import OTHERS, Walk
from analyzer.model import OTHER_LANGUAGES, AnalyzerError, Language, Project, Settings, SourceFile, Unread

if TYPE_CHECKING:
    from collections.abc import Iterator

_LANGUAGES: dict[str, Language] = {
    ".ts": "ts",
    ".mts": "ts",
    ".cts": "ts",
    ".tsx": "tsx",
    ".js": "js",
    ".jsx": "js",
    ".mjs": "js",
    ".cjs": "js",
    ".vue": "vue",
    ".svelte": "vue",
    ".astro": "vue",
    ".sql": "sql",
    **OTHERS,
}
_MANAGED = re.compile(
    r"(?:^|/)(?:vendor/[\w-]+\.[\w.-]+|site-packages)/"
)  # what package managers of Go and Python put there


def project(settings: Settings) -> Project:
    """Walk the roots and return what is there; a root that is no folder is an `AnalyzerError`."""
    roots = tuple(_root(root) for root in settings.roots)
    base = roots[0] if len(roots) == 1 else Path(os.path.commonpath(roots))
    walk = Walk(base, settings)
    for root in roots:
        walk.add(root)
    roles = Roles(settings, walk.paths)
    files = tuple(_sources(base, walk.paths, roles))
    packages = [
        package(base, path, walk.problems) for path in sorted(walk.paths) if path.rpartition("/")[2] == "package.json"
    ]
    found = tuple(entry for entry in packages if entry is not None)
    configs = Configs(base, frozenset(walk.paths), found, walk.problems)
    return Project(
        roots=tuple(str(root) for root in roots),
        files=files,
        tsconfigs=configs.all(),
        packages=found,
        ignored=tuple(_sources(base, walk.ignored, roles)),
        problems=tuple(walk.problems),
        links=tuple(sorted(walk.links.items())),
        unread=tuple(Unread(path, roles.of(f"{path}/"), reason) for path, reason in sorted(walk.unread.items())),
    )


def _sources(base: Path, paths: dict[str, int], roles: Roles) -> Iterator[SourceFile]:
    composed = tuple(path.removesuffix("autoload.php") for path in paths if f"/{path}".endswith("/vendor/autoload.php"))
    for path, size in sorted(paths.items()):
        language = _LANGUAGES.get(os.path.splitext(path)[1].lower())
        managed = language in OTHER_LANGUAGES and (_MANAGED.search(path) or path.startswith(composed))
        if language is not None and not managed:
            yield SourceFile(path, os.path.join(base, path), language, roles.of(path), size)


def _root(root: str) -> Path:
    path = Path(root)
    if path.is_dir():
        return path.resolve()
    state = "is a file" if path.exists() else "does not exist"
    raise AnalyzerError(f"The root {root!r} {state}: give the folder of the code base.")
