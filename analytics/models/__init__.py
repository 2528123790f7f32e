"""What was found out, and what the programme cost: one file per noun."""

from analytics.models.cost import ProgrammeCost
from analytics.models.making import Making
from analytics.models.programme import ProgrammeReport
from analytics.models.report import Report

__all__ = ["Making", "ProgrammeCost", "ProgrammeReport", "Report"]
