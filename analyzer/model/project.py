"""What lies on disk: files, and how modules are named in them."""

from __future__ import annotations

import re
from typing import Literal as OneOf
from typing import TypeAlias

from msgspec import Struct

from analyzer.model.schema import Role
from analyzer.model.usage import Problem

Language: TypeAlias = OneOf["ts", "tsx", "js", "vue", "sql", "hash", "slash", "php"]
OTHER_LANGUAGES: frozenset[Language] = frozenset(["hash", "slash", "php"])  # by what begins their comments
AUTO_IMPORTING = re.compile(
    r"(?:^|/)(nuxt|nitro)\.config\.[cm]?[jt]s$"
)  # of frameworks that bring names in without an import


class SourceFile(Struct, frozen=True):
    """A file to read: its path below the root (with `/`), where it is on disk, its language, role and size in bytes."""

    path: str
    location: str
    language: Language
    role: Role
    size: int = 0


class TsConfig(Struct, frozen=True):
    """The part of a tsconfig.json that names modules; paths are below the root.

    `paths` maps a pattern with at most one `*` to its targets; `base` is the folder of `baseUrl`.
    """

    path: str
    folder: str
    base: str | None
    paths: tuple[tuple[str, tuple[str, ...]], ...]


class Package(Struct, frozen=True):
    """A package.json of the tree: its name, folder and what it exports (subpath pattern to targets)."""

    name: str | None
    folder: str
    exports: tuple[tuple[str, tuple[str, ...]], ...] | None
    imports: tuple[tuple[str, tuple[str, ...]], ...]
    mains: tuple[str, ...]
    dependencies: tuple[tuple[str, str], ...]
    scripts: tuple[str, ...]


class Unread(Struct, frozen=True):
    """A file or a folder that is there and could not be read, and why."""

    path: str
    role: Role
    reason: str


class Project(Struct, frozen=True):
    """A code base on disk: its files, the configurations that name modules, and what could not be read.

    `links` are symbolic links within it: the path of each, and the path that it leads to.
    """

    roots: tuple[str, ...]
    files: tuple[SourceFile, ...]
    tsconfigs: tuple[TsConfig, ...]
    packages: tuple[Package, ...]
    ignored: tuple[SourceFile, ...]
    problems: tuple[Problem, ...]
    links: tuple[tuple[str, str], ...] = ()
    unread: tuple[Unread, ...] = ()
