"""Documents that are made from the program: query files' headers, help texts, README's blocks.

`python -m tests.documentation` writes them; the tests compare.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests import claims

if TYPE_CHECKING:
    from analyzer.model import Report

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "fixtures" / "projects" / "bazaar"
_CAPTURE = re.compile(r"^(@[\w.]+)\s{2,}(.+)$")
_BLOCK = re.compile(r"(<!-- output of: (.+?) -->\n```\w*\n)(.*?)(```)", re.S)


@dataclass(frozen=True)
class QueryDocument:
    """One query file and what its header says."""

    file_name: str
    text: str
    title: str
    summary: str
    matches: tuple[str, ...]
    ignores: tuple[str, ...]
    captures: tuple[str, ...]
    meanings: tuple[str, ...]
    body: str

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.file_name


def query_documents() -> list[QueryDocument]:
    """Return every query file of the checkout, by name."""
    return [_document(path) for path in sorted((ROOT / "queries" / "typescript").glob("*.scm"))]


def _document(path: Path) -> QueryDocument:
    text = path.read_text("utf8")
    header = [line[1:].removeprefix(" ") for line in text.splitlines() if line.startswith(";")]
    body = "\n".join(line for line in text.splitlines() if not line.startswith(";"))
    title, _, summary = header[0].partition(" — ")
    sections: dict[str, list[str]] = {}
    current = ""
    for line in header[1:]:
        if line in {"Matches", "Ignores", "Captures"}:
            current = line
        elif current and line.strip():
            sections.setdefault(current, []).append(line.strip())
    captures = [match for line in sections.get("Captures", ()) if (match := _CAPTURE.match(line))]
    return QueryDocument(
        path.stem, text, title, summary, tuple(sections.get("Matches", ())), tuple(sections.get("Ignores", ())),
        tuple(match[1] for match in captures), tuple(match[2] for match in captures), body,
    )  # fmt: skip


def queries_page() -> str:
    """Return docs/queries.md."""
    parts = [
        "# The queries\n",
        "Made from the headers of `queries/typescript/*.scm` by `just docs`. How to read them: `queries/README.md`.\n",
    ]
    for document in query_documents():
        captures = "\n".join(
            f"| `{name}` | {text} |" for name, text in zip(document.captures, document.meanings, strict=True)
        )
        parts.append(
            f"## {document.title}\n\n{document.summary[0].upper()}{document.summary[1:]}\n\n"
            f"```ts\n"
            + "\n".join(document.matches)
            + "\n```\n\nNot:\n\n```ts\n"
            + "\n".join(document.ignores)
            + "\n```\n\n"
            f"| capture | what it holds |\n|---|---|\n{captures}\n"
        )
    return "\n".join(parts)


def command_output(command: str) -> str:
    """Return what a `tabletrace …` command prints when it is run in the checkout, as a plain terminal of any width shows it."""
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100", "TERM": "dumb"}
    environment.pop("FORCE_COLOR", None)
    words = [sys.executable, "-m", "analyzer", *command.split()[1:]]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def with_outputs(text: str) -> str:
    """Return a document with the output of each named command put in its block."""
    return _BLOCK.sub(lambda match: match[1] + command_output(match[2]) + match[4], text)


_THEMES = {
    "tables": "Declarations of tables",
    "columns": "Columns",
    "schemas": "Schemas and clients",
    "relations": "Relations",
    "modules": "Modules and names",
    "frameworks": "What frameworks bring in",
    "usages": "The query builder, and tables handed on",
    "relational-queries": "Relational queries",
    "raw-sql": "Raw SQL and names in strings",
    "column-usage": "Use of columns",
    "adapters": "Adapters and libraries",
    "ghosts": "Names that nothing provides",
    "look-alikes": "Look-alikes",
    "verdicts": "Verdicts",
}


def patterns_page() -> str:
    """Return docs/detection-patterns.md: every claim as a sentence, with what is expected and the evidence that is found."""
    seen: dict[str, list[str]] = {theme: [] for theme in _THEMES}
    gaps: list[str] = []
    for path in claims.claims():
        claim = claims.read(path)
        sentence = claim.name.removesuffix(".gap").replace("-", " ")
        sentence = f"{sentence[0].upper()}{sentence[1:]}"
        idioms = f" ({', '.join(claim.idioms)})" if claim.idioms else ""
        if claim.gap is not None:
            gaps.append(f"- {sentence}{idioms}: {claim.gap}.")
            continue
        with tempfile.TemporaryDirectory() as folder:
            told = " ".join(f"`{one}`" for one in _evidence(claim, claims.run(claim, Path(folder))))
        seen[path.parent.name].append(
            f"- [{sentence}](../{path.relative_to(ROOT).as_posix()}){idioms}{': ' if told else ''}{told}"
        )
    parts = [
        "# What is seen, with which evidence, and what is not\n",
        f"Made by `just docs` of the {sum(map(len, seen.values())) + len(gaps)} claims in `fixtures/claims`: each is a small code base, and a test. Behind a claim stands "
        "what is found there: action, certainty and, in brackets, the evidence; or the verdict. Letters with a number name idioms of "
        "real code that the claim is an example of.\n",
    ]
    parts += [f"## {title}\n\n" + "\n".join(seen[theme]) + "\n" for theme, title in _THEMES.items()]
    parts.append("## Not seen\n\nClaims that do not hold, each a test that has to fail:\n\n" + "\n".join(gaps) + "\n")
    return "\n".join(parts)


def _evidence(claim: claims.Claim, report: Report) -> list[str]:
    """Return what is found at the places that a claim points to; the verdicts, where it points to none."""
    places = {(one.file, one.line, one.column) for one in claim.expectations if one.line}
    found = [
        f"{usage.statement or usage.action}{' column' if usage.column else ''}, {usage.certainty} ({usage.evidence})"
        for verdict in report.verdicts
        for usage in verdict.usages
        if (usage.file, usage.site.line, usage.site.column) in places
    ]
    found += [f"{one.rule}, a finding" for one in report.ghosts if (one.file, one.site.line, one.site.column) in places]
    whole = [
        one.text
        for one in claim.expectations
        if not one.line and one.text.startswith(("status", "column-status", "finding"))
    ]
    placed = [one.text for one in claim.expectations if one.line]
    return list(dict.fromkeys(found or whole or placed))[:4]


_FIGURES = re.compile(r"(<!-- figures: (\w+) -->\n)(.*?)(<!-- end -->)", re.S)
_COUNTS = ("files", "tables", "false unused", "missed unused", "undetermined", "hit", "missed", "extra")


def with_figures(text: str) -> str:
    """Return a document with the figures of benchmarks/accuracy.json put in its tables."""
    known = json.loads((ROOT / "benchmarks" / "accuracy.json").read_text("utf8"))

    def table(match: re.Match[str]) -> str:
        rows = [
            "| code base (commit) | TypeScript files | tables | false unused | missed unused | undetermined | hits | missed | extra | same action |"
        ]
        rows.append("|---" + "|---:" * 9 + "|")
        for name, one in sorted(known[match[2]].items(), key=lambda item: item[0].lower()):
            counts = " | ".join(str(one[key]) for key in _COUNTS)
            rows.append(f"| {name} | {counts} | {one['same action']} of {one['action']} |")
        return match[1] + "\n".join(rows) + "\n" + match[4]

    return _FIGURES.sub(table, text)


PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def main() -> None:
    """Write every document that is made."""
    (ROOT / "docs" / "queries.md").write_text(queries_page(), "utf8")
    (ROOT / "docs" / "detection-patterns.md").write_text(patterns_page(), "utf8")
    for page in PAGES:
        page.write_text(with_figures(with_outputs(page.read_text("utf8"))), "utf8")


if __name__ == "__main__":
    main()
