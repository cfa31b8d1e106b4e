"""No password in any message, whatever is wrong with the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from rich.pretty import pretty_repr

from analyzer.databases.secrets import shown
from analyzer.databases.sources import compared, sources

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize(
    "text",
    [
        "prod=host=localhost password=s3cretpw dbname=x",
        "psql postgresql://ann:s3cretpw@h/x",
        " postgresql://ann:s3cretpw@h/x",
        "jdbc:postgresql://h/x?user=ann&password=s3cretpw",
        "prod=postgresql:/ann:s3cretpw@h/x",
        "prod==postgresql://ann:s3cretpw@127.0.0.1:1/x",
        "ü=postgresql://ann:s3cretpw@127.0.0.1:1/x",
        "dump:postgresql://ann:s3cretpw@h/x",
        "postgresql://ann:12/34s3cretpw@localhost:1/x",
        "postgresql://ann:12#34s3cretpw@localhost:1/x",
        "postgresql://ann:pa@s3cretpw@localhost:1/x",
        "mysql://ann:s3cretpw@127.0.0.1:1/x",
        "mysql://ann:s3cretpw@127.0.0.1:1/x?init_command=drop",
        "postgresql://ann:s3cretpw@127.0.0.1:1/x",
    ],
)
def test_what_is_wrong_is_said_without_it(
    tabletrace: Callable[..., subprocess.CompletedProcess[str]], example: Path, text: str
) -> None:
    for word in (text, "prod=env:ADDRESS", "env:ADDRESS"):
        done = tabletrace("drift", word, cwd=example, ADDRESS=text)
        assert done.returncode == 2
        assert "s3cret" not in done.stdout + done.stderr
        assert len(done.stderr.strip().splitlines()) == 1


def test_names_of_addresses_hold_none() -> None:
    for url in (
        "postgresql://a:12/34x@h/d",
        "postgresql://a:12#34x@h/d",
        "postgresql://a:1?2x@h/d",
        "postgresql://a:p@w@h/d",
    ):
        assert "x" not in shown(url)
        assert "@" not in shown(url)
    assert shown("postgresql://ann:word@db.example:5432/app?sslmode=require") == "db.example:5432/app"
    assert "word" not in repr(sources(["postgresql://ann:word@h/d"]))
    assert "word" not in pretty_repr(sources(["postgresql://ann:word@h/d"]))


def test_an_env_file(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "# a comment\nexport A=\"postgresql://h/a\" # more\nB=postgresql://h/b # more\nC='postgresql://h/c'\n"
    )
    found = sources(["env:A", "env:B", "x=env:C"], file)
    assert [(one.name, one.location) for one in found] == [
        ("A", "postgresql://h/a"),
        ("B", "postgresql://h/b"),
        ("x", "postgresql://h/c"),
    ]


@pytest.mark.parametrize(
    ("words", "sides"),
    [
        (["prod=postgresql://h/a"], ["code", "prod"]),
        (["postgresql://h/a"], ["code", "h/a"]),
        (["prod=postgresql://h/a", "dev=postgresql://h/b"], ["code", "prod", "dev"]),
        (["prod=postgresql://h/a", "code"], ["prod", "code"]),
        (["code", "prod=postgresql://h/a"], ["code", "prod"]),
        (["postgresql://h/a", "dev=postgresql://h/b"], ["h/a", "dev"]),
        (["code:drizzle.config.ts", "postgresql://h/b"], ["code", "h/b"]),
    ],
)
def test_which_side_is_left(words: list[str], sides: list[str]) -> None:
    assert [one.name for one in compared(words)] == sides


def test_a_path_may_look_like_a_secret(tmp_path: Path) -> None:
    folder = tmp_path / "@passwords"
    folder.mkdir()
    (source,) = sources([f"migrations:{folder}"])
    assert (source.kind, source.location) == ("migrations", str(folder))
