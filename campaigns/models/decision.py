from django.db import models

from campaigns.models.run import Run, RunOffer
from loyalty.models import Member

HELD_OUT = "held_out"
TREATED = "treated"
GENERIC = "generic"
UNIVERSAL = "universal"


class Decision(models.Model):
    """One offer that a run decided for one member, or that they get nothing. Append-only: a trigger refuses edits, so
    that an arm stays what it was.

    The table is partitioned by run. A run of ours has a partition of its own, which is checked and closed before it
    counts; what other tools decided lies together, one row per member and run. So that millions of rows come in at the
    speed of COPY, the database checks that members and offers exist once per partition, and not row by row.
    """

    pk = models.CompositePrimaryKey("run_id", "member_id", "rank")
    run = models.ForeignKey(
        Run, on_delete=models.PROTECT, related_name="decisions", db_index=False, db_constraint=False
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    rank = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="0 is the best offer of the member.")
    arm = models.TextField(help_text="treated, generic, held_out, universal, or a past campaign's own cell name.")
    held_out = models.BooleanField()
    explored = models.BooleanField(default=False, db_default=False, help_text="Drawn at random, to learn from it.")
    run_offer = models.ForeignKey(
        RunOffer,
        on_delete=models.PROTECT,
        null=True,
        related_name="decisions",
        db_index=False,
        db_constraint=False,
        help_text="Empty: nothing.",
    )
    withheld = models.ForeignKey(
        RunOffer,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        help_text="What a held-out member would have been given by the same policy at the same prices.",
    )
    score = models.FloatField(null=True, help_text="Expected incremental margin, in money, when it was decided.")
    probability = models.FloatField(null=True, help_text="Chance that the design gave this member this decision.")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            # What a delivery's key points at: it makes a delivery to a held-out member impossible. By member first,
            # so that it also finds all that was ever decided about one.
            models.UniqueConstraint(fields=["member", "run", "rank", "held_out"], name="decision_with_its_arm"),
            models.CheckConstraint(
                # A past campaign may call a cell of its own “universal” that was given something.
                condition=models.Q(held_out=True, arm__in=[HELD_OUT, UNIVERSAL], run_offer=None)
                | (models.Q(held_out=False, withheld=None) & ~models.Q(arm=HELD_OUT)),
                name="held_out_gets_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.arm}: member {self.member_id} in run {self.run_id}"

    @property
    def chosen_id(self) -> int | None:
        """The run's offer that the policy chose for the member, whether it was given or withheld."""
        return self.withheld_id if self.held_out else self.run_offer_id
