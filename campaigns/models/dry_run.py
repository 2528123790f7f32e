from django.conf import settings
from django.db import models

from campaigns.models.campaign import Campaign


class DryRun(models.Model):
    """What a run of the campaign would decide now: the computation of a launch, of which only the report is kept."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="dry_runs")
    stage = models.TextField(blank=True, help_text="What it is doing now.")
    report = models.JSONField(null=True)
    sentence = models.TextField(blank=True, help_text="Why it was refused and what to do.")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"dry run {self.pk} of {self.campaign_id}"
