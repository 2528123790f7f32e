from django.db import models

from campaigns.models.run import Run, RunOffer
from loyalty.models import Member
from loyalty.models.consent import Channel


class Ghost(models.Model):
    """The message that a held-out member would have been sent, or would have been refused: a delivery but for its last
    step.

    The database holds (run, member, rank, held_out) to a decision with the same four values and `held_out` to true.
    """

    class State(models.TextChoices):
        WOULD_SEND = "would_send", "Would have been sent"
        REFUSED = "refused", "Would have been refused"

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="ghosts", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="Of the decision that it follows.")
    held_out = models.BooleanField(default=True)
    run_offer = models.ForeignKey(RunOffer, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.TextField(choices=Channel.choices)
    state = models.TextField(choices=State.choices)
    reason = models.TextField(blank=True, help_text="Why it would have been refused.")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run", "member", "rank", "channel"], name="one_ghost_per_decision_and_channel"
            ),
            models.CheckConstraint(condition=models.Q(held_out=True), name="ghosts_are_of_held_out_members"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} withheld from member {self.member_id} in run {self.run_id}"
