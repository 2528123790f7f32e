from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from rest_framework_api_key.models import AbstractAPIKey


class Scope(models.TextChoices):
    EVENTS_WRITE = "events:write", "Sends events"
    INBOX_READ = "inbox:read", "Fetches members' inboxes"
    CAMPAIGNS_WRITE = "campaigns:write", "Reads and changes what drafts of campaigns may use"


class MachineKey(AbstractAPIKey):
    """A key with which a machine shows who it is; it opens what its scopes name, and so often a minute."""

    scopes = ArrayField(models.TextField(choices=Scope.choices), help_text="What the key opens.")
    requests_per_minute = models.PositiveIntegerField(
        default=600, validators=[MinValueValidator(1)], help_text="More are turned away until there is room again."
    )
    requests_left = models.FloatField(null=True, editable=False, help_text="As it stood at `counted_at`.")
    counted_at = models.DateTimeField(null=True, editable=False)

    class Meta(AbstractAPIKey.Meta):
        verbose_name = "machine key"
        verbose_name_plural = "machine keys"


class StoredAnswer(models.Model):
    """What a machine was answered under an `Idempotency-Key`, so that asking again changes nothing."""

    machine = models.ForeignKey(MachineKey, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.TextField()
    request_hash = models.TextField(help_text="SHA-256 of the method, the address and the body.")
    answer = models.JSONField(default=dict)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["machine", "key"], name="an_idempotency_key_is_answered_once")]

    def __str__(self) -> str:
        return self.key
