from django.db import models

from loyalty.models.member import Member
from loyalty.profiling import stating


class Topic(models.TextChoices):
    INTEREST = stating.INTEREST, "Likes"
    DIET = stating.DIET, "Does not eat or drink"
    SIZE = stating.SIZE, "Size"
    SUSTAINABLE = stating.SUSTAINABLE, "Wants first"


class Statement(models.Model):
    """One thing a member told us of themselves, or took back, never edited: the latest by `at` (then by id) holds."""

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="statements")
    topic = models.TextField(choices=Topic.choices)
    value = models.TextField(
        help_text="A department, something to eat or drink, or a size; see `loyalty.stated.asking`."
    )
    stated = models.BooleanField(help_text="False where it was taken back.")
    at = models.DateTimeField()
    wording = models.TextField(help_text="What the member was shown.")
    source = models.TextField()
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["topic", "value", "member", "-at", "-id"], include=["stated"], name="statement_that_holds"
            )
        ]

    def __str__(self) -> str:
        return f"{'told' if self.stated else 'taken back'}: {self.topic} {self.value}"

    @property
    def is_sensitive(self) -> bool:
        """Whether the law protects it more: what somebody does not eat can tell of their faith or health."""
        return self.topic == Topic.DIET

    @property
    def purpose(self) -> str:
        """What it is used for, and nothing else."""
        return stating.PURPOSES[self.topic]
