"""What members did with messages, and what the campaign cost: told last, and never the verdict."""

from collections.abc import Iterator

import numpy as np

from analytics.body import Cost, Counted
from analytics.gathering.engagement import Engagement
from analytics.judging.study import Study
from analytics.measurement.validity.engagement import by_programs

LABELS = {"open": "Opened the message", "click": "Clicked", "offer_viewed": "Saw the offer in the app"}


def engagement(study: Study) -> tuple[Counted, ...]:
    """Members who did each at least once, of those who were sent something; programs that check links are left out."""
    return tuple(_engagement(study))


def _engagement(study: Study) -> Iterator[Counted]:
    messages, found = study.of.spent.messages > 0, study.of.engagement
    sent = int(np.count_nonzero(messages))
    if not sent:
        return
    human = ~by_programs(found.member, found.at, found.after)
    for code, kind in enumerate(found.kinds):
        if (found.kind == code).any():
            did, left_out = _members(found, code, human), _members(found, code, ~human)
            yield Counted(LABELS[kind], len(did), sent, len(np.setdiff1d(left_out, did)))
    yield Counted("Redeemed the offer", len(np.unique(study.of.spent.at)), sent)


def _members(found: Engagement, code: int, chosen: np.ndarray) -> np.ndarray:
    return np.unique(found.member[(found.kind == code) & chosen])


def costs(study: Study) -> tuple[Cost, ...]:
    """All of the campaign's, in money; the margin is net of them."""
    spent = study.of.spent
    found = {
        "Discounts at the till": spent.discount.sum(),
        "Rewards": spent.reward.sum(),
        "Messages": spent.contacts.sum(),
    }
    return tuple(Cost(label, float(amount)) for label, amount in found.items())
