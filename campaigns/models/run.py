from pathlib import Path

from django.conf import settings
from django.db import models

from campaigns.models.campaign import Campaign
from campaigns.models.draw import Draw
from campaigns.models.scorer import Scorer
from loyalty.models import SegmentVersion, Snapshot
from offers.models import Approval, Offer, Terms


class RunQuerySet(models.QuerySet["Run"]):
    def unfinished(self) -> "RunQuerySet":
        return self.filter(state__in=Run.WORKING)


class Run(models.Model):
    """One launch of a campaign, with all it depended on: replaying it gives the same decisions to the byte."""

    class State(models.TextChoices):
        PLANNING = "planning", "Planning"
        DECIDING = "deciding", "Writing down decisions"
        DELIVERING = "delivering", "Delivering"
        FINISHED = "finished", "Finished"
        CANCELLED = "cancelled", "Cancelled"
        FAILED = "failed", "Failed"

    WORKING = (State.PLANNING, State.DECIDING, State.DELIVERING)

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="runs")
    state = models.TextField(choices=State.choices, default=State.PLANNING)
    doing = models.TextField(blank=True, help_text="The step of the planning it is at.")
    sentence = models.TextField(blank=True, help_text="Why it failed and what to do.")
    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, null=True, related_name="+")
    segment_version = models.ForeignKey(SegmentVersion, on_delete=models.PROTECT, null=True, related_name="+")
    scorer = models.ForeignKey(Scorer, on_delete=models.PROTECT, null=True, related_name="+")
    promise = models.JSONField(
        default=dict, db_default=models.Value({}, models.JSONField()), help_text="How it will be judged: see promising."
    )
    promise_digest = models.TextField(blank=True, default="", db_default="", help_text="Empty: nothing was promised.")
    share_held_out = models.FloatField(null=True, help_text="Unknown for a past campaign that does not say.")
    draw = models.ForeignKey(
        Draw, on_delete=models.PROTECT, null=True, related_name="runs", help_text="The programme's holdouts, if any."
    )
    shares = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        help_text="Planned share of each arm among those decided on; empty where it is not known.",
    )
    outcomes_from = models.DateTimeField()
    outcomes_until = models.DateTimeField()
    funnel = models.JSONField(default=dict, help_text="Members left after each stage, and the reasons others left.")
    value = models.FloatField(null=True)
    bound = models.FloatField(null=True)
    contact_price = models.FloatField(default=0, db_default=0, help_text="What one more member contacted would earn.")
    budget_price = models.FloatField(
        default=0, db_default=0, help_text="What one more unit of the total budget would earn."
    )
    channel_prices = models.JSONField(
        default=dict, db_default=models.Value({}, models.JSONField()), help_text="What one more offer by it would earn."
    )
    outlook = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        help_text="What it was expected to bring and to cost when it was planned, and on what that rested.",
    )
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign"], condition=~models.Q(state__in=["cancelled", "failed"]), name="launched_once"
            )
        ]

    def __str__(self) -> str:
        return f"run {self.pk} of {self.campaign_id}"

    @property
    def is_working(self) -> bool:
        return self.state in self.WORKING

    @property
    def path(self) -> Path:
        """Where the plan waits until its decisions are logged."""
        return settings.DATA / "runs" / str(self.pk)

    @property
    def gap(self) -> float | None:
        """How far the assignment may be from the best possible, as a share of the bound."""
        if self.value is None or self.bound is None:
            return None
        return 1 - self.value / self.bound if self.bound > 0 else 0.0


class RunSegment(models.Model):
    """A segment that the rule of the run's own asks for, itself or by way of another, as it was at the launch."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="asked_segments")
    version = models.ForeignKey(SegmentVersion, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["run", "version"]
        constraints = [models.UniqueConstraint(fields=["run", "version"], name="a_segment_is_asked_for_once_in_a_run")]

    def __str__(self) -> str:
        return f"{self.version_id} in run {self.run_id}"


class RunOffer(models.Model):
    """An offer as one run knew it. `approval` is a key into approvals: unapproved terms cannot be decided on."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="offers")
    position = models.PositiveSmallIntegerField()
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+")
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, null=True, related_name="+")
    imported = models.BooleanField(default=False)
    limit = models.PositiveBigIntegerField(null=True)
    budget = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    least = models.PositiveBigIntegerField(null=True)
    assigned = models.PositiveBigIntegerField(default=0)
    spend = models.FloatField(default=0, help_text="Expected cost of redemptions.")
    price = models.FloatField(default=0, help_text="What one more member with it would earn.")
    budget_price = models.FloatField(default=0, help_text="What one more unit of its budget would earn.")

    class Meta:
        ordering = ["run", "position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "offer"], name="an_offer_is_in_a_run_once"),
            models.CheckConstraint(
                condition=models.Q(imported=True) | models.Q(approval__isnull=False), name="only_approved_terms_are_run"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.offer_id} in run {self.run_id}"

    @property
    def name(self) -> str:
        """What it is called on a page; of another tool's offer we show the reference."""
        return self.approval.terms.name if self.approval else self.offer.ref

    @property
    def terms(self) -> Terms:
        """What was given: the approved terms, or, for another tool's campaign, the newest that we know."""
        return self.approval.terms if self.approval else self.offer.terms.latest("number")
