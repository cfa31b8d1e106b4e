"""The bundled example's reports, byte for byte. `pytest --update-golden` writes them anew: read the difference."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from analyzer import app, engine, graph
from analyzer.model import Report, Settings
from analyzer.reports import dot, explain, text
from analyzer.reports import json as json_report

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
PROJECTS = ROOT / "fixtures" / "projects"
GOLDEN = ROOT / "fixtures" / "golden" / "bazaar"


@pytest.fixture(scope="module")
def report() -> Report:
    return app.analyze(Settings(roots=(str(PROJECTS / "bazaar"),)))


@pytest.fixture(scope="module")
def with_columns() -> Report:
    return app.analyze(Settings(roots=(str(PROJECTS / "bazaar"),), columns=True))


def _explained(report: Report, symbol: str) -> str:
    found = [one for one in report.judged if one.table.symbol == symbol]
    return explain.explain(report, found, lambda file: graph.chain(report.files, file))


def _drawn(report: Report) -> str:
    exports = next(one.table.id for one in report.judged if one.table.symbol == "exports")
    return dot.dot(graph.focus(graph.build(report), [exports], 1), report.judged, "Who touches exports")


WRITERS: dict[str, Callable[[Report], str]] = {
    "scan.txt": text.scan,
    "unused.txt": text.unused,
    "scan.json": json_report.scan,
    "explain-exports.txt": lambda report: _explained(report, "exports"),
    "explain-metrics.txt": lambda report: _explained(report, "metrics"),
    "explain-patches.txt": lambda report: _explained(report, "patches"),
    "graph.dot": lambda report: dot.dot(graph.build(report), report.judged, "Who touches which table"),
    "graph-exports.dot": _drawn,
}


OF_COLUMNS: dict[str, Callable[[Report], str]] = {
    "columns.txt": text.scan,
    "unused-columns.txt": text.unused,
}


@pytest.mark.parametrize("name", [*WRITERS, *OF_COLUMNS])
def test_report(name: str, report: Report, with_columns: Report, request: pytest.FixtureRequest) -> None:
    written = OF_COLUMNS[name](with_columns) if name in OF_COLUMNS else WRITERS[name](report)
    golden = GOLDEN / name
    if request.config.getoption("--update-golden"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(written, "utf8")
    assert written == golden.read_text("utf8")


def test_every_golden_file_is_made() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {*WRITERS, *OF_COLUMNS}


def test_the_order_of_files_does_not_matter(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:

    project = app.discover.project(Settings(roots=(str(PROJECTS / "bazaar"),)))
    files = list(project.files)
    random.Random(7).shuffle(files)
    shuffled = replace(project, files=tuple(files), packages=project.packages[::-1], tsconfigs=project.tsconfigs[::-1])
    monkeypatch.setattr(app.discover, "project", lambda settings: shuffled)
    again = app.analyze(Settings(roots=(str(PROJECTS / "bazaar"),)))
    assert json_report.scan(again) == json_report.scan(report)


def test_processes_give_the_same() -> None:
    files = app.discover.project(Settings(roots=(str(PROJECTS / "bazaar"),))).files
    one, two = engine.Engine(1), engine.Engine(2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "PARALLEL_FROM", dict.fromkeys(engine.PARALLEL_FROM, 0))
        assert list(two.extracted(files)) == list(one.extracted(files))
        assert list(two.surfaces(files)) == list(one.surfaces(files))


def test_json_is_as_its_schema_says(report: Report, with_columns: Report) -> None:
    import jsonschema

    schema = json.loads((ROOT / "analyzer" / "reports" / "scan.schema.json").read_text("utf8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(json_report.scan(report)), schema)
    jsonschema.validate(json.loads(json_report.scan(with_columns)), schema)
    broken = json.loads(json_report.scan(report))
    broken["tables"][0]["status"] = "perhaps"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema)
