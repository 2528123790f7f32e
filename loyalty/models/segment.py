from django.conf import settings
from django.db import models


class Segment(models.Model):
    """A group of members by rule; the rule lives in numbered versions and the highest number is the one in force."""

    name = models.TextField(unique=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def current(self) -> "SegmentVersion":
        return self.versions.latest("number")


class SegmentVersionQuerySet(models.QuerySet["SegmentVersion"]):
    def in_force(self) -> "SegmentVersionQuerySet":
        """The newest version of every segment."""
        return self.order_by("segment_id", "-number").distinct("segment_id")


class SegmentVersion(models.Model):
    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    rule = models.JSONField()
    matching = models.PositiveBigIntegerField(help_text="Members who matched when it was saved.")
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField()

    objects = SegmentVersionQuerySet.as_manager()

    class Meta:
        ordering = ["segment", "-number"]
        constraints = [models.UniqueConstraint(fields=["segment", "number"], name="segment_versions_are_numbered")]

    def __str__(self) -> str:
        return f"{self.segment} (version {self.number})"
