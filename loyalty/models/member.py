from django.db import models

from loyalty.models.catalogue import Store


class Member(models.Model):
    """One person in the programme, by the retailer's own reference; how to reach them is in `Contact`."""

    ref = models.TextField(unique=True)
    joined_on = models.DateField(null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    postcode = models.TextField(blank=True)
    home_store = models.ForeignKey(Store, on_delete=models.PROTECT, null=True, blank=True, related_name="members")
    tier = models.TextField(blank=True)
    attributes = models.JSONField(default=dict, blank=True, help_text="The attr_… columns of the members file, typed.")
    told_at = models.DateTimeField(
        null=True, blank=True, help_text="The beginning of the load that last changed anything here or in the contact."
    )
    link_number = models.PositiveIntegerField(
        default=0, db_default=0, help_text="How often the preference links sent so far were ended."
    )

    def __str__(self) -> str:
        return self.ref


class Contact(models.Model):
    """Personal details, kept apart from the member so that decisions and analysis never read them."""

    member = models.OneToOneField(Member, on_delete=models.CASCADE, primary_key=True, related_name="contact")
    first_name = models.TextField(blank=True)
    last_name = models.TextField(blank=True)
    email = models.TextField(blank=True)
    phone = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"contact of member {self.member_id}"
