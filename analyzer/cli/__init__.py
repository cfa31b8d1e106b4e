"""The front door: options in, report out, exit status. 0 nothing found, 1 findings, 2 the request is wrong."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from analyzer.cli import code, databases, fleet, gate
from analyzer.cli.running import running
from analyzer.model import AnalyzerError

USAGE_ERROR: Any = typer.BadParameter.__bases__[0]  # click's, or that of the copy of click that typer carries
app = typer.Typer(
    name="tabletrace",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Tell which database tables a TypeScript code base with Drizzle ORM uses, from where, and which are orphaned.",
    epilog="Exit status: 0 nothing found, 1 findings, 2 the request is wrong.",
)


def _version(wanted: bool) -> None:
    if wanted:
        from analyzer.app import own_version

        typer.echo(f"tabletrace {own_version()}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


app.command()(running(code.scan))
app.command()(running(code.unused))
app.command()(running(code.explain))
app.command("graph")(running(code.draw))
app.command()(running(databases.drift))
app.command()(running(databases.plan))
app.command()(fleet.fleet)
app.command()(running(gate.check))
app.command()(running(gate.init))
app.command()(gate.clean)


def program() -> None:
    """Run the command as a program of its own: what it holds is not looked through on the way, nor taken apart where it ends well.

    Either takes as long as a tenth of the run, and a run is short. Where it does not end well, processes that it started may still be there:
    then all is ended in order.
    """
    import atexit
    import gc
    import os

    gc.disable()
    try:
        main()
    except SystemExit as end:
        if end.code not in {0, 1} or sys.stdout is None or sys.stderr is None:
            raise
        sys.stdout.flush()
        sys.stderr.flush()
        atexit._run_exitfuncs()
        os._exit(int(end.code))


def main() -> None:
    """Run the command; a wrong request is one sentence on stderr and exit status 2."""
    import os
    import signal

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is stopped
    try:
        status = app(prog_name="tabletrace", standalone_mode=False)
    except USAGE_ERROR as error:
        asked_for_help = type(error).__name__ == "NoArgsIsHelpError"
        message = error.format_message().replace("Value error, ", "").rstrip(".")
        typer.echo(message if asked_for_help else f"tabletrace: {message}: see `tabletrace --help`.", err=True)
        raise SystemExit(2) from None
    except AnalyzerError as error:
        from analyzer.reports.escape import plain

        typer.echo(f"tabletrace: {plain(str(error))}", err=True)
        raise SystemExit(2) from None
    except (typer.Abort, KeyboardInterrupt):
        raise SystemExit(130) from None
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
    raise SystemExit(status or 0)
