from django.db import models

from analytics import writing
from analytics.body import Body
from campaigns.models import Campaign, Run


class ReportQuerySet(models.QuerySet["Report"]):
    def newest(self) -> "ReportQuerySet":
        """The last version of each campaign."""
        return self.order_by("campaign_id", "-run_id", "-version").distinct("campaign_id")

    def of(self, run: Run) -> "ReportQuerySet":
        """The versions of a run's report, the last one first."""
        return self.filter(run=run).order_by("-version")


class Report(models.Model):
    """What was known of a run at a moment, as it was told then. Append-only: what came in later is a new version."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="+")
    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(help_text="1 is the first; the highest is in force.")
    body = models.TextField(help_text="Canonical JSON of `body.Body`, to the byte.")
    digest = models.TextField(help_text="SHA-256 (hexadecimal) of the body.")
    as_of = models.DateTimeField(help_text="What was in the record by then is in the report.")
    last_line = models.PositiveBigIntegerField(help_text="The newest purchase line that was in the record.")
    code = models.TextField(help_text="Which code made it: the same record gives the same report only by it.")
    clip_at = models.JSONField(
        default=dict, help_text="Beyond which size values are held, by metric; the first version fixes it."
    )
    is_final = models.BooleanField(help_text="Late purchases restate it no more.")

    objects = ReportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["run", "version"], name="versions_of_a_report_are_numbered"),
            models.CheckConstraint(condition=models.Q(version__gte=1), name="a_report_begins_with_version_1"),
        ]

    def __str__(self) -> str:
        return f"report {self.version} of run {self.run_id}"

    @property
    def told(self) -> Body:
        return writing.read(self.body, Body)
