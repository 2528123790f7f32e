from django.db import models

from loyalty.models.catalogue import Product
from loyalty.models.member import Member


class Event(models.Model):
    """Something a member did that was not a purchase: a view, a click, an offer seen or completed."""

    ref = models.TextField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="events", db_index=False)
    at = models.DateTimeField()
    kind = models.TextField()
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    offer_ref = models.TextField(blank=True)
    channel = models.TextField(blank=True)
    value = models.FloatField(null=True, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ref"], name="an_event_is_known_once")]
        indexes = [
            models.Index(fields=["member", "at"], name="events_of_member"),
            models.Index(fields=["kind", "at"], name="events_by_kind_and_time"),
        ]

    def __str__(self) -> str:
        return self.ref
