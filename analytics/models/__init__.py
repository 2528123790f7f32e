"""What was found out: one file per noun."""

from analytics.models.report import Report

__all__ = ["Report"]
