"""Makes a report when somebody asks for it, rather than at night."""

import datetime as dt

from django.contrib.auth.models import User

from analytics import freezing, hints
from analytics.models import Making
from campaigns.models import Campaign
from loyalty.refusal import Refused

GIVEN_UP = dt.timedelta(hours=1)  # no report takes that long: the worker is gone
FAILED = "It failed for a reason that the worker's log tells. Nothing was lost: ask for it again, or for help."


def ask(campaign: Campaign, *, by: User | None, at: dt.datetime) -> Making:
    """Record that a report is wanted, and call a worker for it; Refused where nobody was decided on yet."""
    run = freezing.run_of(campaign)
    if (under_way := newest(campaign, at=at)) and not under_way.finished_at:
        return under_way
    making = Making.objects.create(run=run, asked_by=by, asked_at=at)
    hints.make_report(making.pk)
    return making


def make(making: Making, *, at: dt.datetime) -> None:
    """Freeze what is known of the run now, or keep the reason why there is nothing to freeze."""
    try:
        freezing.freeze(making.run, as_of=at)
    except Refused as refusal:
        making.sentence = str(refusal)
    except Exception:
        making.sentence = FAILED  # whoever waits for it is told, and whoever runs the workers reads what it was
        raise
    finally:
        making.finished_at = at
        making.save(update_fields=["sentence", "finished_at"])


def newest(campaign: Campaign, *, at: dt.datetime) -> Making | None:
    """The last one asked for, unless its worker was lost."""
    found = Making.objects.filter(run__campaign=campaign).first()
    lost = found and not found.finished_at and found.asked_at < at - GIVEN_UP
    return None if lost else found
