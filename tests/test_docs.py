"""What the documents show is what the program does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from analyzer.model import ACTIONS, RULES, STATUSES
from analyzer.settings import KEYS
from tests import documentation

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf8")


@pytest.mark.parametrize("page", documentation.PAGES, ids=lambda page: page.name)
def test_output_blocks_are_real(page: Path) -> None:
    text = page.read_text("utf8")
    assert documentation.with_figures(documentation.with_outputs(text)) == text


def test_readme_shows_output() -> None:
    assert README.count("<!-- output of: ") == 3


def test_queries_page_is_made_from_the_query_files() -> None:
    assert (ROOT / "docs" / "queries.md").read_text("utf8") == documentation.queries_page()


def test_patterns_page_is_made_from_the_claims() -> None:
    assert (ROOT / "docs" / "detection-patterns.md").read_text("utf8") == documentation.patterns_page()


def test_every_rule_is_explained() -> None:
    page = (ROOT / "docs" / "rules.md").read_text("utf8")
    assert [rule.id for rule in RULES if f"## {rule.id} {rule.name}" not in page or rule.severity not in page] == []


def test_every_command_is_in_readme_and_in_help() -> None:
    done = subprocess.run([sys.executable, "-m", "analyzer", "--help"], capture_output=True, text=True, check=True)
    commands = re.findall(r"^  (\w+)  ", done.stdout.partition("Commands:")[2], re.M)
    assert sorted(commands) == sorted(set(re.findall(r"^\| `tabletrace (\w+)", README, re.M)))


def test_ci_runs_the_commands_of_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf8")
    blocks = re.findall(r"```sh\n(.*?)```", README.partition("## Try it, change it")[2], re.S)
    commands = [line for block in blocks for line in block.splitlines()]
    assert len(commands) == 4
    assert [command for command in commands if command not in script] == []


def test_every_word_is_explained() -> None:
    page = (ROOT / "docs" / "statuses.md").read_text("utf8")
    assert [word for word in (*ACTIONS, *STATUSES, *KEYS) if f"`{word}`" not in page] == []


def test_links_lead_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    links = [(page, link) for page in pages for link in re.findall(r"\]\((?!http)([^)#]+)", page.read_text("utf8"))]
    assert links
    assert [(page.name, link) for page, link in links if not (page.parent / link).exists()] == []
