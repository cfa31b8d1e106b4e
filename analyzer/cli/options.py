"""The options that commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """How a report is written."""

    text = "text"
    json = "json"


class DriftFormat(StrEnum):
    """How a comparison is written."""

    text = "text"
    json = "json"
    markdown = "markdown"


class GraphFormat(StrEnum):
    """How a graph is written."""

    dot = "dot"
    svg = "svg"
    png = "png"
    pdf = "pdf"
    json = "json"


class Group(StrEnum):
    """What is drawn together."""

    folder = "folder"
    router = "router"
    schema = "schema"


Roots = Annotated[
    list[str] | None,
    typer.Argument(metavar="[ROOT]...", help="Folders of the code base.  [default: .]", show_default=False),
]
OutputFormat = Annotated[Format, typer.Option("--output-format", "-f", help="How to write the report.")]
OutputFile = Annotated[
    Path | None, typer.Option("--output-file", "-o", help="Write the report into this file.", show_default=False)
]
Config = Annotated[
    Path | None, typer.Option("--config", help="Take the configuration from this file.", show_default=False)
]
Exclude = Annotated[
    list[str] | None,
    typer.Option("--exclude", help="Leave out what matches this glob (repeatable).", show_default=False),
]
Columns = Annotated[bool, typer.Option("--columns", help="Judge the columns of each table too.")]
ExitZero = Annotated[bool, typer.Option("--exit-zero", help="Exit with status 0 even when there are findings.")]
EnvFile = Annotated[
    Path | None,
    typer.Option("--env-file", help="Look up env:NAME in this file too, such as .env.", show_default=False),
]
Databases = Annotated[
    list[str] | None,
    typer.Option("--db", metavar="[NAME=]SOURCE", help="Ask this database too (repeatable).", show_default=False),
]
Count = Annotated[bool, typer.Option("--count", help="Count the rows of unused tables, rather than take estimates.")]
Exact = Annotated[
    bool, typer.Option("--exact", help="Restore dumps into a throw-away PostgreSQL rather than parse them.")
]
Root = Annotated[
    list[str] | None,
    typer.Option("--root", help="Folder of the code base (repeatable).  [default: .]", show_default=False),
]
IncludeTables = Annotated[
    list[str] | None,
    typer.Option("--include", help="Compare the tables that match this glob alone (repeatable).", show_default=False),
]
ExcludeTables = Annotated[
    list[str] | None,
    typer.Option("--exclude", help="Leave out the tables that match this glob (repeatable).", show_default=False),
]
