"""Many repositories on shared databases: which there are, what each must be asked, and what they say together of each table."""

from analyzer.fleet.asking import asked
from analyzer.fleet.file import load
from analyzer.fleet.merge import merged

__all__ = ["asked", "load", "merged"]
