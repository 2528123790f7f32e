"""Makes a report when somebody asks for it, rather than at night: of a campaign, or of the whole programme."""

import datetime as dt

from django.contrib.auth.models import User

from analytics import freezing, hints
from analytics.models import Making
from analytics.programme import freezing as quarters
from campaigns.models import Campaign, Run
from loyalty.refusal import Refused

GIVEN_UP = dt.timedelta(hours=1)  # no report takes that long: the worker is gone
FAILED = "It failed for a reason that the worker's log tells. Nothing was lost: ask for it again, or for help."


def ask(campaign: Campaign, *, by: User | None, at: dt.datetime) -> Making:
    """Record that a report is wanted, and call a worker for it; Refused where nobody was decided on yet."""
    run = freezing.run_of(campaign)
    return _asked(newest(campaign, at=at), run, by=by, at=at)


def ask_for_programme(*, by: User | None, at: dt.datetime) -> Making:
    """Record that the quarters of the programme are to be told anew, and call a worker for it."""
    return _asked(newest_of_programme(at=at), None, by=by, at=at)


def _asked(last: Making | None, run: Run | None, *, by: User | None, at: dt.datetime) -> Making:
    if last and not last.finished_at:
        return last
    making = Making.objects.create(run=run, asked_by=by, asked_at=at)
    hints.make_report(making.pk)
    return making


def make(making: Making, *, at: dt.datetime) -> None:
    """Freeze what is known now, or keep the reason why there is nothing to freeze."""
    try:
        _freeze(making.run, at)
    except Refused as refusal:
        making.sentence = str(refusal)
    except Exception:
        making.sentence = FAILED  # whoever waits for it is told, and whoever runs the workers reads what it was
        raise
    finally:
        making.finished_at = at
        making.save(update_fields=["sentence", "finished_at"])


def newest(campaign: Campaign, *, at: dt.datetime) -> Making | None:
    """The last one asked for of a campaign, unless its worker was lost."""
    return _unless_lost(Making.objects.filter(run__campaign=campaign).first(), at)


def newest_of_programme(*, at: dt.datetime) -> Making | None:
    """The last one asked for of the programme, unless its worker was lost."""
    return _unless_lost(Making.objects.filter(run=None).first(), at)


def _unless_lost(found: Making | None, at: dt.datetime) -> Making | None:
    lost = found and not found.finished_at and found.asked_at < at - GIVEN_UP
    return None if lost else found


def _freeze(run: Run | None, at: dt.datetime) -> None:
    if run:
        freezing.freeze(run, as_of=at)
    else:
        quarters.freeze_all(as_of=at)
