"""The audited application beside its two databases: the audit's four critical issues, and nothing else, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from analyzer.app import databases as app
from analyzer.databases.sources import compared
from analyzer.model import Drift, Filters, Settings
from analyzer.reports import drift as text
from analyzer.reports import json as json_report
from analyzer.reports import markdown

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from tests.servers import Postgres

ROOT = Path(__file__).parents[2]
SQL = ROOT / "fixtures" / "databases" / "bazaar"
GOLDEN = ROOT / "fixtures" / "golden" / "bazaar-drift"
SETTINGS = Settings(roots=(str(ROOT / "fixtures" / "projects" / "bazaar"),))
WRITERS: dict[str, Callable[[Drift], str]] = {"txt": text.drift, "json": json_report.drift, "md": markdown.drift}
DIRECTIONS = {
    "code-prod-dev": ("prod={prod}", "dev={dev}"),
    "prod-code": ("prod={prod}", "code"),
    "dev-code": ("dev={dev}", "code"),
    "prod-dev": ("{prod}", "dev={dev}"),
}


def _drift(words: tuple[str, ...], prod: str, dev: str) -> Drift:
    return app.drift(SETTINGS, compared(word.format(prod=prod, dev=dev) for word in words), Filters())


@pytest.fixture(scope="module")
def live(postgres18: Postgres) -> tuple[str, str]:
    prod, dev = (postgres18.database((SQL / f"{name}.sql").read_text("utf8")) for name in ("prod", "dev"))
    return prod, dev


@pytest.mark.parametrize("ending", WRITERS)
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_golden(direction: str, ending: str, request: pytest.FixtureRequest) -> None:
    found = _drift(DIRECTIONS[direction], str(SQL / "prod.sql"), str(SQL / "dev.sql"))
    written = WRITERS[ending](found)
    golden = GOLDEN / f"{direction}.{ending}"
    if request.config.getoption("--update-golden"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(written, "utf8")
    assert written == golden.read_text("utf8")


@pytest.mark.parametrize("direction", DIRECTIONS)
def test_servers_say_what_their_dumps_say(direction: str, live: tuple[str, str]) -> None:
    ours = _drift(DIRECTIONS[direction], *live).differences
    dumped = _drift(DIRECTIONS[direction], str(SQL / "prod.sql"), str(SQL / "dev.sql")).differences
    keys = [(one.rule, one.key, one.severity, one.breaks, one.cause) for one in ours]
    assert keys == [(one.rule, one.key, one.severity, one.breaks, one.cause) for one in dumped]


def test_the_four_critical_issues_of_the_audit(live: tuple[str, str]) -> None:
    found = _drift(DIRECTIONS["code-prod-dev"], *live).differences
    roots = {
        (one.source, one.rule, one.schema, one.table, one.column, one.expected, one.actual)
        for one in found
        if one.cause is None
    }
    exports, events, metric = "bazaar-vid_exports", "bazaar-vid_export_analytics", "bazaar-vid_api_usage_metric"
    assert roots == {
        ("prod", "TT209", None, exports, "id", "uuid", "text"),
        ("prod", "TT209", None, exports, "user_id", "varchar(255)", "text"),
        ("prod", "TT209", None, exports, "project_id", "uuid", "text"),
        ("prod", "TT203", None, "api_usage_metric", None, metric, "api_usage_metric"),
        ("dev", "TT209", None, events, "export_id", "uuid", "text"),
        ("dev", "TT205", "auth", None, None, None, "auth"),
        ("dev", "TT205", "neon_auth", None, None, None, "neon_auth"),
        ("dev", "TT205", "pgrst", None, None, None, "pgrst"),
    }
    followers = {(one.source, one.rule, one.table, one.cause and one.cause[2:4]) for one in found if one.cause}
    assert followers == {
        ("prod", "TT215", events, (exports, "id")),
        ("dev", "TT215", events, (events, "export_id")),
    }


def test_json_is_as_its_schema_says() -> None:
    import jsonschema

    schema = json.loads((ROOT / "analyzer" / "reports" / "drift.schema.json").read_text("utf8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    for direction in DIRECTIONS:
        jsonschema.validate(json.loads((GOLDEN / f"{direction}.json").read_text("utf8")), schema)
    broken = json.loads((GOLDEN / "prod-code.json").read_text("utf8"))
    broken["findings"][0]["kind"] = "perhaps"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(broken, schema)


def test_check_holds_drift_in_the_baseline(
    tabletrace: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    example, prod = ROOT / "fixtures" / "projects" / "bazaar", f"prod={SQL / 'prod.sql'}"
    held = tmp_path / "held.json"
    assert tabletrace("check", example, "--update-baseline", "--baseline", held).returncode == 0
    done = tabletrace("check", example, "--baseline", held, "--db", prod)
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == (
        "src/server/db/schema.ts:791: TT209 prod:bazaar-vid_exports.id column type is changed in prod: text for uuid"
    )
    assert "4 new findings; 8 held" in done.stdout
    more = tabletrace("check", example, "--baseline", held, "--db", prod, "--update-baseline", "--accept-new")
    assert more.returncode == 0
    assert tabletrace("check", example, "--baseline", held, "--db", prod).returncode == 0


def test_every_golden_file_is_made() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {f"{name}.{ending}" for name in DIRECTIONS for ending in WRITERS}
