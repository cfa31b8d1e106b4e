"""Whose packages are read with a repository."""

from __future__ import annotations

from analyzer.fleet import asked
from analyzer.model.fleet import Repository, Survey


def test_packages_of_packages_are_read_too() -> None:
    names = ("web", "kit", "base")
    repositories = [Repository(name, f"/{name}") for name in names]
    surveys = {
        "web": Survey(packages=("web",), asked=("@acme/kit", "react")),
        "kit": Survey(packages=("@acme/kit",), asked=("@acme/base",)),
        "base": Survey(packages=("@acme/base",), asked=("@acme/kit",)),
    }
    roots = {name: [root for root, _ in task.roots] for name, task in asked(repositories, surveys)}
    assert roots == {"web": ["web", "kit", "base"], "kit": ["kit", "base"], "base": ["base", "kit"]}


def test_one_that_could_not_be_read_is_not_asked() -> None:
    repositories = [Repository("web", "/web"), Repository("kit", "/kit")]
    surveys = {"web": Survey(packages=("web",), asked=("@acme/kit",))}
    assert dict(asked(repositories, surveys)) == {}
