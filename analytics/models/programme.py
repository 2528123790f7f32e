from django.db import models

from campaigns.models import Draw


class ProgrammeReportQuerySet(models.QuerySet["ProgrammeReport"]):
    def newest(self) -> "ProgrammeReportQuerySet":
        """The last version of each quarter of each draw, the last quarter first."""
        return self.order_by("-quarter", "-draw_id", "-version").distinct("quarter", "draw_id")


class ProgrammeReport(models.Model):
    """What the programme brought in a quarter, as known then. Append-only: what came in later is a new version."""

    draw = models.ForeignKey(Draw, on_delete=models.PROTECT, related_name="+")
    quarter = models.DateField(help_text="Its first day.")
    version = models.PositiveIntegerField(help_text="1 is the first; the highest is in force.")
    body = models.TextField(help_text="Canonical JSON of `programme.Quarter`, to the byte.")
    digest = models.TextField(help_text="SHA-256 (hexadecimal) of the body.")
    as_of = models.DateTimeField(help_text="What was in the record by then is in the report.")
    code = models.TextField(help_text="Which code made it.")
    is_final = models.BooleanField(help_text="Late purchases restate it no more.")

    objects = ProgrammeReportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["draw", "quarter", "version"], name="versions_of_a_quarter_are_numbered")
        ]

    def __str__(self) -> str:
        return f"programme report {self.version} of the quarter from {self.quarter}"
