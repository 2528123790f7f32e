from django.conf import settings
from django.db import models


class Load(models.Model):
    """One file that was brought in, what became of its rows, and where the rejected ones can be fetched."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        LOADING = "loading", "Loading"
        DONE = "done", "Loaded"
        REFUSED = "refused", "Refused"

    kind = models.TextField()
    file_name = models.TextField()
    path = models.TextField(help_text="Where the file was read from.")
    state = models.TextField(choices=State.choices, default=State.WAITING)
    sentence = models.TextField(blank=True, help_text="Why the file was refused and what to do.")
    bytes_total = models.PositiveBigIntegerField(default=0)
    bytes_read = models.PositiveBigIntegerField(default=0)
    rows = models.PositiveBigIntegerField(default=0)
    loaded = models.PositiveBigIntegerField(default=0)
    updated = models.PositiveBigIntegerField(default=0)
    unchanged = models.PositiveBigIntegerField(default=0)
    rejected = models.PositiveBigIntegerField(default=0)
    rejects_file = models.TextField(blank=True, help_text="Below the data directory.")
    quality = models.JSONField(default=dict, blank=True, help_text="What was found when its rows were looked at.")
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="done")
                | models.Q(
                    rows=models.F("loaded") + models.F("updated") + models.F("unchanged") + models.F("rejected")
                ),
                name="every_row_is_accounted_for",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} from {self.file_name}"
