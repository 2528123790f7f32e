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
    compared, found = study.is_compared, study.of.engagement
    sent = int(np.count_nonzero((study.of.spent.messages > 0) & compared))
    if not sent:
        return
    human, ours = ~by_programs(found.member, found.at, found.after), compared[found.member]
    for code, kind in enumerate(found.kinds):
        if (found.kind == code).any():
            did, left_out = _members(found, code, human & ours), _members(found, code, ~human & ours)
            yield Counted(LABELS[kind], len(did), sent, len(np.setdiff1d(left_out, did)))
    redeemed = study.of.spent.at
    yield Counted("Redeemed the offer", len(np.unique(redeemed[compared[redeemed]])), sent)


def _members(found: Engagement, code: int, chosen: np.ndarray) -> np.ndarray:
    return np.unique(found.member[(found.kind == code) & chosen])


def costs(study: Study) -> tuple[Cost, ...]:
    """Of the arms that are compared, in money; their margin is net of them."""
    spent, compared = study.of.spent, study.is_compared
    redeemed = compared[spent.at]
    found = {
        "Discounts at the till": spent.discount[redeemed].sum(),
        "Rewards": spent.reward[redeemed].sum(),
        "Messages": spent.contacts[compared].sum(),
    }
    return tuple(Cost(label, float(amount)) for label, amount in found.items())
