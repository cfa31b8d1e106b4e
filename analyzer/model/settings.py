"""What the user asked for."""

from __future__ import annotations

from msgspec import Struct

TEST_GLOBS = (
    "**/__tests__/**",
    "**/__mocks__/**",
    "**/__fixtures__/**",
    "**/test/**",
    "**/tests/**",
    "**/e2e/**",
    "**/spec/**",
    "**/specs/**",
    "**/cypress/**",
    "**/playwright/**",
    "**/fixture/**",
    "**/fixtures/**",
    "**/test-utils/**",
    "**/testing/**",
    "**/*.test.*",
    "**/*.spec.*",
    "**/*.e2e.*",
    "**/*.e2e-spec.*",
    "**/*.cy.*",
    "**/*.stories.*",
    "**/*.bench.*",
    "**/test-*.*",
    "**/*-test.*",
    "**/*-tests.*",
    "**/test_*.py",
    "**/*_test.py",
    "**/*_test.go",
    "**/*_spec.rb",
    "**/*_test.rb",
    "**/*_test.exs",
    "**/*Test.java",
    "**/*Test.kt",
    "**/*Tests.cs",
    "**/*Test.php",
    "**/conftest.py",
    "**/jest.*",
    "**/vitest.*",
    "**/vitest-*.*",
    "**/playwright.*",
)
SCRIPT_GLOBS = (
    "**/script/**",
    "**/scripts/**",
    "**/bin/**",
    "**/seed/**",
    "**/seeds/**",
    "**/seeder/**",
    "**/seeders/**",
    "**/seeding/**",
    "**/migration/**",
    "**/migrations/**",
    "**/seed.*",
    "**/seed-*.*",
    "**/migrate.*",
    "**/migrate-*.*",
    "**/backfill*.*",
    "**/*.sql",
    "**/*.sh",
    "**/*.bash",
    "**/*.zsh",
    "**/db/migrate/*.rb",
    "**/alembic/**/*.py",
    "/check-*.*",
    "/debug-*.*",
    "/fix-*.*",
)
GENERATED_GLOBS = ("**/*introspect*/**", "**/migrations/**/*.sql", "**/*.d.ts", "**/*.d.mts", "**/*.d.cts")


class KeepRule(Struct, frozen=True):
    """A table that is kept by configuration: its symbol or physical name, and why."""

    table: str
    reason: str


class Settings(Struct, frozen=True):
    """One run's settings; globs are those of ignore files, relative to the root."""

    roots: tuple[str, ...] = (".",)
    exclude: tuple[str, ...] = ()
    test_files: tuple[str, ...] = TEST_GLOBS
    script_files: tuple[str, ...] = SCRIPT_GLOBS
    generated_files: tuple[str, ...] = GENERATED_GLOBS
    keep: tuple[KeepRule, ...] = ()
    respect_gitignore: bool = True
    columns: bool = False
    jobs: int = 0
    prefilter: bool = True
    cache: str | None = None
    baseline: str = "tabletrace-baseline.json"
