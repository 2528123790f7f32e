from django.conf import settings
from django.db import models

from campaigns.models import Run


class Making(models.Model):
    """A report that somebody asked for, so that the page can say how that stands."""

    run = models.ForeignKey(
        Run, on_delete=models.CASCADE, null=True, related_name="+", help_text="Empty: of the whole programme."
    )
    sentence = models.TextField(blank=True, help_text="Why none was made and what to do.")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"making of a report of {f'run {self.run_id}' if self.run_id else 'the programme'}"
