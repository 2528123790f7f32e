from django.conf import settings
from django.db import models


class Training(models.Model):
    """One time that scorers were learned anew from what past decisions brought: how far it is, and what came of it."""

    doing = models.TextField(blank=True, help_text="The step it is at.")
    sentences = models.JSONField(default=list, help_text="What came of it, a sentence for each purpose.")
    failed = models.BooleanField(default=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty: by the clock.",
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"training {self.pk}"
