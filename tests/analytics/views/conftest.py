import datetime as dt
from decimal import Decimal

import pytest

from analytics import writing
from analytics.body import Cost
from analytics.models import ProgrammeReport
from analytics.programme.quarter import Quarter
from campaigns import holdouts
from tests import making
from tests.analytics import bodies
from tests.analytics.conftest import AFTER

MARGIN = bodies.judged(arm="everybody_else", versus="universal")
VISITS = bodies.judged("baskets", "Visits per member", kind="number", headline=bodies.effect(0.05, half=0.02))


@pytest.fixture
def draw(db, ana):
    return holdouts.draw(
        begins=making.NOON.date(),
        universal_share=Decimal("0.05"),
        generic_share=Decimal("0.04"),
        by=ana,
        at=making.NOON,
    )


@pytest.fixture
def told_quarter(draw):
    """Freezes a quarter of which the margin since the draw is as given."""

    def told(day=dt.date(2026, 1, 1), so_far=MARGIN, **facts):
        moment = dt.datetime.combine(day, dt.time(tzinfo=dt.UTC))
        defaults = {
            "quarter": day,
            "currency": "EUR",
            "began": moment,
            "since": moment,
            "until": moment + 31 * making.DAY,
            "closes": moment + 90 * making.DAY,
            "as_of": moment + 31 * making.DAY,
            "checks": (bodies.SIZES,),
            "arms": bodies.body().arms,
            "judged": (MARGIN, VISITS),
            "so_far": so_far,
            "costs": (Cost("Messages", 90.0),),
        }
        text = writing.written(Quarter(**{**defaults, **facts}))
        return ProgrammeReport.objects.create(
            draw=draw,
            quarter=day,
            version=1,
            body=text,
            digest=writing.digest(text),
            as_of=AFTER,
            code="c0de",
            is_final=False,
        )

    return told
