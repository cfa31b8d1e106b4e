"""A report becomes text or bytes. Reports never print and never decide the exit status."""

from analyzer.reports import checked, dot, explain, json, starter, text

__all__ = ["checked", "dot", "explain", "json", "starter", "text"]
