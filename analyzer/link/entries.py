"""Entry points: files that something outside the code base starts.

Sources: https://nextjs.org/docs/app/api-reference/file-conventions, https://reactrouter.com/how-to/file-route-conventions,
https://svelte.dev/docs/kit/routing, https://nuxt.com/docs/guide/directory-structure, https://docs.astro.build/en/guides/routing/.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analyzer.model import Package, Project

_EXTENSION = r"\.(?:[cm]?[jt]sx?|vue|svelte|astro)$"
_CONVENTIONS = re.compile(
    r"(?:^|/)(?:"
    r"app/(?:.*/)?(?:page|layout|route|template|loading|error|not-found|default|global-error|sitemap|robots|manifest"
    r"|opengraph-image|twitter-image|icon|apple-icon)"
    r"|pages/.*|server/(?:api|routes|middleware|plugins)/.*|routes/.*|\+(?:page|layout|server|error)(?:\.server)?"
    r"|(?:middleware|proxy|instrumentation|instrumentation-client|hooks(?:\.server|\.client)?|root|entry[.-][\w.-]+)"
    r"|(?:worker|workers|cron|crons|jobs?|tasks|trigger|inngest|functions|commands)/.*"
    r"|(?:index|main|server|app|start|cli|worker)|[\w.-]+\.config|[\w.-]+\.worker|[\w.-]+\.(?:job|task|cron)"
    r")" + _EXTENSION
)
_FILE = re.compile(r"[\w./@-]+\.[cm]?[jt]sx?\b")


def is_entry(path: str, project: Project) -> bool:
    """Whether a file is started from outside: by a framework, a package's exports or scripts, a test runner, or by hand."""
    return bool(_CONVENTIONS.search(path)) or path in _named(project)


_memo: dict[int, frozenset[str]] = {}


def _named(project: Project) -> frozenset[str]:
    key = id(project)
    if key not in _memo:
        _memo.clear()
        outside = {file.path for file in project.files if file.role in {"test", "script"}}
        _memo[key] = frozenset({target for package in project.packages for target in _targets(package)} | outside)
    return _memo[key]


def _targets(package: Package) -> list[str]:
    named = [target for _, targets in package.exports or () for target in targets] + list(package.mains)
    named += [match for script in package.scripts for match in _FILE.findall(script)]
    return [posixpath.normpath(posixpath.join(package.folder, target)) for target in named]
