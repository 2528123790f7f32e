from django.db import models


class ScorerQuerySet(models.QuerySet["Scorer"]):
    def champion(self) -> "Scorer | None":
        return self.filter(state=Scorer.State.CHAMPION).first()


class Scorer(models.Model):
    """A fitted way of valuing offers for members: its parameters, where they come from, and whether it is in use."""

    class State(models.TextChoices):
        CHAMPION = "champion", "In use"
        RETIRED = "retired", "Retired"

    kind = models.TextField(default="affinity")
    state = models.TextField(choices=State.choices)
    parameters = models.JSONField()
    basis = models.TextField(help_text="In a sentence: what it was learned from.")
    learned_from = models.PositiveBigIntegerField(default=0, help_text="Past decisions.")
    trained_at = models.DateTimeField()

    objects = ScorerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="champion"), name="one_champion")
        ]

    def __str__(self) -> str:
        return f"scorer {self.pk} ({self.kind})"
