"""The command line: what a person types, sees and gets back as exit status."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

SCHEMA = 'import { pgTable, text } from "drizzle-orm/pg-core";\nexport const users = pgTable("app_users", { name: text() });\n'
USE = 'import { users } from "./schema";\nexport const list = (db) => db.select().from(users);\n'

BAD = [
    (("scan", "nowhere"), "The root 'nowhere' does not exist"),
    (("scan", "file.txt"), "The root 'file.txt' is a file"),
    (("scan", "empty"), "No Drizzle table is declared below empty"),
    (("scan", "--no-such-option"), "No such option: --no-such-option"),
    (("scan", "-f", "yaml"), "'yaml' is not one of 'text', 'json'"),
    (("explain", "user", "--root", "app"), "No table is called 'user': did you mean users"),
    (("scan", "app", "--config", "none.toml"), "The configuration 'none.toml' does not exist"),
    (("scan", "two"), "There are two configurations, in tabletrace.toml and package.json"),
    (("scan", "unknown"), "has an unknown key 'excludes': the keys are roots, exclude"),
    (("scan", "wrong"), "The key 'exclude' of tabletrace.toml takes a list of strings"),
    (("scan", "broken"), "The configuration tabletrace.toml cannot be read"),
    (("check", "app", "--baseline", "none.json"), "The baseline none.json does not exist"),
    (("check", "app", "--baseline", "bad.json"), "The baseline bad.json is malformed"),
    (("scan", "app", "-o", "no/such/folder/out.txt"), "The report cannot be written to 'no/such/folder/out.txt'"),
    (("graph", "app", "--focus", "nothing"), "No table is called 'nothing'"),
]


@pytest.fixture
def place(tree: Callable[..., Path]) -> Path:
    return tree(
        {
            "app/schema.ts": SCHEMA,
            "app/use.ts": USE,
            "empty/a.ts": "export const a = 1;\n",
            "file.txt": "x",
            "two/tabletrace.toml": "",
            "two/package.json": '{"tabletrace": {}}',
            "unknown/tabletrace.toml": "excludes = []\n",
            "wrong/tabletrace.toml": 'exclude = "a"\n',
            "broken/tabletrace.toml": "exclude = [\n",
            "bad.json": '{"findings": [{"rule": "TT001"}]}',
        }
    )


@pytest.mark.parametrize(("words", "sentence"), BAD, ids=[" ".join(words) for words, _ in BAD])
def test_a_bad_request_is_one_sentence_and_status_2(
    words: tuple[str, ...], sentence: str, place: Path, tabletrace: Callable[..., CompletedProcess[str]]
) -> None:
    done = tabletrace(*words, cwd=place)
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""
    assert done.returncode == 2


def test_used_tables_are_no_finding(place: Path, tabletrace: Callable[..., CompletedProcess[str]]) -> None:
    for command in ("scan", "unused", "check"):
        assert tabletrace(command, "app", cwd=place).returncode == 0


def test_findings_are_status_1_unless_told_otherwise(
    tree: Callable[..., Path], tabletrace: Callable[..., CompletedProcess[str]]
) -> None:
    folder = tree({"schema.ts": SCHEMA})
    for command in ("scan", "unused", "check"):
        assert tabletrace(command, cwd=folder).returncode == 1
        assert tabletrace(command, "--exit-zero", cwd=folder).returncode == 0


def test_an_unused_column_fails_unused_alone(place: Path, tabletrace: Callable[..., CompletedProcess[str]]) -> None:
    assert tabletrace("scan", "app", "--columns", cwd=place).returncode == 0
    done = tabletrace("unused", "app", "--columns", cwd=place)
    assert "TT006 app_users.name (users.name) is orphaned: named nowhere" in done.stdout
    assert done.returncode == 1


def test_the_report_alone_is_on_stdout(place: Path, tabletrace: Callable[..., CompletedProcess[str]]) -> None:
    done = tabletrace("scan", "app", "-f", "json", cwd=place)
    assert json.loads(done.stdout)["tables"][0]["status"] == "used"
    assert done.stderr == ""


def test_output_file(place: Path, tabletrace: Callable[..., CompletedProcess[str]]) -> None:
    done = tabletrace("scan", "app", "-f", "json", "-o", "out.json", cwd=place)
    assert done.stdout == ""
    assert json.loads((place / "out.json").read_text())["version"] == 1


def test_color_only_when_asked_for(place: Path, tabletrace: Callable[..., CompletedProcess[str]]) -> None:
    assert "\x1b[" not in tabletrace("scan", "app", cwd=place).stdout
    assert "\x1b[" in tabletrace("scan", "app", cwd=place, FORCE_COLOR="1").stdout


def test_a_graph_by_the_ending_of_its_file(place: Path, tabletrace: Callable[..., CompletedProcess[str]]) -> None:
    starts = {"g.dot": b"digraph", "g.svg": b"<?xml", "g.png": b"\x89PNG", "g.pdf": b"%PDF", "g.json": b"{"}
    for name, start in starts.items():
        assert tabletrace("graph", "app", "-o", name, cwd=place).returncode == 0
        assert (place / name).read_bytes().startswith(start)


def test_explain_a_column(place: Path, tabletrace: Callable[..., CompletedProcess[str]]) -> None:
    done = tabletrace("explain", "app_users.name", "--root", "app", cwd=place)
    assert "column name → name  text, null" in done.stdout
    as_json = tabletrace("explain", "app_users.name", "--root", "app", "-f", "json", cwd=place)
    assert json.loads(as_json.stdout)["tables"][0]["usages"] == []


def test_init_writes_a_configuration_that_works(
    tree: Callable[..., Path], tabletrace: Callable[..., CompletedProcess[str]]
) -> None:
    folder = tree({"schema.ts": SCHEMA})
    done = tabletrace("init", cwd=folder)
    assert "id: tabletrace" in done.stdout
    written = (folder / "tabletrace.toml").read_text()
    active = "\n".join(
        line.removeprefix("# ") if re.match(r"# ([\w-]+ = |\[keep\])", line) else line for line in written.splitlines()
    )
    (folder / "tabletrace.toml").write_text(active)
    kept = tabletrace("scan", cwd=folder)
    assert kept.returncode == 0, kept.stderr
    assert "kept" in kept.stdout
    again = tabletrace("init", cwd=folder)
    assert again.returncode == 2
    assert "exists already" in again.stderr


def test_a_baseline_holds_what_is_known_and_no_more(
    tree: Callable[..., Path], tabletrace: Callable[..., CompletedProcess[str]]
) -> None:
    folder = tree({"schema.ts": SCHEMA})
    assert tabletrace("check", "--update-baseline", cwd=folder).returncode == 0
    assert tabletrace("check", cwd=folder).returncode == 0
    baseline = folder / "tabletrace-baseline.json"
    data = json.loads(baseline.read_text())
    data["findings"][0]["reason"] = "dropped in spring"
    baseline.write_text(json.dumps(data))
    (folder / "schema.ts").write_text(SCHEMA + 'export const posts = pgTable("posts", { a: text() });\n')
    fails = tabletrace("check", cwd=folder)
    assert fails.returncode == 1
    assert "TT001 posts (posts) is orphaned" in fails.stdout
    assert "app_users" not in fails.stdout
    refused = tabletrace("check", "--update-baseline", cwd=folder)
    assert refused.returncode == 2
    assert "would grow by 1" in refused.stderr
    assert tabletrace("check", "--update-baseline", "--accept-new", cwd=folder).returncode == 0
    assert [row.get("reason") for row in json.loads(baseline.read_text())["findings"]] == ["dropped in spring", None]
    (folder / "schema.ts").write_text(SCHEMA)
    stale = tabletrace("check", cwd=folder)
    assert (stale.returncode, "no finding any more" in stale.stdout) == (0, True)
    assert tabletrace("check", "--strict-baseline", cwd=folder).returncode == 1


def test_configuration_in_each_of_three_files(
    tree: Callable[..., Path], tabletrace: Callable[..., CompletedProcess[str]]
) -> None:
    for name, text in {
        "tabletrace.toml": '[keep]\nusers = "billing"\n',
        "pyproject.toml": '[tool.tabletrace.keep]\napp_users = "billing"\n',
        "package.json": '{"tabletrace": {"keep": {"users": "billing"}}}',
    }.items():
        folder = tree({"schema.ts": SCHEMA, name: text}, name)
        data = json.loads(tabletrace("scan", "-f", "json", cwd=folder).stdout)
        assert [(one["status"], one["reason"]) for one in data["tables"]] == [("kept", "billing")]


def test_keeping_what_is_not_there_is_told(
    tree: Callable[..., Path], tabletrace: Callable[..., CompletedProcess[str]]
) -> None:
    folder = tree({"schema.ts": SCHEMA, "tabletrace.toml": '[keep]\nuser = "billing"\n'})
    done = tabletrace("scan", cwd=folder)
    assert "(configuration): keeps 'user', but no table is called so" in done.stdout


def test_version(tabletrace: Callable[..., CompletedProcess[str]]) -> None:
    assert re.fullmatch(r"tabletrace \d+\.\d+\.\d+\n", tabletrace("--version").stdout)


def test_names_are_not_obeyed_by_a_terminal(
    tree: Callable[..., Path], tabletrace: Callable[..., CompletedProcess[str]]
) -> None:
    evil = 'import { pgTable } from "drizzle-orm/pg-core";\nexport const t = pgTable("a\\u001b[31m[bold]b", {});\n'
    done = tabletrace("scan", cwd=tree({"schema.ts": evil}))
    assert "\x1b" not in done.stdout
    assert "a\\x1b[31m[bold]b" in done.stdout


def test_a_wrong_request_ends_the_processes_that_were_started(tmp_path: Path) -> None:
    """A tree that is large enough to be read by several processes, and declares no table."""
    text = "export const a = 1; // " + "x" * 30_000 + "\n"
    for number in range(150):
        (tmp_path / f"f{number}.ts").write_text(text, "utf8")
    command = [sys.executable, "-m", "analyzer", "scan", str(tmp_path), "--jobs", "3", "--no-cache"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("tabletrace: No Drizzle table is declared")


@pytest.mark.parametrize("begun", [False, True])
def test_a_signal_ends_the_processes_that_were_started(tmp_path: Path, begun: bool) -> None:
    """Also where they have begun with what would take them long."""
    text = "export const a = 1; // " + "x" * 30_000 + "\n"
    for number in range(150):
        (tmp_path / f"f{number}.ts").write_text(text, "utf8")
    script = (
        "import os, signal, time, analyzer.engine as engine\n"
        "from analyzer import cli\n"
        "from analyzer.app.reading import Reader\n"
        "def slow(file, foreign):\n"
        "    time.sleep(1)\n"
        "engine._extracted, known = slow, Reader.surfaces\n"
        "def surfaces(self, files):\n"
        "    yield from known(self, files)\n"
        "    if BEGUN:\n"
        "        self._engine.begin(files, [frozenset()] * len(files))\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "Reader.surfaces = surfaces\n"
        "cli.program()\n"
    ).replace("BEGUN", str(begun))
    command = [sys.executable, "-c", script, "scan", str(tmp_path), "--jobs", "3", "--no-cache"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 143
