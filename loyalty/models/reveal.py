from django.conf import settings
from django.db import models

from loyalty.models.member import Member


class Reveal(models.Model):
    """Someone looked at a member's contact details, and why. Append-only: a trigger refuses edits and deletions."""

    class Reason(models.TextChoices):
        ASKED = "asked", "The member asked us something"
        DELIVERY = "delivery", "A message did not reach the member"
        CORRECTION = "correction", "Details have to be checked or corrected"
        LEGAL = "legal", "A legal request has to be answered"

    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="reveals", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(choices=Reason.choices)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["member", "-at"], name="reveals_of_member")]

    def __str__(self) -> str:
        return f"member {self.member_id} to {self.by_id}"
