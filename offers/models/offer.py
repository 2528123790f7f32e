from django.conf import settings
from django.db import models


class Offer(models.Model):
    """A thing we could give, by reference; what exactly is given stands in its numbered terms."""

    ref = models.TextField(unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["ref"]

    def __str__(self) -> str:
        return self.ref
