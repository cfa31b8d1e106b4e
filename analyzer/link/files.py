"""Every file of a project by what its bytes say: which modules it names, and which files name it."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from msgspec.structs import replace

from analyzer.link.entries import Entries, started
from analyzer.link.modules import Modules
from analyzer.link.packages import is_built_in, is_of_another_store, package_name
from analyzer.model import LinkedFile, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from analyzer.model import Project, Role, SourceFile, Specifier, Surface

STAR = ("*",)
_MADE = re.compile(r"#(?:imports|components|app|build|auth|internal)\b|~icons/")  # modules that a framework makes
Taken = tuple[str, tuple[str, ...] | None]


class Files:
    """The files of a project that could be read; `surfaces` maps the path of each to its surface."""

    def __init__(self, project: Project, surfaces: Mapping[str, Surface]) -> None:
        self.project = replace(project, files=tuple(file for file in project.files if file.path in surfaces))
        self.surfaces = surfaces
        self.modules = Modules(self.project)
        self.asked: dict[str, set[str]] = defaultdict(set)  # the exports of each file that were asked for, by name
        self._exporters: dict[tuple[str, str], str | None] = {}
        self.by_path: dict[str, SourceFile] = {file.path: file for file in self.project.files}

    @cached_property
    def named(self) -> Mapping[str, tuple[tuple[Specifier, str | None], ...]]:
        """The modules that each file names, with the path that each leads to."""
        resolve = self.modules.resolve
        return {
            path: tuple((one, resolve(one.source, path)) for one in self.surfaces[path].specifiers)
            for path in self.by_path
        }

    @cached_property
    def importers(self) -> Mapping[str, list[Taken]]:
        """The files that name each file, with what they take from it (None for any of it), by path."""
        found: dict[str, list[Taken]] = defaultdict(list)
        for path in self.by_path:
            for one, target in self.named[path]:
                if target is not None and target != path:
                    found[target].append((path, one.names))
        return found

    def add_aliases(self, folder: str, paths: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
        """Let a framework's aliases hold in a folder."""
        self.modules.add_aliases(folder, paths)
        self._exporters.clear()
        for found in ("named", "importers", "missing"):
            self.__dict__.pop(found, None)

    def exporter(self, path: str, name: str) -> str | None:
        """Return the file that gives what a file exports under a name, by stars if need be; None where there is none."""
        if (path, name) not in self._exporters:
            self._exporters[path, name] = self._exporter(path, name)
        return self._exporters[path, name]

    def _exporter(self, path: str, name: str) -> str | None:
        seen, queue = {path}, [path]
        while queue:
            here = queue.pop(0)
            self.asked[here].add(name)
            exports = self.surfaces[here].exports
            if exports is None or name in exports:
                return here
            for one, target in self.named[here]:
                if target is not None and one.names == STAR and target not in seen:
                    seen.add(target)
                    queue.append(target)
        return None

    def foreign(self, path: str) -> frozenset[str]:
        """Return the modules that a file names and that no table can come from.

        They are of the platform, or of dependencies that are not in the tree, Drizzle aside.
        """
        named = {one.source for one, target in self.named[path] if target is None and "drizzle" not in one.source}
        return frozenset(source for source in named if self._is_foreign(source, path))

    def _is_foreign(self, source: str, path: str) -> bool:
        modules = self.modules
        if source.startswith(".") or modules.is_ours(source, path):
            return False
        return is_built_in(source) or modules.depends(source, path)

    def stands_alone(self, path: str) -> bool:
        """Whether what is said of the strings of a file depends on them alone: no other file mounts it, and it asks no other store."""
        mounted = any("mounts" in self.surfaces[importer].traits for importer, _ in self.importers.get(path, ()))
        return not mounted and not any(is_of_another_store(one.source) for one in self.surfaces[path].specifiers)

    def packages(self) -> Iterator[str]:
        """Yield the names of the packages that are imported and are not in the tree."""
        for path in self.by_path:
            for one, target in self.named[path]:
                if target is None and one.source[:1] not in {".", "/", "#", ""}:
                    yield package_name(one.source)

    @cached_property
    def missing(self) -> tuple[Taken, ...]:
        """The files that name a module which is not there and should be, with what they take from it."""
        return tuple(
            (path, one.names)
            for path in self.by_path
            for one, target in self.named[path]
            if target is None
            and (self.modules.is_ours(one.source, path) or self.modules.is_undeclared(one.source, path))
        )

    @cached_property
    def roles(self) -> Mapping[str, Role]:
        """The role of each file: one that live code imports is production, whatever its name."""
        live = self._live()
        return {path: "production" if path in live else file.role for path, file in self.by_path.items()}

    def _live(self) -> set[str]:
        """Return the files that are no production by their names, and are all the same: production code imports them.

        A pulled schema that is used is the live one; a page below `tests/` is a page, and `commands/migrate.ts` a command.
        """
        roles = {path: file.role for path, file in self.by_path.items()}
        entries = Entries(self.project)
        pages = {path for path, role in roles.items() if role in {"test", "script"} and entries.is_page(path)}
        queue = sorted(pages | {path for path, role in roles.items() if role == "production"})
        seen = set(queue)
        while queue:
            path = queue.pop()
            promoted = {"generated", "script", "test"} if path in pages else {"generated", "script"}
            for one, target in self.named[path]:
                if target is None or one.type_only:
                    continue
                if target not in seen and roles[target] in promoted:
                    pages |= {target} if roles[target] == "test" else set()
                    seen.add(target)
                    queue.append(target)
        return {path for path in seen if roles[path] != "production"}.union(self._read(seen))

    def _read(self, paths: set[str]) -> Iterator[str]:
        """Yield the scripts of SQL that some files name to be read: beside them, from their package or the root, or the only one called so."""
        scripts = [path for path, file in self.by_path.items() if file.language == "sql" and file.role == "script"]
        for path in paths if scripts else ():
            package = self.modules.package_of(path)
            home = package.folder if package is not None else ""
            surface = self.surfaces[path]
            for text in (*surface.paths, *(one.source.partition("?")[0] for one in surface.specifiers)):
                if text.endswith(".sql"):
                    yield from _meant(text, (path.rpartition("/")[0], home, ""), scripts)

    def linked(self) -> Iterator[LinkedFile]:
        """Yield every file with those that it imports, and whether something outside the code base starts it."""
        entries, named = Entries(self.project), started(self)
        for path in sorted(self.by_path):
            imports = tuple(sorted({target for one, target in self.named[path] if target and not one.type_only}))
            yield LinkedFile(path, self.roles[path], imports, path in named or entries.has(path))

    def strays(self) -> Iterator[Problem]:
        """Yield the imports that were meant to lead into the tree and lead nowhere; types aside, which cost nothing."""
        for path in sorted(self.by_path):
            told: set[str] = set()
            for one, target in self.named[path] if self.roles[path] != "generated" else ():
                if target is not None or one.type_only or one.source in told:
                    continue
                if self.modules.is_ours(one.source, path) and not _MADE.match(one.source):
                    told.add(one.source)
                    yield Problem(path, one.line, f"imports {one.source!r}, which leads nowhere")


