"""tabletrace: which database tables a Drizzle ORM code base uses, from where, and which are orphaned.

The names here are the ones for other programs; everything else may move. Values are structs: `msgspec.structs.replace` gives one with other fields.
"""

from analyzer.model import AnalyzerError, Problem, Report, Settings, Table, Unresolved, Usage, Verdict


def analyze(settings: Settings) -> Report:
    """Return the verdicts on the tables of a code base.

    Raises `AnalyzerError` when a root is no folder, or no table is declared anywhere.

    >>> analyze(Settings(roots=("no/such/folder",)))
    Traceback (most recent call last):
    analyzer.model.errors.AnalyzerError: The root 'no/such/folder' does not exist: give the folder of the code base.
    """
    from analyzer.app import analyze as run

    return run(settings)


__all__ = ["AnalyzerError", "Problem", "Report", "Settings", "Table", "Unresolved", "Usage", "Verdict", "analyze"]
