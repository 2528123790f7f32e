import datetime as dt
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from loyalty import clock
from loyalty.models import Segment
from loyalty.models.consent import Channel
from offers.models import Offer, Terms


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def running(self) -> "CampaignQuerySet":
        return self.filter(state=Campaign.State.RUNNING)

    def measurable(self) -> "CampaignQuerySet":
        """Those that were run, each once, the latest outcomes first."""
        ran = self.exclude(state=Campaign.State.DRAFT).annotate(measured_until=models.Max("runs__outcomes_until"))
        return ran.filter(measured_until__isnull=False).order_by("-measured_until")


class Campaign(models.Model):
    """A plan: whom, with what, within which limits, held out how, and how it will be judged. Fixed at launch."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        RUNNING = "running", "Running"
        FINISHED = "finished", "Finished"
        CANCELLED = "cancelled", "Cancelled"

    class Design(models.TextChoices):
        RANDOMISED = "randomised", "Randomised"
        TARGETED = "targeted", "Targeted, not randomised"
        UNKNOWN = "unknown", "Unknown"

    class Metric(models.TextChoices):
        MARGIN = "margin", "Margin per member"
        SPEND = "spend", "Spend per member"
        PURCHASERS = "purchasers", "Share who buy"
        BASKETS = "baskets", "Baskets per member"

    class Objective(models.TextChoices):
        MARGIN = "margin", "Margin"
        RETENTION = "retention", "Margin, and more of it with members who may stay away"

    ref = models.TextField(unique=True)
    name = models.TextField()
    state = models.TextField(choices=State.choices, default=State.DRAFT)
    imported = models.BooleanField(default=False, help_text="Run by another tool, brought in from files.")
    hypothesis = models.TextField(blank=True)
    primary_metric = models.TextField(choices=Metric.choices, blank=True)
    objective = models.TextField(choices=Objective.choices, default=Objective.MARGIN, db_default=Objective.MARGIN.value)
    retention_weight = models.DecimalField(
        max_digits=4,
        decimal_places=2,
        default=Decimal(1),
        db_default=Decimal(1),
        help_text="How often margin counts besides with a member who is sure to stay away.",
    )
    exit_criterion = models.TextField(blank=True, help_text="What result would make us stop doing this.")
    design = models.TextField(choices=Design.choices, default=Design.RANDOMISED)
    segment = models.ForeignKey(Segment, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    read_apart = models.ManyToManyField(
        Segment,
        blank=True,
        related_name="+",
        help_text="Segments whose members the report also tells of by themselves.",
    )
    channels = ArrayField(models.TextField(choices=Channel.choices), default=list, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    outcome_days = models.PositiveIntegerField(default=14)
    share_held_out = models.DecimalField(max_digits=5, decimal_places=4, default=Decimal("0.1"))
    contact_cost = models.DecimalField(max_digits=18, decimal_places=4, default=Decimal(0), help_text="Per message.")
    total_budget = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    contact_limit = models.PositiveBigIntegerField(null=True, blank=True, help_text="Offers given at the most.")
    offers_each = models.PositiveSmallIntegerField(
        default=1, db_default=1, help_text="Offers that one member may get at the most, one per department."
    )
    share_explored = models.DecimalField(
        max_digits=5,
        decimal_places=4,
        default=Decimal(0),
        db_default=Decimal(0),
        help_text="Members whose offer is drawn at random, so that we go on learning.",
    )
    contacts_per_member = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Offers that one member may get from all campaigns within the contact days."
    )
    contact_days = models.PositiveSmallIntegerField(default=7, db_default=7)
    capacities = models.JSONField(
        default=dict,
        db_default=models.Value({}, models.JSONField()),
        blank=True,
        help_text="Offers that a channel can carry.",
    )
    salt = models.TextField(help_text="Fixes who is held out; drawn when the campaign is made and never changed.")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    launched_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    launched_at = models.DateTimeField(null=True, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(share_held_out__gte=0) & models.Q(share_held_out__lt=1),
                name="share_held_out_is_a_share",
            ),
            models.CheckConstraint(
                condition=models.Q(share_explored__gte=0) & models.Q(share_explored__lt=1),
                name="share_explored_is_a_share",
            ),
            models.CheckConstraint(condition=models.Q(offers_each__gte=1), name="a_member_may_get_an_offer"),
            models.CheckConstraint(condition=models.Q(retention_weight__gte=0), name="nobody_counts_less_than_margin"),
            models.CheckConstraint(
                condition=models.Q(starts_at=None)
                | models.Q(ends_at=None)
                | models.Q(ends_at__gt=models.F("starts_at")),
                name="campaign_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which it may run; `ends_at` is the first moment at which it may not."""
        return self.ends_at and clock.local_day(self.ends_at - dt.timedelta(microseconds=1))


class CampaignOfferQuerySet(models.QuerySet["CampaignOffer"]):
    def named(self) -> "CampaignOfferQuerySet":
        """With `name`, what the offer is called in its newest terms."""
        newest = Terms.objects.filter(offer=models.OuterRef("offer")).order_by("-number")
        return self.select_related("offer").annotate(name=models.Subquery(newest.values("name")[:1]))


class CampaignOffer(models.Model):
    """An offer the campaign may give, and how much of it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="offers")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="+")
    limit = models.PositiveBigIntegerField(null=True, blank=True, help_text="Members who may get it at the most.")
    budget = models.DecimalField(
        max_digits=18, decimal_places=4, null=True, blank=True, help_text="Expected cost of redemptions at the most."
    )
    least = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="Members who are to get it at the least, as who funds it was promised."
    )

    objects = CampaignOfferQuerySet.as_manager()

    class Meta:
        ordering = ["offer__ref"]
        constraints = [models.UniqueConstraint(fields=["campaign", "offer"], name="an_offer_is_in_a_campaign_once")]

    def __str__(self) -> str:
        return f"{self.offer_id} in {self.campaign_id}"
