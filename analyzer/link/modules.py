"""A specifier becomes a path of the tree.

Rules: https://www.typescriptlang.org/docs/handbook/modules/reference.html (module resolution "bundler"), with
workspace packages led to their sources, so that nothing need be installed or built.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from analyzer.link.packages import is_built_in, package_name
from analyzer.model import TsConfig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.model import Package, Project

_EXTENSIONS = (".ts", ".tsx", ".mts", ".cts", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", ".vue", ".svelte", ".astro")
_WRITTEN = {
    ".js": (".ts", ".tsx", ".js", ".jsx", ".d.ts"),
    ".jsx": (".tsx", ".jsx"),
    ".mjs": (".mts", ".mjs", ".d.mts"),
    ".cjs": (".cts", ".cjs", ".d.cts"),
}
_BUILT = re.compile(r"^(?:\./)?(?:dist|build|lib|out|output|es|esm|cjs)/(?:(?:esm|cjs|es|types|src)/)?(.+)$")
_DECLARATION = re.compile(r"\.d\.([mc]?)ts$")
_PACKAGE = re.compile(r"^(?:@[a-z0-9][\w.-]*/)?[a-zA-Z0-9][\w.-]*(?:/|$)")
_ASSET = re.compile(
    r"\.(css|scss|sass|less|styl|svg|png|jpe?g|gif|webp|avif|ico|mp[34]|webm|wav|ogg|woff2?|ttf|otf|eot|json5?|jsonc|ya?ml|toml|mdx?|html?"
    r"|graphql|gql|wasm|node|txt|sql|csv|pdf|glsl|vert|frag|riv|lottie|xml|liquid|hbs|ejs|pem|wav|prompt)(\?.*)?$",
    re.I,
)


_EXTENSION = re.compile(r"(?:\.d)?\.[cm]?[jt]sx?$")
_GENERATED = re.compile(
    r"(?:^|/)\$types$|^\$(?:app|env|service-worker)\b"
)  # SvelteKit makes these, and no table is in them


class Modules:
    """Resolves module specifiers of one project."""

    def __init__(self, project: Project) -> None:
        self.paths = frozenset(file.path for file in project.files)
        self._links = dict(project.links)
        self._packages: dict[str, list[Package]] = {}
        self._by_folder = {package.folder: package for package in project.packages}
        self._versions = {package.folder: dict(package.dependencies) for package in project.packages}
        for package in project.packages:
            if package.name:
                self._packages.setdefault(package.name, []).append(package)
        self._configs: dict[str, list[TsConfig]] = {}
        for config in project.tsconfigs:
            self._configs.setdefault(config.folder, []).append(config)
        self._memo: dict[str, dict[str, str | None]] = {}
        self._named: dict[tuple[int, str | None], dict[str, str | None]] = {}
        self._ours: dict[tuple[str, str], bool] = {}
        self._tails: dict[str, list[str]] = {}
        self._nearest: dict[str, tuple[TsConfig, ...]] = {}

    def add_aliases(self, folder: str, paths: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
        """Let a framework's aliases hold in a folder, behind those of its tsconfig."""
        self._configs.setdefault(folder, []).append(TsConfig(f"{folder}/~framework", folder, None, paths))
        self._memo.clear()
        self._named.clear()
        self._ours.clear()
        self._nearest.clear()

    def resolve(self, specifier: str, importer: str) -> str | None:
        """Return the path that `specifier` means in `importer`, or None when it is not in the tree.

        >>> from analyzer.model import Project, SourceFile
        >>> files = tuple(SourceFile(path, path, "ts", "production") for path in ("db/schema.ts", "db/schema/index.ts", "a.ts"))
        >>> modules = Modules(Project((".",), files, (), (), (), ()))
        >>> modules.resolve("./db/schema", "a.ts")
        'db/schema.ts'
        """
        folder = importer.rpartition("/")[0]
        known = self._memo.get(folder)
        if known is None:
            known = self._memo[folder] = {}
        if specifier not in known:
            known[specifier] = self._resolve(specifier, folder)
        return known[specifier]

    def is_ours(self, specifier: str, importer: str) -> bool:
        """Whether a specifier that leads nowhere was meant to lead into this tree."""
        key = (importer.rpartition("/")[0], specifier)
        if key not in self._ours:
            self._ours[key] = self._is_ours(specifier, *key[:1])
        return self._ours[key]

    def _is_ours(self, specifier: str, folder: str) -> bool:
        if _ASSET.search(specifier) or re.match(r"[a-z-]+:", specifier) or _GENERATED.search(specifier):
            return False
        if specifier.startswith("."):
            return True
        paths = (path for config in self._configs_for(folder) for path in config.paths)
        ours = {pattern for pattern, targets in paths if not all("node_modules/" in target for target in targets)}
        patterns = ours - {"*", "/*"}
        patterned = any(_star(pattern, specifier) is not None for pattern in patterns)
        return patterned or not _PACKAGE.match(specifier) or package_name(specifier) in self._packages

    def is_undeclared(self, specifier: str, importer: str) -> bool:
        """Whether a specifier may be an alias that is told nowhere: no package.json depends on it, and a file is called so."""
        if is_built_in(specifier) or ":" in specifier or not _PACKAGE.match(specifier):
            return False
        tails = {specifier, specifier.partition("/")[2] if specifier.startswith("@") else specifier}  # `@root/schema`
        return any(map(self._is_tail, tails - {""})) and not self.depends(specifier, importer)

    def depends(self, specifier: str, importer: str) -> bool:
        """Whether a package.json from an importer upwards depends on the package of a specifier, or is its own."""
        name, package = package_name(specifier), self.package_of(importer)
        while package is not None:
            versions = self._versions[package.folder]
            if name in versions or f"@types/{name}" in versions or package.name == name:
                return True
            package = self.package_of(package.folder) if package.folder else None
        return False

    def _is_tail(self, specifier: str) -> bool:
        """Whether the path of some file ends so, its extension and `/index` aside."""
        if not self._tails:
            for path in self.paths:
                stem = _stem(path)
                for whole in {stem, stem.removesuffix("/index")}:
                    self._tails.setdefault(whole.rpartition("/")[2], []).append(f"/{whole}")
        return any(tail.endswith(f"/{specifier}") for tail in self._tails.get(specifier.rpartition("/")[2], ()))

    def package_of(self, path: str) -> Package | None:
        """Return the package that a file belongs to."""
        folder = path.rpartition("/")[0]
        while True:
            if folder in self._by_folder:
                return self._by_folder[folder]
            if not folder:
                return None
            folder = folder.rpartition("/")[0]

    def _resolve(self, specifier: str, folder: str) -> str | None:
        specifier = specifier.partition("?")[0]
        if specifier.startswith("."):
            return self.file(_join(folder, specifier))
        package = self.package_of(f"{folder}/x" if folder else "x")
        if len(self._candidates(package_name(specifier), package)) > 1:
            return self._by_name(specifier, folder)  # the nearest one
        scope = id(self._configs_for(folder)), package.folder if package is not None else None
        known = self._named.setdefault(scope, {})
        if specifier not in known:
            known[specifier] = self._by_name(specifier, folder)
        return known[specifier]

    def _by_name(self, specifier: str, folder: str) -> str | None:
        for config in self._configs_for(folder):
            found = self._mapped(specifier, config)
            if found:
                return found
        return self._own_import(specifier, folder) or self._workspace(specifier, folder)

    def file(self, base: str) -> str | None:
        """Return the file that a path without certain extension means: `schema.ts` comes before `schema/index.ts`."""
        for candidate in _candidates(base):
            if candidate in self.paths:
                return candidate
            if self._links and (real := self._real(candidate)) in self.paths:
                return real
        return None

    def _real(self, path: str) -> str:
        """Return a path with the link that it leads through replaced by its target."""
        above = path
        while above and above not in self._links:
            above = above.rpartition("/")[0]
        return _join(self._links[above], path[len(above) + 1 :]) if above else path

    def _configs_for(self, folder: str) -> tuple[TsConfig, ...]:
        if folder not in self._nearest:
            here = sorted(self._configs.get(folder, ()), key=_preference)
            above = self._configs_for(folder.rpartition("/")[0]) if folder else ()
            self._nearest[folder] = (*here, *above) if here else above  # the same one where nothing is nearer
        return self._nearest[folder]

    def _mapped(self, specifier: str, config: TsConfig) -> str | None:
        for target in _matching(config.paths, specifier):
            found = self._source("", target)
            if found:
                return found
        return self.file(_join(config.base, specifier)) if config.base is not None else None

    def _own_import(self, specifier: str, folder: str) -> str | None:
        if not specifier.startswith("#"):
            return None
        package = self.package_of(f"{folder}/x" if folder else "x")
        if package is None:
            return None
        return next(
            (
                found
                for target in _matching(package.imports, specifier)
                if (found := self._source(package.folder, target))
            ),
            None,
        )

    def _workspace(self, specifier: str, folder: str) -> str | None:
        name = package_name(specifier)
        below = specifier[len(name) + 1 :]
        importer = self.package_of(f"{folder}/x" if folder else "x")
        for package in sorted(self._candidates(name, importer), key=lambda package: -_common(package.folder, folder)):
            for target in self._exported(package, below):
                found = self._source(package.folder, target)
                if found:
                    return found
        return None

    def _candidates(self, name: str, importer: Package | None) -> list[Package]:
        version = self._versions[importer.folder].get(name, "") if importer else ""
        linked = re.match(r"(?:file|link|portal):(.*)", version)
        if linked and importer:
            package = self._by_folder.get(_join(importer.folder, linked[1]))
            return [package] if package else self._packages.get(name, [])
        aliased = re.match(r"(?:workspace|npm):(@?[^@]+)@", version)
        return self._packages.get(aliased[1] if aliased else name, [])

    def _exported(self, package: Package, below: str) -> Iterator[str]:
        if package.exports is not None:
            yield from _matching(package.exports, f"./{below}" if below else ".")
        if below:
            yield from (below, f"src/{below}", f"lib/{below}")
        else:
            yield from package.mains
            yield from ("index", "src/index", "lib/index")

    def _source(self, folder: str, target: str) -> str | None:
        """Return the file that a target means, or the source that a built file was made from."""
        found = self.file(_join(folder, target))
        built = _BUILT.match(target)
        if found or not built:
            return found
        return self.file(_join(folder, f"src/{built[1]}")) or self.file(_join(folder, built[1]))


