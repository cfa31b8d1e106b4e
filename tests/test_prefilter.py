"""A file that is not parsed could not have mattered: every claim's report is the same when all files are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from analyzer.app import analyze
from tests import claims

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("path", claims.claims(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_report_is_the_same_without_the_prefilter(path: Path, tmp_path: Path) -> None:
    claim = claims.read(path)
    report = claims.run(claim, tmp_path)
    whole = analyze(replace(claims.settings(claim, tmp_path), prefilter=False))
    assert report == whole
