"""What `init` writes: a commented configuration, and the hook's stanza."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analyzer.model import Report

HOOK = """\
# .pre-commit-config.yaml
repos:
  - repo: local
    hooks:
      - id: tabletrace
        name: tabletrace
        entry: tabletrace check
        language: system
        pass_filenames: false
        require_serial: true
        files: \\.(ts|tsx|mts|cts|js|jsx|mjs|cjs|vue|svelte|astro|sql|py|rb|rake|ex|exs|sh|bash|zsh|go|rs|java|kt|kts|scala|groovy|cs|swift|dart|php)$|(^|/)(package|tsconfig[^/]*|jsconfig)\\.json$|(^|/)tabletrace[^/]*\\.(toml|json)$
"""
_TEMPLATE = """\
# tabletrace: every key is optional; what is commented out shows the default or an example.
# Found here: {tables} tables in {schemas}; {unused} unused.

# Folders of the code base; several are several services of one database.
# roots = ["."]

# What is left out altogether, as in an ignore file.
# exclude = ["examples/"]

# Files whose use of a table makes it only dev-only. Each list takes the place of the default.
# test-files = ["**/*.test.*", "**/__tests__/**"]
# script-files = ["**/scripts/**"]

# Files that a program wrote (migrations, introspected schemas): they use nothing.
# generated-files = ["**/*introspect*/**", "**/migrations/**/*.sql"]

# Findings that are accepted, for `tabletrace check`.
# baseline = "tabletrace-baseline.json"

# Tables that no code in this repository uses, and that are to stay: name = "why".
# [keep]
# {example} = "read by the billing job"
"""


def configuration(report: Report) -> str:
    """Return the text of a tabletrace.toml for a project."""
    files = sorted({one.table.file for one in report.judged})
    shown = ", ".join(files[:3]) + (f" and {len(files) - 3} more files" if len(files) > 3 else "")
    example = next((one.table.symbol for one in report.unused), "metrics")
    return _TEMPLATE.format(
        tables=len(report.judged),
        schemas=shown,
        unused=len(report.unused),
        example=json.dumps(example) if not example.isidentifier() else example,
    )
