"""Documents that are made from the program: query files' headers, help texts, README's blocks.

`python -m tests.documentation` writes them; the tests compare.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

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


PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def main() -> None:
    """Write every document that is made."""
    (ROOT / "docs" / "queries.md").write_text(queries_page(), "utf8")
    for page in PAGES:
        page.write_text(with_outputs(page.read_text("utf8")), "utf8")


if __name__ == "__main__":
    main()
