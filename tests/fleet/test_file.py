"""The file that lists repositories: what it says, and what is said of one that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.fleet import load
from analyzer.model import AnalyzerError


def _written(folder: Path, text: str) -> Path:
    file = folder / "FLEET.toml"
    file.write_text(text, "utf8")
    return file


def test_a_repository_is_a_folder_below_the_file(tmp_path: Path) -> None:
    file = _written(tmp_path, '[[repository]]\npath = "services/shop"\nprefix = "shop_"\ndatabase = "sales"\n')
    [one] = load(file)
    assert (one.name, one.folder, one.database) == ("shop", str(tmp_path / "services" / "shop"), "sales")
    assert (one.prefixes, one.url) == (("shop_",), None)


@pytest.mark.parametrize(
    "url",
    [
        "https://git.example.com/acme/shop.git",
        "https://someone@git.example.com:8443/acme/shop",
        "ssh://git@git.example.com/acme/shop.git",
        "git@git.example.com:acme/shop.git",
    ],
)
@pytest.mark.parametrize("place", ["git.example.com/acme/shop", "acme/shop", "shop"])
def test_a_url_is_found_where_it_was_cloned(tmp_path: Path, url: str, place: str) -> None:
    (tmp_path / "clones" / place).mkdir(parents=True)
    [one] = load(_written(tmp_path, f'clones = "clones"\n[[repository]]\ngit = "{url}"\n'))
    assert (one.name, Path(one.folder), one.url) == ("shop", tmp_path / "clones" / place, url)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "lists no repository"),
        ("repository = 3", "lists no repository"),
        ("repository = [3]", "is no table of keys"),
        ("[[repository]\n", "cannot be read"),
        ('[[repository]]\npath = "a"\ngit = "https://h/o/a"\n', "either a `path` or a `git` URL"),
        ('[[repository]]\nname = "a"\n', "either a `path` or a `git` URL"),
        ('[[repository]]\nfolder = "a"\n', "unknown key 'folder': the keys are path, git, name, database, prefix"),
        ('clone = "a"\n[[repository]]\npath = "a"\n', "unknown key 'clone': the keys are clones, repository"),
        ("[[repository]]\npath = 3\n", "'path' of FLEET.toml takes a string"),
        ('[[repository]]\npath = "a"\nprefix = [3]\n', "'prefix' of a in FLEET.toml takes a string or a list"),
        ('[[repository]]\npath = "a"\n[[repository]]\npath = "b/a"\n', "two repositories named 'a'"),
        ('[[repository]]\ngit = "shop"\n', "names no repository"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(AnalyzerError, match=said.replace("[", r"\[").replace("`", ".")):
        load(_written(tmp_path, text))


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(AnalyzerError, match="No such file"):
        load(tmp_path / "FLEET.toml")
