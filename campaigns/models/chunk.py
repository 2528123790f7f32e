from django.db import models

from campaigns.models.run import Run


class Chunk(models.Model):
    """A piece of a run's work, held by a lease that runs out when its worker dies."""

    class Stage(models.TextChoices):
        PLAN = "plan", "Planning"
        DECIDE = "decide", "Writing down decisions"
        CLOSE = "close", "Checking decisions"
        DELIVER = "deliver", "Delivering"

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="chunks")
    stage = models.TextField(choices=Stage.choices)
    number = models.PositiveIntegerField()
    first = models.PositiveBigIntegerField(default=0, help_text="Lowest member id.")
    last = models.PositiveBigIntegerField(default=0, help_text="Highest member id.")
    members = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["run", "stage", "number"]
        constraints = [models.UniqueConstraint(fields=["run", "stage", "number"], name="chunks_are_numbered")]

    def __str__(self) -> str:
        return f"{self.stage} {self.number} of run {self.run_id}"