def _meant(text: str, folders: tuple[str, ...], files: list[str]) -> list[str]:
    """Return the files that a path may mean: in the first folder that has it, else those in the folders, or a single one, that ends so.

    >>> _meant("a.sql", ("src", ""), ["src/q/a.sql", "old/a.sql"]), _meant("a.sql", ("src",), ["src/a.sql", "src/q/a.sql"])
    (['src/q/a.sql'], ['src/a.sql'])
    """
    for folder in folders:
        if (whole := posixpath.normpath(posixpath.join(folder, text))) in files:
            return [whole]
    tail = "/" + posixpath.normpath(text).replace("../", "").lstrip("/")
    found = [path for path in files if f"/{path}".endswith(tail)]
    near = [path for path in found if folders[0] and path.startswith(f"{folders[0]}/")]
    near = near or [path for path in found if len(folders) > 1 and folders[1] and path.startswith(f"{folders[1]}/")]
    return near or (found if len(found) == 1 else [])


def wanted(project: Project, surfaces: Mapping[str, Surface]) -> tuple[SourceFile, ...]:
    """Return the ignored files that files of the project import: code reaches them, so they are to be read as well."""
    if not project.ignored:
        return ()
    modules = Modules(replace(project, files=(*project.files, *project.ignored)))
    targets = {modules.resolve(one.source, path) for path, found in surfaces.items() for one in found.specifiers}
    return tuple(file for file in project.ignored if file.path in targets)
