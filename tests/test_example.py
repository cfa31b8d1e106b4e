"""The bundled example against the audit document that it is made after: names, lines, columns, files, verdicts."""

from __future__ import annotations

import pytest

from analyzer.app import analyze
from analyzer.model import Report, Settings, Verdict
from analyzer.reports.text import touching
from tests.conftest import EXAMPLE

USED = {
    "users": "user", "accounts": "account", "projects": "project", "messages": "message", "scenes": "scene", "exports": "exports",
    "exportAnalytics": "export_analytics", "apiUsageMetrics": "api_usage_metric", "creditTransactions": "credit_transaction",
    "userCredits": "user_credits", "emailSubscribers": "email_subscriber", "customComponentJobs": "custom_component_job",
    "sceneIterations": "scene_iteration", "sharedVideos": "shared_video", "feedback": "feedback",
}  # fmt: skip
NOT_FOUND_BY_HAND = {
    "componentErrors": ("component_error", "schema-only"),
    "componentEvaluationMetrics": ("component_evaluation_metric", "orphaned"),
    "componentTestCases": ("component_test_case", "schema-only"),
    "animationDesignBriefs": ("animation_design_brief", "type-only"),
    "scenePlans": ("scene_plan", "used"),
    "sceneSpecs": ("scene_specs", "orphaned"),
    "patches": ("patch", "used"),
    "metrics": ("metric", "orphaned"),
    "usageLimits": ("usage_limit", "used"),
    "userUsage": ("user_usage", "used"),
    "verificationTokens": ("verificationToken", "orphaned"),
    "projectMemory": ("project_memory", "used"),
    "imageAnalysis": ("image_analysis", "used"),
    "agentMessages": ("agent_message", "orphaned"),
    "creditPackages": ("credit_package", "dev-only"),
}
FILES = {
    "exports": {
        "src/server/services/render/export-tracking.service.ts",
        "src/server/api/routers/admin.ts",
        "src/app/admin/exports/page.tsx",
    },
    "apiUsageMetrics": {"src/server/services/ai/monitoring.service.ts"},
    "scenePlans": {"src/server/api/routers/planning.ts"},
    "patches": {"src/server/services/scenes/scene-history.service.ts"},
    "usageLimits": {"src/app/api/cron/daily-reset/route.ts"},
    "projectMemory": {"src/server/services/context/project-memory.service.ts"},
    "userUsage": {"src/server/services/usage/quota.service.ts"},
    "imageAnalysis": {"src/server/services/context/image-analysis.service.ts"},
}
COLUMNS = {
    "exports": {"id": ("id", "uuid"), "userId": ("user_id", "varchar(255)"), "projectId": ("project_id", "uuid")},
    "apiUsageMetrics": {
        "userId": ("user_id", "varchar(255)"), "projectId": ("project_id", "uuid"), "responseTime": ("response_time_ms", "integer"),
    },
    "exportAnalytics": {"id": ("id", "uuid"), "exportId": ("export_id", "uuid")},
}  # fmt: skip
LINES = {"exports": (790, 819), "exportAnalytics": (832, 856), "apiUsageMetrics": (983, 1017)}


@pytest.fixture(scope="module")
def report() -> Report:
    return analyze(Settings(roots=(str(EXAMPLE),)))


def of(report: Report, symbol: str) -> Verdict:
    (found,) = [one for one in report.judged if one.table.symbol == symbol]
    return found


def test_the_creator_is_where_the_document_says() -> None:
    lines = (EXAMPLE / "src/server/db/schema.ts").read_text("utf8").splitlines()
    assert lines[19] == "export const createTable = pgTableCreator((name) => `bazaar-vid_${name}`);"


@pytest.mark.parametrize("symbol", USED)
def test_used_tables_are_used(symbol: str, report: Report) -> None:
    one = of(report, symbol)
    assert (one.table.name, one.status, one.unreached) == (f"bazaar-vid_{USED[symbol]}", "used", False)


@pytest.mark.parametrize("symbol", NOT_FOUND_BY_HAND)
def test_what_the_hand_audit_did_not_find(symbol: str, report: Report) -> None:
    name, status = NOT_FOUND_BY_HAND[symbol]
    one = of(report, symbol)
    assert (one.table.name, one.status) == (f"bazaar-vid_{name}", status)


@pytest.mark.parametrize("symbol", FILES)
def test_files(symbol: str, report: Report) -> None:
    assert {usage.file for usage in touching(of(report, symbol))} == FILES[symbol]


@pytest.mark.parametrize("symbol", COLUMNS)
def test_columns(symbol: str, report: Report) -> None:
    columns = {column.property: (column.name, column.type) for column in of(report, symbol).table.columns}
    assert {key: columns[key] for key in COLUMNS[symbol]} == COLUMNS[symbol]


@pytest.mark.parametrize("symbol", LINES)
def test_lines(symbol: str, report: Report) -> None:
    table = of(report, symbol).table
    assert (table.line, table.end_line) == LINES[symbol]


def test_foreign_key_of_the_document(report: Report) -> None:
    (key,) = [key for key in of(report, "exportAnalytics").table.foreign_keys if key.columns == ("export_id",)]
    assert key.table == of(report, "exports").table.id
    assert key.foreign_columns == ("id",)


def test_exactly_the_unused_are_listed(report: Report) -> None:
    expected = {
        symbol
        for symbol, (_, status) in NOT_FOUND_BY_HAND.items()
        if status in {"orphaned", "schema-only", "type-only"}
    }
    assert {one.table.symbol for one in report.unused} == expected
    assert all(one.reason for one in report.unused)


def test_nothing_is_left_open(report: Report) -> None:
    assert report.unresolved == ()
    assert report.problems == ()
