import datetime as dt
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone

AHEAD = dt.timedelta(days=1)  # how far the day of a snapshot may lie after the day of its building


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def ready(self) -> "SnapshotQuerySet":
        """Those to rely on: one of a day that was yet to come when it was built cannot know that day."""
        known_in_time = models.Q(built_at__date__gte=models.F("as_of") - AHEAD)
        return self.filter(known_in_time, built_at__isnull=False, withdrawn_at=None)

    def latest_ready(self) -> "Snapshot | None":
        return next(iter(self.raw(*_latest_ready(timezone.get_current_timezone_name()))), None)


class Snapshot(models.Model):
    """Names an immutable directory of column files: what was known of every member at the start of a day."""

    as_of = models.DateField()
    directory = models.TextField(help_text="Below the data directory.", blank=True)
    members = models.PositiveBigIntegerField(default=0)
    columns = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(null=True, blank=True)
    started_at = models.DateTimeField()
    built_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["-as_of", "-id"], name="latest_snapshot")]

    def __str__(self) -> str:
        return f"snapshot {self.pk} as of {self.as_of}"

    @property
    def path(self) -> Path:
        return settings.DATA / self.directory


@cache
def _latest_ready(_zone: str) -> tuple[str, tuple[Any, ...]]:
    """The question put into SQL once, since it is asked at every keystroke in a segment; days are those of a zone."""
    sql, values = Snapshot.objects.ready().order_by("-as_of", "-id")[:1].query.sql_with_params()
    return sql, tuple(values)
