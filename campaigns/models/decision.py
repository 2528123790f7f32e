from django.db import models

from campaigns.models.run import Run, RunOffer
from loyalty.models import Member

HELD_OUT = "held_out"
TREATED = "treated"


class Decision(models.Model):
    """What one run decided for one member. Append-only: a trigger refuses edits, so an arm stays what it was."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="decisions", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    arm = models.TextField(help_text="held_out, treated, generic, or a past campaign's own cell name.")
    held_out = models.BooleanField()
    run_offer = models.ForeignKey(
        RunOffer, on_delete=models.PROTECT, null=True, related_name="decisions", help_text="Empty: nothing."
    )
    score = models.FloatField(null=True, help_text="Expected incremental margin, in money, when it was decided.")
    probability = models.FloatField(null=True, help_text="Chance that the design gave this member this decision.")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "member"], name="one_decision_per_run_and_member"),
            # The pair that a delivery's key points at: it makes a delivery to a held-out member impossible.
            models.UniqueConstraint(fields=["run", "member", "held_out"], name="decision_with_its_arm"),
            models.CheckConstraint(
                condition=models.Q(held_out=True, arm="held_out", run_offer=None)
                | (models.Q(held_out=False) & ~models.Q(arm="held_out")),
                name="held_out_gets_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.arm}: member {self.member_id} in run {self.run_id}"
