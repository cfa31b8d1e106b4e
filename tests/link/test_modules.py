"""A specifier becomes a path."""

from __future__ import annotations

import pytest

from analyzer.link.modules import Modules
from analyzer.model import Package, Project, SourceFile, TsConfig

PATHS = (
    "src/db/schema.ts", "src/db/schema/index.ts", "src/db/schema/auth.ts", "src/db/index.ts", "src/a.ts", "src/b.js", "src/c.mts",
    "src/d.d.ts", "src/view.vue", "root.ts", "packages/db/src/index.ts", "packages/db/src/schema.ts", "packages/db/src/tables/x.ts",
    "packages/plain/index.ts", "packages/plain/schema.ts", "packages/app/src/main.ts", "packages/app/src/env.ts", "tilde/env.ts",
)  # fmt: skip


def package(
    name: str, folder: str, exports: tuple[tuple[str, tuple[str, ...]], ...] | None = None, **more: object
) -> Package:
    parts: dict[str, object] = {"imports": (), "mains": (), "dependencies": (), "scripts": (), **more}
    return Package(name=name, folder=folder, exports=exports, **parts)  # type: ignore[arg-type]


PROJECT = Project(
    roots=(".",),
    files=tuple(SourceFile(path, path, "ts", "production") for path in PATHS),
    tsconfigs=(
        TsConfig(
            "tsconfig.json", "", "", (("~/*", ("src/*",)), ("~/env", ("tilde/env.ts",)), ("@db", ("src/db/index.ts",)))
        ),
        TsConfig("packages/app/tsconfig.json", "packages/app", None, (("@/*", ("packages/app/src/*",)),)),
    ),
    packages=(
        package("root", ""),
        package(
            "@acme/db",
            "packages/db",
            ((".", ("./dist/index.js",)), ("./schema", ("./src/schema.ts",)), ("./tables/*", ("./src/tables/*.ts",))),
        ),
        package("plain", "packages/plain"),
        package(
            "app",
            "packages/app",
            imports=(("#env", ("./src/env.ts",)),),
            dependencies=(("aliased", "workspace:@acme/db@*"),),
        ),
    ),
    ignored=("src/generated.ts",),
    problems=(),
)


@pytest.mark.parametrize(
    ("specifier", "importer", "path"),
    [
        ("./db/schema", "src/a.ts", "src/db/schema.ts"),
        ("./db/schema/index", "src/a.ts", "src/db/schema/index.ts"),
        ("../schema", "src/db/schema/auth.ts", "src/db/schema.ts"),
        ("./db", "src/a.ts", "src/db/index.ts"),
        (".", "src/db/schema.ts", "src/db/index.ts"),
        ("./", "src/db/schema.ts", "src/db/index.ts"),
        ("..", "src/db/schema/auth.ts", "src/db/index.ts"),
        ("./a.js", "src/b.js", "src/a.ts"),
        ("./b.js", "src/a.ts", "src/b.js"),
        ("./c.mjs", "src/a.ts", "src/c.mts"),
        ("./a.ts", "src/b.js", "src/a.ts"),
        ("./d", "src/a.ts", "src/d.d.ts"),
        ("./view.vue", "src/a.ts", "src/view.vue"),
        ("./view.vue?raw", "src/a.ts", "src/view.vue"),
        ("~/db/schema", "src/a.ts", "src/db/schema.ts"),
        ("~/../root", "src/a.ts", "root.ts"),
        ("~/env", "src/a.ts", "tilde/env.ts"),
        ("@db", "src/a.ts", "src/db/index.ts"),
        ("src/a", "src/b.js", "src/a.ts"),
        ("@/env", "packages/app/src/main.ts", "packages/app/src/env.ts"),
        ("~/a", "packages/app/src/main.ts", "src/a.ts"),
        ("#env", "packages/app/src/main.ts", "packages/app/src/env.ts"),
        ("@acme/db", "src/a.ts", "packages/db/src/index.ts"),
        ("@acme/db/schema", "src/a.ts", "packages/db/src/schema.ts"),
        ("@acme/db/tables/x", "src/a.ts", "packages/db/src/tables/x.ts"),
        ("plain/schema", "src/a.ts", "packages/plain/schema.ts"),
        ("plain", "src/a.ts", "packages/plain/index.ts"),
        ("aliased/schema", "packages/app/src/main.ts", "packages/db/src/schema.ts"),
        ("react", "src/a.ts", None),
        ("./nowhere", "src/a.ts", None),
        ("../../../outside", "src/a.ts", None),
    ],
)
def test_resolve(specifier: str, importer: str, path: str | None) -> None:
    assert Modules(PROJECT).resolve(specifier, importer) == path


@pytest.mark.parametrize(
    ("specifier", "ours"),
    [
        ("./gone", True),
        ("~/gone", True),
        ("@acme/db/gone", True),
        ("react", False),
        ("./a.css", False),
        ("node:fs", False),
    ],
)
def test_what_leads_nowhere_is_ours_or_not(specifier: str, ours: bool) -> None:
    assert Modules(PROJECT).is_ours(specifier, "src/a.ts") is ours
