from django.db import models

from campaigns.models.run import Run, RunOffer
from loyalty.models import Member
from loyalty.models.consent import Channel


class Delivery(models.Model):
    """One message to one member about one offer by one channel, or the refusal of one.

    The database holds (run, member, rank, held_out) to a decision with the same four values and `held_out` to false, so
    a held-out member can have no row here, whatever the code does.
    """

    class State(models.TextChoices):
        SENT = "sent", "Sent"
        REFUSED = "refused", "Refused"

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    rank = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="Of the decision that it follows.")
    held_out = models.BooleanField(default=False)
    run_offer = models.ForeignKey(RunOffer, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.TextField(choices=Channel.choices)
    state = models.TextField(choices=State.choices)
    reason = models.TextField(blank=True, help_text="Why it was refused.")
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["run", "member", "rank", "channel"], name="one_message_per_decision_and_channel"
            ),
            models.CheckConstraint(condition=models.Q(held_out=False), name="held_out_members_receive_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} to member {self.member_id} in run {self.run_id}"
