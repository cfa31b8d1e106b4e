"""drizzle.config: which files declare a database's tables, and which of its tables and schemas are meant.

Source: https://orm.drizzle.team/docs/drizzle-config-file. drizzle-kit takes what the files *export*: tables, views, enums.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

import pathspec

from analyzer.link.values import Closure, Constant, Record, Sequence, TableRef, Value
from analyzer.model import DrizzleConfig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analyzer.link.evaluate import Evaluator
    from analyzer.model import Dialect

CONFIG = re.compile(r"(^|[/.])(drizzle[\w.-]*|[\w-]+)\.config(\.[\w-]+)*\.[cm]?[jt]s$")
_DIALECTS: dict[str, Dialect] = {
    "postgresql": "postgresql",
    "pg": "postgresql",
    "cockroach": "postgresql",
    "mysql": "mysql",
    "mysql2": "mysql",
    "singlestore": "mysql",
    "sqlite": "sqlite",
    "turso": "sqlite",
    "libsql": "sqlite",
    "better-sqlite": "sqlite",
    "d1": "sqlite",
}
_CODE = re.compile(r"\.[cm]?[jt]sx?$")


def configured(evaluator: Evaluator) -> list[tuple[str, Record]]:
    """Return every drizzle.config with the object that it exports, by path."""
    found: list[tuple[str, Record]] = []
    for path, unit in sorted(evaluator.units.items()):
        kit = any(fact.source == "drizzle-kit" for fact in unit.facts.imports)
        if CONFIG.search(path) and (kit or "drizzle" in path) and "default" in unit.exports:
            value = evaluator.export(path, "default")
            value = evaluator.run(value, [], always=True) if isinstance(value, Closure) else value
            if isinstance(value, Record):
                found.append((path, value))
    return found


def configurations(evaluator: Evaluator) -> tuple[DrizzleConfig, ...]:
    """Return what each drizzle.config says of its database."""
    return tuple(_read(evaluator, path, record) for path, record in configured(evaluator))


def _read(evaluator: Evaluator, path: str, record: Record) -> DrizzleConfig:
    patterns = _strings(record.entries.get("schema"))
    files = _files(evaluator, path, patterns) if patterns else None
    out = _strings(record.entries.get("out"))
    dialect = _strings(record.entries.get("dialect") or record.entries.get("driver"))
    return DrizzleConfig(
        file=path,
        dialect=_DIALECTS.get(dialect[0]) if dialect else None,
        tables=tuple(sorted(set(_exported(evaluator, files)))) if files else None,
        out=_joined(path, out[0]) if out else None,
        tables_filter=_strings(record.entries.get("tablesFilter")),
        schema_filter=_strings(record.entries.get("schemaFilter")),
    )


def _strings(value: Value | None) -> tuple[str, ...] | None:
    """Return a string or an array of them; None when it is not given, or a part cannot be computed."""
    items = value.items if isinstance(value, Sequence) else (value,)
    texts = [item.value for item in items if isinstance(item, Constant) and isinstance(item.value, str)]
    return tuple(texts) if texts and len(texts) == len(items) else None


def _joined(path: str, relative: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), relative)).removeprefix("./")


def _files(evaluator: Evaluator, path: str, patterns: tuple[str, ...]) -> list[str]:
    """Return the files that patterns name, from the folder of the configuration, or one above it where they lead nowhere."""
    folder = posixpath.dirname(path)
    while True:
        names = [posixpath.normpath(posixpath.join(folder, pattern)) for pattern in patterns]
        lines = [line for name in names for line in (f"/{name}", f"/{name}/*")]
        spec = pathspec.PathSpec.from_lines("gitignore", lines)
        found = [file for file in sorted(evaluator.modules.paths) if _CODE.search(file) and _matches(spec, file, names)]
        if found or not folder:
            return found
        folder = posixpath.dirname(folder)


def _matches(spec: pathspec.PathSpec[Any], file: str, names: list[str]) -> bool:
    """Whether a pattern names a file, or the folder that it lies in; deeper files only by a pattern with stars."""
    deep = any("*" in name for name in names)
    return spec.match_file(file) and (deep or file in names or posixpath.dirname(file) in names)


def _exported(evaluator: Evaluator, files: list[str]) -> Iterator[str]:
    for file in files:
        for name in evaluator.names(file) if file in evaluator.units else ():
            value = evaluator.export(file, name)
            if isinstance(value, TableRef) and value.id in evaluator.declared:
                yield value.id
