"""The quick form of what `make calibrate` counts: from assignment to report, nothing is found where nothing is."""

import pytest

from analytics import freezing
from campaigns.models import Ghost
from tests.calibration import stack

pytestmark = pytest.mark.django_db

MEMBERS, RUNS = 400, 8
# Of 8 reports, more than 3 find a difference by chance once in 2,700 times.
MOST = 3
EFFECT = "8.00"


@pytest.fixture
def runs(data, offer, rng):
    stack.open_house(MEMBERS, data, rng)
    return [stack.launched(number, offer) for number in range(RUNS)]


def test_campaigns_that_change_nothing_are_not_found_to_change_anything(runs, data, rng):
    stack.bring(stack.shopping(MEMBERS, 0, stack.DAYS, rng), data)
    bodies = stack.reported(runs)
    assert Ghost.objects.filter(state="would_send").exists()
    assert [check for body in bodies for check in body.checks if check.state == "stop"] == []
    p = [body.of("margin").headline.each.p for body in bodies]
    assert len(set(p)) == RUNS
    assert sum(each < 0.05 for each in p) <= MOST


def test_one_that_changes_something_is_found(runs, data, rng):
    """The control: who is treated in the first campaign buys once more."""
    treated = set(runs[0].decisions.filter(held_out=False).values_list("member__ref", flat=True))
    more = [
        {**line, "line_ref": f"more-{ref}", "basket_ref": f"more-{ref}", "member_ref": ref, "margin_amount": EFFECT}
        for ref, line in zip(sorted(treated), [stack.shopping(MEMBERS, 0, 1, rng)[0]] * len(treated), strict=True)
    ]
    stack.bring([*stack.shopping(MEMBERS, 0, stack.DAYS, rng), *more], data)
    body = freezing.freeze(runs[0], as_of=stack.CLOSED).told
    assert body.verdict.word == "pays"
