"""A file that is not parsed could not have mattered: every claim's report is the same when all files are."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from analyzer import cache
from analyzer.app import analyze
from analyzer.model import Settings
from tests import claims
from tests.edits import edit, outcome

BAZAAR = Path(__file__).parents[1] / "fixtures" / "projects" / "bazaar"


@pytest.mark.parametrize("path", claims.claims(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_report_is_the_same_without_the_prefilter(path: Path, tmp_path: Path) -> None:
    claim = claims.read(path)
    report = claims.run(claim, tmp_path)
    whole = analyze(replace(claims.settings(claim, tmp_path), prefilter=False))
    assert report == whole


@pytest.mark.parametrize("seed", range(8))
def test_the_report_is_the_same_after_any_edit(tmp_path: Path, seed: int) -> None:
    project = Path(shutil.copytree(BAZAAR, tmp_path / "bazaar", ignore=shutil.ignore_patterns(cache.FOLDER)))
    chance = random.Random(1000 + seed)
    settings = Settings(roots=(str(project),))
    for _ in range(6):
        edit(project, chance)
        assert outcome(settings) == outcome(replace(settings, prefilter=False))
