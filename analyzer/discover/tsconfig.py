"""tsconfig.json: the part that names modules, with `extends` followed.

Rules: https://www.typescriptlang.org/tsconfig/#paths, #baseUrl, #extends. `exclude` and `include` never limit what is scanned.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from analyzer.model import Problem, TsConfig

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from analyzer.model import Package

_CONFIG = re.compile(r"^(ts|js)config[^/]*\.json$|^(?:deno|import_map)\.jsonc?$")


class Configs:
    """Reads the configurations of a tree; what cannot be read is a problem in the report."""

    def __init__(
        self, base: Path, paths: frozenset[str], packages: tuple[Package, ...], problems: list[Problem]
    ) -> None:
        self._base, self._paths, self._problems = base, paths, problems
        self._packages = {package.name: package for package in packages if package.name}
        self._raw: dict[str, dict[str, Any]] = {}

    def all(self) -> tuple[TsConfig, ...]:
        """Return every configuration of the tree that says how modules are named."""
        names = sorted(path for path in self._paths if _CONFIG.match(path.rpartition("/")[2]))
        return tuple(self._config(name) for name in names)

    def _config(self, path: str) -> TsConfig:
        base, paths = self._modules(path, frozenset())
        folder = path.rpartition("/")[0]
        if not paths:
            for reference in self._list(self._read(path).get("references")):
                target = self._reference(folder, reference)
                if target and target.rpartition("/")[0] == folder:
                    base, paths = self._modules(target, frozenset({path}))
                    if paths:
                        break
        return TsConfig(path, folder, base, paths)

    def _modules(self, path: str, above: frozenset[str]) -> tuple[str | None, tuple[tuple[str, tuple[str, ...]], ...]]:
        data, folder = self._read(path), path.rpartition("/")[0]
        base: str | None = None
        paths: tuple[tuple[str, tuple[str, ...]], ...] = ()
        for parent in self._extended(data, folder):
            if parent not in above and parent != path:
                above_base, above_paths = self._modules(parent, above | {path})
                base, paths = above_base if above_base is not None else base, above_paths or paths
        options = data.get("compilerOptions")
        options = options if isinstance(options, dict) else {}
        if isinstance(options.get("baseUrl"), str):
            base = self._join(folder, options["baseUrl"])
        mapped = data.get("imports")  # of deno.json: https://docs.deno.com/runtime/fundamentals/modules/
        if isinstance(mapped, dict) and not options:
            paths = tuple(
                (f"{key}*" if key.endswith("/") else key, (self._join(folder, f"{to}*" if key.endswith("/") else to),))
                for key, to in mapped.items()
                if isinstance(to, str) and to.startswith((".", "/"))
            )
        own = options.get("paths")
        if isinstance(own, dict):
            start = base if base is not None else folder
            paths = tuple(
                (pattern, tuple(self._join(start, target) for target in targets if isinstance(target, str)))
                for pattern, targets in own.items()
                if isinstance(targets, list)
            )
        return base, paths

    def _join(self, folder: str, target: str) -> str:
        target = target.replace("${configDir}", ".")
        joined = posixpath.normpath(posixpath.join(folder, target))
        return "" if joined == "." else joined

    def _extended(self, data: dict[str, Any], folder: str) -> Iterator[str]:
        extends = data.get("extends")
        for target in [extends] if isinstance(extends, str) else self._list(extends):
            if isinstance(target, str):
                found = self._target(folder, target)
                if found:
                    yield found

    def _target(self, folder: str, target: str) -> str | None:
        if target.startswith("."):
            joined = self._join(folder, target)
            return self._first(joined, f"{joined}.json", f"{joined}/tsconfig.json")
        parts = target.split("/")
        count = 2 if target.startswith("@") else 1
        package = self._packages.get("/".join(parts[:count]))
        if package is None:
            return None
        below = "/".join(parts[count:]) or "tsconfig.json"
        exported = [
            target for pattern, targets in package.exports or () if pattern == f"./{below}" for target in targets
        ]
        candidates = (self._join(package.folder, part) for part in (*exported, below, f"{below}.json"))
        return self._first(*candidates)

    def _reference(self, folder: str, reference: Any) -> str | None:
        path = reference.get("path") if isinstance(reference, dict) else None
        if not isinstance(path, str):
            return None
        joined = self._join(folder, path)
        return self._first(joined, f"{joined}/tsconfig.json".lstrip("/"))

    def _first(self, *candidates: str) -> str | None:
        return next((path for path in candidates if path in self._paths), None)

    def _list(self, value: Any) -> list[Any]:
        return value if isinstance(value, list) else []

    def _read(self, path: str) -> dict[str, Any]:
        if path not in self._raw:
            self._raw[path] = self._load(path)
        return self._raw[path]

    def _load(self, path: str) -> dict[str, Any]:
        import pyjson5

        try:
            data = pyjson5.decode((self._base / path).read_text("utf-8-sig"))
        except (OSError, ValueError, pyjson5.Json5Exception) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            self._problems.append(Problem(path, None, f"is no valid tsconfig, so its paths are not known: {reason}"))
            return {}
        return data if isinstance(data, dict) else {}
