"""What came of a run, so that two of them can be compared: all of it but keys and times."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection

from campaigns.models import Run

DECIDED = ("member_id", "rank", "arm", "held_out", "explored", "run_offer__position", "score", "probability")
DELIVERED = ("member_id", "rank", "channel", "held_out", "run_offer__position", "state", "reason")
OF_THE_RUN = (
    "state", "sentence", "share_held_out", "funnel", "value", "bound", "contact_price", "budget_price",
    "channel_prices", "outlook",
)  # fmt: skip
OF_ITS_OFFERS = ("offer_id", "approval_id", "limit", "budget", "least", "assigned", "spend", "price", "budget_price")
TWICE = "SELECT count(*) - count(DISTINCT (member_id, rank)) FROM {table}"


@dataclass(frozen=True)
class Outcome:
    """Decisions, deliveries, the run's figures with those of its offers, and how many messages were handed over."""

    decided: list[tuple]
    delivered: list[tuple]
    figures: list[Any]
    mails: int

    @classmethod
    def of(cls, run: Run) -> "Outcome":
        run.refresh_from_db()
        return cls(
            decided=list(run.decisions.order_by("member_id", "rank").values_list(*DECIDED)),
            delivered=list(run.deliveries.order_by("member_id", "rank", "channel").values_list(*DELIVERED)),
            figures=[getattr(run, name) for name in OF_THE_RUN] + list(run.offers.values_list(*OF_ITS_OFFERS)),
            mails=len(list(settings.MAILBOX.glob(f"{run.pk}-*.eml"))),
        )


def wrongs(run: Run, undisturbed: Outcome) -> list[str]:
    """Sentences about all in which a run is not what the undisturbed one was; none where it is."""
    outcome = Outcome.of(run)
    told = [] if run.state == Run.State.FINISHED else [f"The run is {run.state}: {run.sentence}"]
    keys = Counter(row[:2] for row in outcome.decided)
    told += [f"{key} was decided {count} times." for key, count in keys.items() if count > 1]
    messages = Counter(row[:3] for row in outcome.delivered)
    told += [f"{key} was delivered {count} times." for key, count in messages.items() if count > 1]
    for name in ("decided", "delivered"):
        mine, other = set(getattr(outcome, name)), set(getattr(undisturbed, name))
        if mine != other:
            told.append(f"{name}: {len(other - mine)} rows are missing or changed, {len(mine - other)} are not meant.")
    if outcome.figures != undisturbed.figures:
        told.append(f"{outcome.figures} instead of {undisturbed.figures}")
    if outcome.mails != undisturbed.mails:
        told.append(f"{outcome.mails} messages were handed over instead of {undisturbed.mails}.")
    return told


def written_twice(run: Run) -> int:
    """Decisions beyond the first of a member and rank, also before they are a part of the log."""
    table = f"campaigns_decision_{run.pk}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute(TWICE.format(table=table))
        return int(cursor.fetchone()[0])
