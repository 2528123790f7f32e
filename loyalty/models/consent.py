from django.db import models

from loyalty.models.member import Member


class Purpose(models.TextChoices):
    MARKETING = "marketing", "Send me offers"
    PERSONALISATION = "personalisation", "Choose offers for me personally"


class Channel(models.TextChoices):
    EMAIL = "email", "E-mail"
    APP = "app", "App inbox"


class Consent(models.Model):
    """One grant or withdrawal, never edited: the latest by `at` (then by id) is what holds."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="consents")
    purpose = models.TextField(choices=Purpose.choices)
    channel = models.TextField(choices=Channel.choices, blank=True, help_text="Empty where the purpose has no channel.")
    granted = models.BooleanField()
    at = models.DateTimeField()
    wording = models.TextField(blank=True, help_text="What the member was shown.")
    source = models.TextField(blank=True)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["member", "purpose", "channel", "-at", "-id"], name="consent_that_holds")]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "purpose", "channel", "at", "granted"], name="a_consent_is_recorded_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{'granted' if self.granted else 'withdrawn'}: {self.purpose} {self.channel}".strip()
