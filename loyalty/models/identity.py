from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce, Greatest, Least

from loyalty.models.load import Load
from loyalty.models.member import Member


class Identity(models.Model):
    """What else points at a member: an e-mail address or a phone number, as a keyed hash, never in plain text.

    A member's own reference needs no row here: it is the key of `Member`, and links for certain.
    """

    class Kind(models.TextChoices):
        EMAIL = "email", "E-mail"
        PHONE = "phone", "Phone"

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="identities", db_index=False)
    kind = models.TextField(choices=Kind.choices)
    digest = models.UUIDField(help_text="The first 128 bits of an HMAC-SHA-256 of the normal form.")
    source = models.TextField(help_text="Where it was told: the members file.")
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "identities"
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind", "source"], name="one_address_of_a_kind_per_member_and_source"
            )
        ]
        indexes = [models.Index(fields=["digest"], name="identities_by_digest")]

    def __str__(self) -> str:
        return f"{self.kind} of member {self.member_id}"


class Linking(models.Model):
    """One pass over the members' addresses: how far it came, and what it found. A pass that broke off goes on."""

    load = models.ForeignKey(
        Load, on_delete=models.SET_NULL, null=True, related_name="+", help_text="The newest members file it knows of."
    )
    total = models.PositiveBigIntegerField(default=0)
    done = models.PositiveBigIntegerField(default=0)
    last_member = models.PositiveBigIntegerField(default=0, help_text="Everyone up to this id is done.")
    pairs = models.PositiveBigIntegerField(default=0, help_text="Pairs that share an address.")
    crowded = models.PositiveBigIntegerField(default=0, help_text="Addresses that too many members share.")
    unlikely = models.PositiveBigIntegerField(
        default=0, help_text="Pairs that share an address and are not asked about."
    )
    merged = models.PositiveBigIntegerField(default=0, help_text="Pairs it merged itself.")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"linking {self.pk}"


class PairQuerySet(models.QuerySet["Pair"]):
    def waiting(self) -> "PairQuerySet":
        """Pairs that nobody answered, of people who are neither one nor told apart by way of others.

        Those put off come last, and the surest first.
        """
        told_apart = Pair.objects.filter(answer=Pair.Answer.DIFFERENT).of_people()
        told_apart = told_apart.filter(one=models.OuterRef("one"), two=models.OuterRef("two"))
        open_ = self.filter(answer=Pair.Answer.NONE).of_people().exclude(one=models.F("two"))
        rows: PairQuerySet = open_.exclude(models.Exists(told_apart))
        return rows.order_by(models.F("put_off_at").asc(nulls_first=True), "-confidence", "pk")

    def of_people(self) -> Any:  # the checker cannot follow what is annotated in a method
        """With the members who stand for the two, the lower id as `one` and the higher as `two`."""
        ends = [Coalesce(f"{end}__alias__survivor_id", f"{end}_id") for end in ("first", "second")]
        return self.annotate(one=Least(*ends), two=Greatest(*ends))


class Pair(models.Model):
    """Two members who may be one person, why that may be, and what somebody answered."""

    class Answer(models.TextChoices):
        NONE = "", "Waiting"
        SAME = "same", "The same person"
        DIFFERENT = "different", "Not the same"

    first = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    confidence = models.FloatField(help_text="The chance that they are one person, by what agrees and what does not.")
    evidence = models.JSONField(default=dict, help_text="What agrees and what does not, without the values.")
    found_at = models.DateTimeField()
    put_off_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(choices=Answer.choices, default=Answer.NONE, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = PairQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="two_members_are_one_pair"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="a_pair_is_of_two_members"),
        ]
        indexes = [models.Index(fields=["-confidence"], condition=models.Q(answer=""), name="pairs_that_wait")]

    def __str__(self) -> str:
        return f"members {self.first_id} and {self.second_id}"


class MergeQuerySet(models.QuerySet["Merge"]):
    def told(self) -> "MergeQuerySet":
        """With everything that a page says of a merge."""
        return self.select_related("kept", "other", "by", "alias__survivor", "undone__by")


class Merge(models.Model):
    """That somebody, or a rule, found `other` to be the same person as `kept`. Append-only, like its undoing."""

    kept = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", help_text="Empty: by rule."
    )
    at = models.DateTimeField()
    why = models.TextField()
    confidence = models.FloatField(null=True)
    evidence = models.JSONField(default=dict)

    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(kept=models.F("other")), name="no_member_is_merged_into_itself"),
            # The pair that an alias's key points at: an alias is of the member whom its merge took in.
            models.UniqueConstraint(fields=["id", "other"], name="merge_with_its_other"),
        ]

    def __str__(self) -> str:
        return f"member {self.other_id} into {self.kept_id}"


class Unmerge(models.Model):
    """That a merge was undone. Append-only."""

    merge = models.OneToOneField(Merge, on_delete=models.PROTECT, related_name="undone")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    why = models.TextField()

    def __str__(self) -> str:
        return f"undoing of merge {self.merge_id}"


class Alias(models.Model):
    """How things stand: a member who is counted as part of another, and the open merge by which that is so.

    `survivor` stands for itself: chains are flattened here, and the database refuses them. No other row moves in a
    merge: purchases, events, consents and decisions stay with the reference they came in with.
    """

    member = models.OneToOneField(Member, on_delete=models.PROTECT, primary_key=True, related_name="alias")
    survivor = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="aliases")
    merge = models.OneToOneField(Merge, on_delete=models.PROTECT, related_name="alias")

    class Meta:
        verbose_name_plural = "aliases"
        constraints = [
            models.CheckConstraint(condition=~models.Q(member=models.F("survivor")), name="nobody_is_their_own_alias")
        ]

    def __str__(self) -> str:
        return f"member {self.member_id} is {self.survivor_id}"
