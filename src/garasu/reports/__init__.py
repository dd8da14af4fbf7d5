"""The report of a run: one HTML file that holds everything, and the same pictures as PNG."""

from garasu.reports.report import Report, write

__all__ = ["Report", "write"]
