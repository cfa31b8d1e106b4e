"""The directory walk: ignore files honoured, links noted and not followed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer.model import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pathspec import GitIgnoreSpec

    from analyzer.model import Settings

SKIPPED_FOLDERS = frozenset(
    {
        ".git",
        ".hg",
        ".svn",
        "node_modules",
        ".next",
        ".nuxt",
        ".output",
        ".svelte-kit",
        ".turbo",
        ".vercel",
        ".wrangler",
        ".open-next",
        ".yarn",
        ".pnpm-store",
        ".venv",
        "__pycache__",
        ".tabletrace_cache",
        "dist",
    }
)


class Walk:
    """Collects the files below some roots, as paths relative to a base, with `/`."""

    def __init__(self, base: Path, settings: Settings) -> None:
        from pathspec import GitIgnoreSpec

        self._base = base
        self._gitignore = settings.respect_gitignore
        self._excluded = GitIgnoreSpec.from_lines(settings.exclude)
        self.paths: set[str] = set()
        self.ignored: set[str] = set()
        self.links: dict[str, str] = {}
        self.problems: list[Problem] = []

    def add(self, root: Path) -> None:
        """Add everything below one root."""
        self._folder(root, list(self._specs_above(root)))

    def _specs_above(self, root: Path) -> Iterator[tuple[str, GitIgnoreSpec]]:
        for folder in reversed([root, *root.parents][: len(root.parents) + 1]):
            if folder != root and folder.is_relative_to(self._base):
                yield from self._spec(folder)

    def _spec(self, folder: Path) -> Iterator[tuple[str, GitIgnoreSpec]]:
        from pathspec import GitIgnoreSpec

        file = folder / ".gitignore"
        if self._gitignore and file.is_file() and not file.is_symlink():
            try:
                lines = file.read_text("utf8", errors="replace").splitlines()
                yield self._relative(folder), GitIgnoreSpec.from_lines(lines)
            except OSError as error:
                self.problems.append(Problem(self._relative(file), None, f"cannot be read: {error.strerror}"))

    def _link(self, path: str, link: Path) -> None:
        """Note where a link leads, if that is below the base; what lies elsewhere is not read."""
        target = Path(os.path.realpath(link))
        if target.is_relative_to(self._base):
            self.links[path] = self._relative(target)

    def _relative(self, path: Path) -> str:
        text = path.relative_to(self._base).as_posix()
        return "" if text == "." else text

    def _folder(self, folder: Path, specs: list[tuple[str, GitIgnoreSpec]], *, ignored: bool = False) -> None:
        specs = [*specs, *self._spec(folder)]
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            self.problems.append(Problem(self._relative(folder), None, f"cannot be read: {error.strerror}"))
            return
        for entry in entries:
            path = self._relative(Path(entry.path))
            if entry.is_symlink():
                self._link(path, Path(entry.path))
                continue
            is_folder = entry.is_dir(follow_symlinks=False)
            if is_folder and entry.name in SKIPPED_FOLDERS:
                continue
            probe = f"{path}/" if is_folder else path
            if self._excluded.match_file(probe):
                continue
            aside = ignored or _ignored(probe, specs)
            if is_folder:
                self._folder(Path(entry.path), specs, ignored=aside)
            elif entry.is_file(follow_symlinks=False):
                (self.ignored if aside else self.paths).add(path)


def _ignored(path: str, specs: list[tuple[str, GitIgnoreSpec]]) -> bool:
    for folder, spec in reversed(specs):
        below = path[len(folder) + 1 :] if folder else path
        verdict = spec.check_file(below).include
        if verdict is not None:
            return verdict
    return False
