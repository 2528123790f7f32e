from django.conf import settings
from django.db import models

from loyalty.models.member import Member


class LinksEnded(models.Model):
    """Somebody ended the preference links that a member had been sent until then. Append-only."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="links_ended")
    number = models.PositiveIntegerField(help_text="The `link_number` of the member's links that work since.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [models.UniqueConstraint(fields=["member", "number"], name="links_are_ended_one_by_one")]

    def __str__(self) -> str:
        return f"links of member {self.member_id} before number {self.number}"
