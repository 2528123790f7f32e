from django.db import models

from loyalty.models.catalogue import Product, Store
from loyalty.models.member import Member


class Purchase(models.Model):
    """One line of a basket. A negative quantity is a return; a line without a member counts in no profile."""

    class Channel(models.TextChoices):
        STORE = "store", "Store"
        ONLINE = "online", "Online"
        APP = "app", "App"
        PHONE = "phone", "Phone"

    line_ref = models.TextField()
    basket_ref = models.TextField()
    member = models.ForeignKey(
        Member, on_delete=models.PROTECT, null=True, blank=True, related_name="purchases", db_index=False
    )
    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    store = models.ForeignKey(Store, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    channel = models.TextField(choices=Channel.choices, blank=True)
    purchased_at = models.DateTimeField()
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    net_amount = models.DecimalField(max_digits=18, decimal_places=4, help_text="What was paid, after every discount.")
    discount_amount = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    margin_amount = models.DecimalField(
        max_digits=18, decimal_places=4, null=True, blank=True, help_text="Net amount less the cost of the goods."
    )
    offer_ref = models.TextField(blank=True, help_text="The offer redeemed with this line.")

    class Meta:
        # A constraint, not `unique=True`, which would bring a second index for patterns along.
        constraints = [models.UniqueConstraint(fields=["line_ref"], name="a_line_is_known_once")]
        indexes = [
            models.Index(fields=["member", "purchased_at"], name="purchases_of_member"),
            models.Index(fields=["purchased_at"], name="purchases_by_time"),
        ]

    def __str__(self) -> str:
        return self.line_ref
