from dataclasses import replace

import pytest

from analytics.body import Estimate, Needed
from analytics.telling import remedies, steps
from tests import making
from tests.analytics import bodies

OPEN = {"as_of": making.NOON + making.DAY}
ACROSS = (bodies.judged(headline=bodies.effect(0.1, half=0.5)),)
EARLY = (bodies.judged(always=Estimate(0.21, -0.09, 0.51)),)
NEEDED = Needed(times=2.4, members=10_000, held_out=0.1, more_members=14_000, larger_holdout=0.27)


def word(of, needed=None, **changes):
    verdict = replace(bodies.UNKNOWN, word=of, settles=(), needed=needed)
    return bodies.body(**{"verdict": verdict, "judged": ACROSS, **changes})


@pytest.mark.parametrize(
    ("body", "first"),
    [
        (word("pays"), steps.AGAIN),
        (word("pays", **OPEN), steps.GO_ON.format(closes=bodies.CLOSED)),
        (word("does_not_pay"), steps.STOP),
        (word("not_causal"), steps.AT_RANDOM),
        (word("not_yet_known"), remedies.TOO_SMALL),
        (word("not_yet_known", **OPEN), steps.WAIT.format(closes=bodies.CLOSED)),
        (word("not_yet_known", judged=()), steps.AT_RANDOM),
        (word("not_yet_known", judged=(bodies.judged(arm="A"), bodies.judged(arm="B"))), steps.SEVERAL),
        (bodies.hidden(), bodies.BROKEN.sentence),
    ],
)
def test_what_is_recommended_follows_from_the_verdict(body, first):
    assert steps.steps(body).first.startswith(first)


def tenths(least, most, **changes):
    first, *_, last = bodies.body().deciles
    return replace(first, effect=bodies.effect(least)), replace(last, effect=bodies.effect(most), **changes)


@pytest.mark.parametrize(
    ("deciles", "otherwise"),
    [
        (tenths(0.1, 0.6), steps.WIDER),
        (tenths(0.9, 0.6), ""),
        (tenths(0.1, 0.6, few=bodies.FEW), ""),
        (tenths(-0.1, 0.001), ""),
        ((), ""),
    ],
)
def test_more_of_those_who_were_expected_to_bring_most_only_where_they_did(deciles, otherwise):
    assert steps.steps(word("pays", deciles=deciles)).otherwise == otherwise


def test_if_waiting_is_enough_nothing_else_is_said():
    found = steps.steps(word("not_yet_known", replace(NEEDED, days=9), **OPEN))
    assert found.first.endswith(steps.ENOUGH_THEN)
    assert found.otherwise == ""


def test_if_waiting_is_not_enough_it_is_said_what_would_be():
    found = steps.steps(word("not_yet_known", NEEDED, **OPEN))
    assert steps.ENOUGH_THEN not in found.first
    assert found.otherwise == ""
    assert found.afterwards.startswith("Probably not known even then. Next time, hold out 27 %")


def test_next_time_is_recommended_with_another_way_beside_it():
    found = steps.steps(word("not_yet_known", NEEDED))
    assert found.first.startswith("Next time, hold out 27 %")
    assert "Run it 2 more times" in found.otherwise


def test_once_all_is_over_the_advice_is_one_and_says_what_it_may_cost():
    found = steps.steps(word("not_yet_known", NEEDED))
    assert found.first.endswith(
        "If once more is like this, it may lose €3,600 or bring €5,400; the middle is €900. If you cannot bear such a "
        "loss, leave it at that."
    )
    assert found.meanwhile == ""


def test_while_outcomes_count_the_worst_and_the_best_are_told_in_money():
    assert "it may lose €810 or bring" in steps.steps(word("not_yet_known", NEEDED, judged=EARLY, **OPEN)).meanwhile


def test_a_middle_that_is_a_loss_is_left_unless_one_wants_to_know():
    loss = (bodies.judged(headline=bodies.effect(-0.1, half=0.5)),)
    found = steps.steps(word("not_yet_known", NEEDED, judged=loss))
    assert found.first.startswith("Leave it at that: if once more is like this, it may lose €5,400 or bring €3,600")
    assert found.otherwise.startswith("If you want to know all the same: Next time, hold out 27 %")


@pytest.mark.parametrize(
    ("value", "said"), [(0.5, "it may bring €3,420 to €5,580;"), (-0.5, "it may lose €3,420 to €5,580,")]
)
def test_of_too_few_members_a_range_on_one_side_of_0_is_told_as_it_is(value, said):
    sure = (bodies.judged(headline=bodies.effect(value)),)
    found = steps.steps(word("not_yet_known", NEEDED, judged=sure))
    assert said in found.first
    assert "cannot bear" not in found.first


def test_while_outcomes_count_nothing_is_lost_by_stopping():
    assert "goes on being counted" in steps.steps(word("does_not_pay", **OPEN)).meanwhile
    assert steps.steps(word("does_not_pay")).meanwhile == ""
