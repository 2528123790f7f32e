"""How far a question about the record reaches: over which rows, how many at once, and up to which moment."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import Max, Min, Model

from loyalty import clock
from loyalty.models import Member

ROWS_PER_BLOCK = 1 << 16


def last_member() -> int:
    """The highest id of a member, 0 where there is none."""
    return Member.objects.aggregate(last=Max("pk"))["last"] or 0


def span(of: type[Model]) -> dict[str, Any]:
    """The first and the last id of a table, both None where it is empty, and how many make a block."""
    ends = of._default_manager.aggregate(first=Min("pk"), last=Max("pk"))
    return {**ends, "rows": ROWS_PER_BLOCK}


def until(as_of: dt.date) -> dict[str, Any]:
    """The moment a day begins, and where."""
    return {"zone": settings.TIME_ZONE, "until": clock.start_of(as_of)}
