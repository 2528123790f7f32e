from django.conf import settings
from django.db import models


class ScorerQuerySet(models.QuerySet["Scorer"]):
    def champion(self, purpose: str) -> "Scorer | None":
        """The one in use for this purpose, if there is one."""
        return self.filter(purpose=purpose, state=Scorer.State.CHAMPION).first()


class Scorer(models.Model):
    """A fitted way of valuing offers or members: its parameters, what speaks for it, and whether it is in use."""

    class Purpose(models.TextChoices):
        OFFERS = "offers", "What an offer is worth for a member"
        CHURN = "churn", "Who is about to stay away"
        LIFETIME = "lifetime", "What a member will still bring"

    class State(models.TextChoices):
        CHAMPION = "champion", "In use"
        CHALLENGER = "challenger", "Being judged"
        REJECTED = "rejected", "Never in use"
        RETIRED = "retired", "Was in use"

    purpose = models.TextField(choices=Purpose.choices, default=Purpose.OFFERS)
    kind = models.TextField(default="affinity")
    state = models.TextField(choices=State.choices)
    parameters = models.JSONField()
    basis = models.TextField(help_text="In a sentence: what it was learned from.")
    learned_from = models.PositiveBigIntegerField(default=0, help_text="Past decisions.")
    verdict = models.TextField(blank=True, help_text="In a sentence: why it is in use, or why it is not.")
    card = models.JSONField(default=dict, help_text="Of what it was learned, by what judged, and how good it is.")
    code = models.TextField(blank=True, help_text="Which code made it: the same parameters mean the same only by it.")
    trained_at = models.DateTimeField()

    objects = ScorerQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose"], condition=models.Q(state="champion"), name="one_champion_per_purpose"
            )
        ]

    def __str__(self) -> str:
        return f"scorer {self.pk} ({self.kind})"

    @property
    def why(self) -> str:
        """For a page that shows what it decided: what it knows, and why it is this one that decides."""
        return f"{self.basis} {self.verdict}".strip()


class Ruling(models.Model):
    """That a scorer was put in use, taken out of it or not let in, and why. Append-only: a trigger refuses edits."""

    scorer = models.ForeignKey(Scorer, on_delete=models.PROTECT, related_name="rulings")
    state = models.TextField(choices=Scorer.State.choices, help_text="What it became.")
    why = models.TextField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", help_text="Empty: by rule."
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"scorer {self.scorer_id}: {self.state}"
