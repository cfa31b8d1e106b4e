"""Entry points: files that something outside the code base starts.

Sources: https://nextjs.org/docs/app/api-reference/file-conventions, https://reactrouter.com/how-to/file-route-conventions,
https://svelte.dev/docs/kit/routing, https://nuxt.com/docs/guide/directory-structure, https://docs.astro.build/en/guides/routing/.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from analyzer.model import OTHER_LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analyzer.link.files import Files
    from analyzer.model import Package, Project

_CODE = r"\.(?:[cm]?[jt]sx?|vue|svelte|astro)$"
_NEXT = (
    r"(?:src/)?app/(?:.*/)?(?:page|layout|route|template|loading|error|not-found|default|global-error|sitemap|robots"
    r"|manifest|opengraph-image|twitter-image|icon|apple-icon)|(?:src/)?pages/.*"
    r"|(?:src/)?(?:middleware|proxy|instrumentation|instrumentation-client)"
)
_FRAMEWORKS: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = tuple(
    (names, re.compile(rf"^(?:{pattern}){_CODE}"))
    for names, pattern in (
        (("next",), _NEXT),
        (("nuxt", "nitropack", "nitro"), r"(?:app/)?(?:pages|layouts|plugins|middleware)/.*|(?:app/)?app|server/.*"),
        (("@sveltejs/kit",), r"src/(?:routes/(?:.*/)?\+.*|hooks(?:\.\w+)?|service-worker)"),
        (("astro",), r"src/(?:pages/.*|middleware|actions/.*)"),
        (
            ("@remix-run/react", "@remix-run/node", "react-router", "@react-router/dev", "@tanstack/react-start"),
            r"(?:src|app)/(?:routes/.*|routes|root|router|start|server|client|ssr|entry[.-][\w.-]+)",
        ),
        (("expo-router", "expo"), r"(?:src/)?app/.*"),
        (("@trigger.dev/sdk",), r"(?:src/)?(?:trigger|jobs|tasks)/.*"),
    )
)
_ALWAYS = re.compile(
    r"^(?:(?:src/)?(?:index|main|server|app|start|cli|worker|entry[\w.-]*|lambda)|[\w.-]+\.config|(?:.*/)?[\w-]+\.worker"
    rf"|(?:src/)?(?:workers?|crons?|jobs|functions|lambdas|commands|api)/.*){_CODE}"
)
_CONFIG = re.compile(r"(?:^|/)(next|nuxt|nitro|svelte|astro|remix|react-router)\.config\.[cm]?[jt]s$")
_CONFIGURED = {
    "next": "next",
    "nuxt": "nuxt",
    "nitro": "nuxt",
    "svelte": "@sveltejs",
    "astro": "astro",
    "remix": "@remix",
    "react-router": "@remix",
}
_PAGE = re.compile(
    r"^(?!.*(?:__tests__|__mocks__|\.(?:test|spec|stories)\.))(?:src/)?(?:app/(?:.*/)?(?:page|route|layout)|pages/.*|server/(?:api|routes)/.*"
    r"|routes/(?:.*/)?\+(?:page|layout|server)[\w.]*|app/routes/.*)\.[cm]?[jt]sx?$"
)
_ENDINGS = ("ts", "tsx", "js", "mjs", "cjs", "mts", "cts", "jsx")
_FILE = re.compile(r"[\w./@-]+\.[cm]?[jt]sx?\b")
_BUILT = re.compile(r"^(?:dist|build|lib|out)/(?:(?:esm|cjs|src)/)?")


class Entries:
    """Tells which files are started from outside: by a framework, a package's exports or scripts, a test runner, by hand."""

    def __init__(self, project: Project) -> None:
        self._folders = {package.folder for package in project.packages} | set(_roots(project))
        self._named = {target for package in project.packages for target in _targets(package)}
        self._named |= {
            file.path for file in project.files if file.role in {"test", "script"} or file.language in OTHER_LANGUAGES
        }
        self._frameworks = {package.folder: tuple(_conventions(package)) for package in project.packages}
        for file in project.files:
            match = _CONFIG.search(file.path)
            folder = file.path.rpartition("/")[0]
            if match and folder in self._frameworks:
                named = (pattern for names, pattern in _FRAMEWORKS if names[0].startswith(_CONFIGURED[match[1]]))
                self._frameworks[folder] = tuple(dict.fromkeys((*self._frameworks[folder], *named)))

    def has(self, path: str) -> bool:
        """Whether a file is an entry point."""
        if path in self._named:
            return True
        folder = self._folder(path)
        below = path[len(folder) + 1 :] if folder else path
        conventions: Iterable[re.Pattern[str]] = self._frameworks.get(folder, [pattern for _, pattern in _FRAMEWORKS])
        return bool(_ALWAYS.match(below)) or any(pattern.match(below) for pattern in conventions)

    def is_page(self, path: str) -> bool:
        """Whether a framework serves a file as a page or a route, whatever the folders around it are called."""
        folder = self._folder(path)
        below = path[len(folder) + 1 :] if folder else path
        return bool(_PAGE.match(below)) and any(one.match(below) for one in self._frameworks.get(folder, ()))

    def _folder(self, path: str) -> str:
        folder = path.rpartition("/")[0]
        while folder and folder not in self._folders:
            folder = folder.rpartition("/")[0]
        return folder


def _roots(project: Project) -> Iterable[str]:
    """Return the roots as folders below the one that holds them all."""
    base = posixpath.commonpath(project.roots) if project.roots else ""
    return (posixpath.relpath(root, base) for root in project.roots if root != base)


def started(files: Files) -> set[str]:
    """Return the files that a string of other code names, to be started by it: workers, processes, handlers of functions."""
    folders = sorted({"", *(package.folder for package in files.project.packages)})
    names = {path.rpartition("/")[2].partition(".")[0] for path in files.by_path}
    found: set[str] = set()
    for path, surface in files.surfaces.items():
        here = path.rpartition("/")[0]
        for text in surface.paths if files.roles.get(path) in {"production", "script"} else ():
            stem = text.rpartition(".")[0]
            if stem.rpartition("/")[2].partition(".")[0] not in names:
                continue
            bases = [here] if text.startswith(".") else [here, *folders]
            stems = (posixpath.normpath(posixpath.join(base, stem)) for base in bases)
            candidates = (f"{whole}.{one}" for whole in stems for one in _ENDINGS)
            target = next((one for one in candidates if one in files.by_path and one != path), None)
            if target is not None:
                found.add(target)
    return found


def _conventions(package: Package) -> Iterable[re.Pattern[str]]:
    names = {name for name, _ in package.dependencies}
    return (pattern for wanted, pattern in _FRAMEWORKS if names & set(wanted))


def _targets(package: Package) -> Iterable[str]:
    named = [target for _, targets in package.exports or () for target in targets] + list(package.mains)
    named += [match for script in package.scripts for match in _FILE.findall(script)]
    for target in named:
        below = posixpath.normpath(target)
        for candidate in (below, "src/" + _BUILT.sub("", below)):
            stem = re.sub(r"(\.d)?\.[cm]?[jt]sx?$", "", posixpath.join(package.folder, candidate))
            yield from (posixpath.join(package.folder, candidate), f"{stem}.ts", f"{stem}.tsx", f"{stem}.js")
