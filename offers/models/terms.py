import datetime as dt
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from loyalty.models import Product
from loyalty.models.consent import Channel
from loyalty.profiling.stating import INGREDIENTS
from offers.models.offer import Offer


class TermsQuerySet(models.QuerySet["Terms"]):
    def approved(self) -> "TermsQuerySet":
        return self.filter(state=Terms.State.APPROVED)

    def live_on(self, day: dt.date) -> "TermsQuerySet":
        started = models.Q(valid_from=None) | models.Q(valid_from__lte=day)
        unfinished = models.Q(valid_until=None) | models.Q(valid_until__gte=day)
        return self.filter(started & unfinished)

    def newest(self) -> "TermsQuerySet":
        """One row per offer: the highest number among those already selected."""
        return self.order_by("offer_id", "-number").distinct("offer_id")


class Terms(models.Model):
    """What an offer gives. The database freezes it once submitted: an edit makes new terms and a new review."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Waiting for approval"
        APPROVED = "approved", "Approved"
        RETURNED = "returned", "Returned"

    class Kind(models.TextChoices):
        PERCENT = "percent", "Percent off"
        AMOUNT = "amount", "Amount off"
        POINTS = "points", "Points"
        MULTIPLIER = "multiplier", "Points multiplier"
        FREE_ITEM = "free_item", "Free item"
        INFORMATION = "information", "Information"
        SERVICE = "service", "Service"

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="terms")
    number = models.PositiveIntegerField()
    state = models.TextField(choices=State.choices, default=State.DRAFT)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    name = models.TextField(help_text="What the member reads.")
    kind = models.TextField(choices=Kind.choices)
    value = models.DecimalField(max_digits=18, decimal_places=4, default=Decimal(0))
    minimum_spend = models.DecimalField(max_digits=18, decimal_places=4, default=Decimal(0))
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True, help_text="The last day it can be used.")
    category = models.TextField(blank=True, help_text="A path; its first part is the department it is for.")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reward_cost = models.DecimalField(
        max_digits=18,
        decimal_places=4,
        default=Decimal(0),
        help_text="What one redemption costs beyond the discount at the till, such as points.",
    )
    channels = ArrayField(models.TextField(choices=Channel.choices), default=list, blank=True)
    limit_per_member = models.PositiveIntegerField(null=True, blank=True)
    limit_total = models.PositiveBigIntegerField(null=True, blank=True)
    budget = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    eligibility = models.JSONField(null=True, blank=True, help_text="A segment rule a member must match.")
    age_restricted = models.BooleanField(default=False)
    contains = ArrayField(
        models.TextField(choices=[(name, words.capitalize()) for name, words in INGREDIENTS.items()]),
        default=list,
        db_default=[],
        blank=True,
        help_text="What is in it that some members do not eat or drink: it is kept away from those who told us so.",
    )
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)

    objects = TermsQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "terms"
        ordering = ["offer", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "number"], name="terms_are_numbered"),
            models.UniqueConstraint(
                fields=["offer"], condition=models.Q(state__in=["draft", "submitted"]), name="one_open_terms_per_offer"
            ),
            models.CheckConstraint(
                condition=models.Q(value__gte=0) & models.Q(minimum_spend__gte=0) & models.Q(reward_cost__gte=0),
                name="terms_amounts_are_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_from=None)
                | models.Q(valid_until=None)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="terms_end_after_they_begin",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} (terms {self.number})"

    @property
    def department(self) -> str:
        return self.category.split(">")[0].strip()

    @property
    def ingredients(self) -> frozenset[str]:
        """What is in it that members may not eat or drink, as it says itself or its product is flagged."""
        flags = self.product.flags if self.product else []
        return frozenset(self.contains) | (INGREDIENTS.keys() & set(flags))


class Content(models.Model):
    """What one channel says about the terms; marketers' text over a closed list of variables (see `offers.wording`)."""

    terms = models.ForeignKey(Terms, on_delete=models.CASCADE, related_name="contents")
    channel = models.TextField(choices=Channel.choices)
    subject = models.TextField()
    body = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["terms", "channel"], name="one_content_per_channel")]

    def __str__(self) -> str:
        return f"{self.channel}: {self.subject}"