def _candidates(base: str) -> Iterator[str]:
    stem, dot, extension = base.rpartition(".")
    declared = _DECLARATION.search(base)
    if declared:
        yield base[: declared.start()] + f".{declared[1]}ts"
        yield base[: declared.start()] + ".tsx"
    for written in _WRITTEN.get(f".{extension}", ()) if dot else ():
        yield stem + written
    if dot and f".{extension}" in _EXTENSIONS:
        yield base
    for extension in _EXTENSIONS:
        yield base + extension
    for extension in _EXTENSIONS:
        yield f"{base}/index{extension}" if base else f"index{extension}"


def _stem(path: str) -> str:
    found = _EXTENSION.search(path)
    return path[: found.start()] if found else path


def _join(folder: str, target: str) -> str:
    joined = posixpath.normpath(posixpath.join(folder, target))
    return "" if joined == "." else joined


def _star(pattern: str, specifier: str) -> str | None:
    """Return what `*` stands for when the pattern matches.

    >>> _star("~/*", "~/db"), _star("db", "db"), _star("@/*", "~/db")
    ('db', '', None)
    """
    before, star, after = pattern.partition("*")
    if not star:
        return "" if pattern == specifier else None
    fits = specifier.startswith(before) and specifier.endswith(after) and len(specifier) >= len(before) + len(after)
    return specifier[len(before) : len(specifier) - len(after)] if fits else None


def _matching(exports: tuple[tuple[str, tuple[str, ...]], ...], subpath: str) -> Iterator[str]:
    matches = [
        (pattern, targets, star) for pattern, targets in exports if (star := _star(pattern, subpath)) is not None
    ]
    for _, targets, star in sorted(matches, key=lambda match: (match[0] != subpath, -len(match[0].partition("*")[0]))):
        yield from (target.replace("*", star) for target in targets)


def _preference(config: TsConfig) -> tuple[int, str]:
    name = config.path.rpartition("/")[2]
    return {"tsconfig.json": 0, "jsconfig.json": 1}.get(name, 2), name


def _common(left: str, right: str) -> int:
    return len(posixpath.commonpath([left or ".", right or "."]).split("/")) if left and right else 0
