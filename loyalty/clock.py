"""The programme's clock, read only at the edges (views, tasks, commands): below them, time is an argument."""

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string


def now() -> dt.datetime:
    """The moment it is for the programme, in UTC; `settings.CLOCK` names the function that tells."""
    tell: Callable[[], dt.datetime] = import_string(settings.CLOCK)
    return tell()


def by_the_database() -> dt.datetime:
    """The moment it is for the programme by the database's clock, about which workers need not agree."""
    ahead = now() - timezone.now()  # of the real time: nothing, but where time is simulated
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: dt.datetime = cursor.fetchone()[0]
    return moment + ahead


def today() -> dt.date:
    """The day it is where the retailer is."""
    return local_day(now())


def local_day(moment: dt.datetime) -> dt.date:
    """The retailer's day on which a moment falls."""
    return moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def start_of(day: dt.date) -> dt.datetime:
    """Midnight at the start of a day in the retailer's time zone."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time()), ZoneInfo(settings.TIME_ZONE))
