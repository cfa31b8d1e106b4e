"""A fleet says of each table what one scan over all its repositories says; whatever workers do, and wherever it was stopped."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import jsonschema
import pytest
from msgspec.structs import replace

from analyzer.app import fleet
from analyzer.app.surveys import answer
from analyzer.engine.workers import Lost, Workers
from analyzer.fleet import load
from analyzer.model.fleet import Answer, FleetReport, Task
from analyzer.progress import Progress
from analyzer.reports import fleet as reports

ROOT = Path(__file__).parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def candles(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "fixtures" / "fleet", tmp_path / "candles"))


def _report(folder: Path, workers: Workers[Task, Answer] | None = None, *, cached: bool = False) -> FleetReport:
    kept = folder / "kept" if cached else None
    return fleet.report(load(folder / "FLEET.toml"), workers or Workers(answer), kept, Progress())


def test_one_verdict_over_all(candles: Path) -> None:
    report = _report(candles)
    said = {(one.database, one.name): (one.status, one.owner, one.readers, one.writers) for one in report.tables}
    assert said == {
        ("main", "billing_rates"): ("used", "billing", (), ("billing",)),
        ("main", "shop_bundles"): ("used", "shop", ("reports",), ()),
        ("main", "shop_carts"): ("used", "shop", ("billing",), ()),
        ("main", "shop_moulds"): ("orphaned", "shop", (), ()),
        ("main", "shop_tallies"): ("used", "shop", ("reports",), ()),
        ("main", "shop_tills"): ("used", "shop", (), ("billing",)),
        ("main", "shop_totals"): ("used", "shop", ("reports",), ()),
        ("main", "shop_wicks"): ("dev-only", "shop", (), ()),
        ("harbour", "shop_moulds"): ("used", "harbour", ("harbour",), ()),
    }


def test_the_report_is_that_of_one_scan_over_all(candles: Path, tabletrace: Run) -> None:
    roots = [candles / name for name in ("shop", "billing", "reports")]
    scanned = json.loads(tabletrace("scan", *roots, "--no-cache", "-f", "json").stdout)
    expected: dict[str, str] = {}
    for one in scanned["tables"]:
        expected[one["name"]] = one["status"] if one["status"] != "orphaned" else expected.get(one["name"], "orphaned")
    found = {one.name: one.status for one in _report(candles).tables if one.database == "main"}
    assert found == expected


def test_a_name_from_a_constant_counts_in_another_repository(candles: Path) -> None:
    folder = candles / "reports" / "src"
    (folder / "names.ts").write_text('export const NAMES = { forms: "shop_moulds" };\n')
    (folder / "forms.ts").write_text('import { NAMES } from "./names";\nexport const all = store.from(NAMES.forms);\n')
    found = {one.name: (one.status, one.readers) for one in _report(candles).tables if one.database == "main"}
    assert found["shop_moulds"][0] == "used"


def test_processes_change_nothing(candles: Path) -> None:
    one, two = (reports.document(_report(candles, Workers(answer, jobs))) for jobs in (1, 2))
    assert one == two


def test_what_is_unchanged_is_not_read_again(candles: Path) -> None:
    first = _report(candles, cached=True)
    read: list[str] = []

    def counted(task: Task) -> Answer:
        given = answer(task)
        read.extend([task.roots[0][0]] if given.survey is not None else [])
        return given

    assert _report(candles, Workers(counted), cached=True) == first
    assert read == []
    (candles / "reports" / "src" / "night.ts").write_text("export const night = 1;", "utf8")
    after = _report(candles, Workers(counted), cached=True)
    assert set(read) == {"reports"}
    assert after == _report(candles)
    assert [one.status for one in after.tables if one.name == "shop_bundles"] == ["schema-only"]


class _Stopped(Workers[Task, Answer]):
    """Workers that are stopped after some answers, as by a signal."""

    def done(self, tasks: object) -> Iterator[tuple[int, Answer | Lost]]:
        for number, task in enumerate(tasks):  # type: ignore[arg-type, var-annotated]
            if number == 2:
                raise KeyboardInterrupt
            yield number, answer(task)


def test_a_run_that_was_stopped_goes_on_where_it_was(candles: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        _report(candles, _Stopped(answer), cached=True)
    asked: list[bool] = []

    def noted(task: Task) -> Answer:
        asked.append(task.known is not None)
        return answer(task)

    assert _report(candles, Workers(noted), cached=True) == _report(candles)
    assert asked[:4] == [True, True, False, False]


def test_a_repository_that_cannot_be_read_costs_only_itself(candles: Path) -> None:
    whole = {one.key: one for one in _report(candles).tables}
    (candles / "billing" / "tabletrace.toml").write_text("colour = 1", "utf8")
    report = _report(candles)
    [failed] = report.failed
    assert failed.repository.name == "billing"
    assert "unknown key 'colour'" in (failed.reason or "")
    statuses = {(one.database, one.name): one.status for one in report.tables}
    assert statuses["main", "shop_carts"] == statuses["main", "shop_moulds"] == "undetermined"
    assert statuses["main", "shop_bundles"] == "used"
    assert whole["postgresql public.shop_carts"].status == "used"


def test_a_lost_worker_costs_only_its_repository(candles: Path) -> None:
    report = _report(candles, Workers(_killing, 2))
    assert [(one.repository.name, one.reason) for one in report.failed] == [
        ("reports", "the process that reads it ended 3 times")
    ]
    assert {one.status for one in report.tables if one.name == "shop_bundles"} == {"undetermined"}
    assert {one.status for one in report.tables if one.name == "shop_carts"} == {"used"}


def _killing(task: Task) -> Answer:
    if task.roots[0][0] == "reports":
        os.kill(os.getpid(), signal.SIGKILL)
    return answer(task)


def test_a_worker_of_another_version_is_not_believed(candles: Path) -> None:
    def old(task: Task) -> Answer:
        return replace(answer(task), version="0.0.1")

    report = _report(candles, Workers(old))
    assert len(report.failed) == 4
    assert (report.failed[0].reason or "").startswith("its worker has tabletrace 0.0.1, and this is ")


def test_the_command_writes_both_forms(candles: Path, tabletrace: Run) -> None:
    done = tabletrace("fleet", candles / "FLEET.toml", "--no-cache")
    assert (done.returncode, done.stderr) == (1, "")
    assert "shop: src/schema.ts:5: main: shop_moulds — nothing refers to it" in done.stdout
    assert done.stdout.rstrip().endswith("1 used by none · 1 dev-only · 7 used")
    written = tabletrace("fleet", candles / "FLEET.toml", "-f", "json", "--exit-zero")
    schema = json.loads((ROOT / "analyzer" / "reports" / "fleet.schema.json").read_text("utf8"))
    jsonschema.validate(json.loads(written.stdout), schema)
    assert written.returncode == 0
    assert (candles / ".tabletrace_cache" / "cache.db").is_file()


def test_a_wrong_request_is_one_sentence(tmp_path: Path, tabletrace: Run) -> None:
    done = tabletrace("fleet", tmp_path / "FLEET.toml")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "cannot be read (No such file or directory)" in done.stderr


def test_names_of_a_repository_are_not_obeyed(tree: Callable[..., Path], tabletrace: Run) -> None:
    folder = tree(
        {
            "a/s.ts": 'import { pgTable } from "drizzle-orm/pg-core"; export const t = pgTable("[red]x\\u001b[31m", {});',
            "FLEET.toml": '[[repository]]\npath = "a"\nname = "[bold]a"\n',
        }
    )
    done = tabletrace("fleet", folder / "FLEET.toml", "--no-cache")
    assert "[red]x\\x1b[31m" in done.stdout
    assert "[bold]a: s.ts:1" in done.stdout
    assert "\x1b" not in done.stdout
