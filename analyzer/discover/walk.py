"""The directory walk: ignore files honoured, links noted and not followed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from analyzer.discover.globs import Globs
from analyzer.model import Problem

if TYPE_CHECKING:
    from analyzer.model import Language, Settings

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


OTHERS: dict[str, Language] = {  # code on the same database
    **dict.fromkeys((".py", ".rb", ".rake", ".ex", ".exs", ".sh", ".bash", ".zsh"), "hash"),
    **dict.fromkeys((".go", ".rs", ".java", ".kt", ".kts", ".scala", ".groovy", ".cs", ".swift", ".dart"), "slash"),
    ".php": "php",
}
READ = (
    ".ts",
    ".tsx",
    ".mts",
    ".cts",
    ".js",
    ".jsx",
    ".mjs",
    ".cjs",
    ".vue",
    ".svelte",
    ".astro",
    ".sql",
    ".json",
    ".jsonc",
    *OTHERS,
)
Rules = tuple[tuple[str, Globs], ...]


class Walk:
    """Collects the files below some roots that are of interest, as paths relative to a base, with `/`, and their sizes."""

    def __init__(self, base: Path, settings: Settings) -> None:
        self._base = str(base)
        self._gitignore = settings.respect_gitignore
        self._excluded = Globs(settings.exclude)
        self.paths: dict[str, int] = {}
        self.ignored: dict[str, int] = {}
        self.links: dict[str, str] = {}
        self.problems: list[Problem] = []
        self.unread: dict[str, str] = {}

    def add(self, root: Path) -> None:
        """Add everything below one root."""
        rules: Rules = ()
        for folder in reversed(root.parents):
            if folder.is_relative_to(self._base):
                rules = (*rules, *self._rules(self._relative(str(folder))))
        self._folder(self._relative(str(root)), rules)

    def _rules(self, folder: str) -> Rules:
        file = os.path.join(self._base, folder, ".gitignore")
        if not self._gitignore or not os.path.isfile(file) or os.path.islink(file):
            return ()
        try:
            return ((folder, Globs(Path(file).read_text("utf8", errors="replace").splitlines())),)
        except OSError as error:
            self.problems.append(Problem(self._relative(file), None, f"cannot be read: {error.strerror}"))
            return ()

    def _link(self, path: str) -> None:
        """Note where a link leads, if that is below the base; what lies elsewhere is not read."""
        target = os.path.realpath(os.path.join(self._base, path))
        if Path(target).is_relative_to(self._base):
            self.links[path] = self._relative(target)

    def _relative(self, path: str) -> str:
        text = os.path.relpath(path, self._base).replace(os.sep, "/")
        return "" if text == "." else text

    def _folder(self, folder: str, rules: Rules, *, ignored: bool = False) -> None:
        try:
            with os.scandir(os.path.join(self._base, folder)) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            if not ignored:
                self.unread[folder] = f"cannot be read: {error.strerror}"
            return
        if any(entry.name == ".gitignore" for entry in entries):
            rules = (*rules, *self._rules(folder))
        for entry in entries:
            path = f"{folder}/{entry.name}" if folder else entry.name
            if entry.is_symlink():
                self._link(path)
            elif entry.is_dir(follow_symlinks=False):
                if entry.name not in SKIPPED_FOLDERS and not self._excluded.verdict(f"{path}/"):
                    self._folder(path, rules, ignored=ignored or _ignored(f"{path}/", rules))
            elif self._is_read(entry, path):
                aside = ignored or _ignored(path, rules)
                (self.ignored if aside else self.paths)[path] = entry.stat(follow_symlinks=False).st_size

    def _is_read(self, entry: os.DirEntry[str], path: str) -> bool:
        read = entry.name.lower().endswith(READ) and entry.is_file(follow_symlinks=False)
        return read and not self._excluded.verdict(path)


def _ignored(path: str, rules: Rules) -> bool:
    for folder, globs in reversed(rules):
        verdict = globs.verdict(path[len(folder) + 1 :] if folder else path)
        if verdict is not None:
            return verdict
    return False
