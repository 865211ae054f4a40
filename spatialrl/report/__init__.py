"""A run folder becomes one self-contained HTML file."""

from spatialrl.report.page import report, write_report

__all__ = ["report", "write_report"]
