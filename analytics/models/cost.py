from django.conf import settings
from django.db import models


class ProgrammeCost(models.Model):
    """What the programme cost in one month, beyond what each campaign is charged for: licences, people, points."""

    month = models.DateField(help_text="The first day of the month.")
    label = models.TextField()
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["-month", "label"]
        constraints = [
            models.UniqueConstraint(fields=["month", "label"], name="a_cost_is_entered_once_a_month"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="a_cost_is_not_negative"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="a_cost_is_of_a_whole_month"),
            models.CheckConstraint(condition=~models.Q(label=""), name="a_cost_says_for_what"),
        ]

    def __str__(self) -> str:
        return f"{self.label} in {self.month:%B %Y}"
