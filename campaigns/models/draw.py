from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models


class Draw(models.Model):
    """The programme's holdouts of one year: by which salts a member takes part in nothing, or gets the generic offer.

    Append-only: a trigger refuses edits, and no two draws hold on one day. The database works out from the salt and the
    threshold who is in the universal holdout, and refuses messages to them.
    """

    begins = models.DateField(unique=True, help_text="First day on which it holds.")
    ends = models.DateField(help_text="First day on which it no longer holds; the next one may begin then.")
    zone = models.TextField(help_text="The time zone of these days.")
    universal_share = models.DecimalField(max_digits=5, decimal_places=4)
    universal_salt = models.TextField()
    universal_threshold = models.BinaryField(
        help_text="Below it lie the hashes of those held out: the share of 2^64, rounded up, as 8 bytes."
    )
    generic_share = models.DecimalField(max_digits=5, decimal_places=4, help_text="Of those not in the universal one.")
    generic_salt = models.TextField()
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Empty: by the clock.",
    )
    drawn_at = models.DateTimeField()

    class Meta:
        ordering = ["-begins"]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("begins")), name="a_draw_ends_after_it_begins"),
            models.CheckConstraint(
                condition=models.Q(universal_share__gte=0, universal_share__lt=1, generic_share__gte=0)
                & models.Q(generic_share__lt=1),
                name="a_draw_takes_shares",
            ),
            models.CheckConstraint(
                condition=~models.Q(universal_salt="")
                & ~models.Q(generic_salt="")
                # Of one salt, the groups would not be drawn apart.
                & ~models.Q(universal_salt=models.F("generic_salt")),
                name="a_draw_has_two_salts",
            ),
            ExclusionConstraint(
                name="one_draw_holds_at_a_time",
                expressions=[
                    (
                        models.Func("begins", "ends", function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    )
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"holdouts from {self.begins} until {self.ends}"
