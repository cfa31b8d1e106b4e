"""Edits at random, as people make them: what is found by a shortcut must be what is found without."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from analyzer import app
from analyzer.model import AnalyzerError, Settings

if TYPE_CHECKING:
    import random
    from pathlib import Path


def outcome(settings: Settings) -> object:
    """Return the report, or the sentence that says why there is none."""
    try:
        return app.analyze(settings)
    except AnalyzerError as error:
        return str(error)


def edit(project: Path, chance: random.Random) -> None:
    """Change something somewhere: a line less or more, here or there, two lines swapped, a file more, less, or under another name."""
    files = sorted(path for path in project.rglob("*") if path.suffix in {".ts", ".tsx", ".json", ".sql"})
    file = chance.choice(files)
    lines = file.read_text("utf8").splitlines(keepends=True)
    match chance.randrange(11):
        case 0 if len(lines) > 1:
            lines.pop(chance.randrange(len(lines)))
            file.write_text("".join(lines), "utf8")
        case 1 if len(lines) > 1:
            left, right = chance.randrange(len(lines)), chance.randrange(len(lines))
            lines[left], lines[right] = lines[right], lines[left]
            file.write_text("".join(lines), "utf8")
        case 2:
            file.with_name(f"copy-{file.name}").write_text("".join(lines), "utf8")
        case 3:
            file.unlink()
        case 4:
            file.rename(file.with_name(f"moved-{file.name}"))
        case 5 | 6 if file.suffix in {".ts", ".tsx"}:
            name, text = (chance.choice(_words(project, chance.choice(files))) for _ in range(2))
            more = chance.choice(
                [f"export const {name} = '{text}';\n", f"run({name}, '{text}');\n", f"db.query.{name};\n"]
            )
            file.write_text("".join([*lines, more]), "utf8")
        case 7 | 8 | 9 if file.suffix in {".ts", ".tsx"}:
            more = chance.choice(["\n", "\n\n", "// more\n", "  console.log('here');\n", "/* more\n*/\n"])
            lines.insert(chance.randrange(len(lines) + 1), more)
            file.write_text("".join(lines), "utf8")
        case _:
            file.write_text("".join([*lines, f"// {chance.random()}\n" if file.suffix != ".json" else "\n"]), "utf8")


def _words(project: Path, file: Path) -> list[str]:
    """Return words of a file that exists; another edit may have removed it."""
    text = file.read_text("utf8") if file.exists() else project.name
    return sorted(set(re.findall(r"[A-Za-z_]\w+", text))) or ["word"]
