from django.conf import settings
from django.db import models

from offers.models.terms import Terms


class Approval(models.Model):
    """Its key is the terms': whatever points here can only point at approved terms."""

    terms = models.OneToOneField(Terms, on_delete=models.PROTECT, primary_key=True, related_name="approval")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(author=None) | ~models.Q(author=models.F("approver")),
                name="nobody_approves_their_own_terms",
            )
        ]

    def __str__(self) -> str:
        return f"approval of {self.terms_id}"


class Review(models.Model):
    """What a reviewer decided and said; kept whether the terms were approved or returned."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", "Approved"
        RETURNED = "returned", "Returned"

    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    outcome = models.TextField(choices=Outcome.choices)
    comment = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome="approved") | ~models.Q(comment=""), name="a_return_says_what_to_mend"
            )
        ]

    def __str__(self) -> str:
        return f"{self.outcome} by {self.reviewer_id}"
