from dataclasses import replace

import pytest

from analytics.telling import conclusions
from tests import making
from tests.analytics import bodies


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (
            0.5,
            "Personal offers bring more: about €0.50 more margin per member than the best single offer, between €0.4",
        ),
        (
            -0.5,
            "Personal offers bring less: about €0.50 less margin per member than the best single offer, between €0.4",
        ),
        (0.05, "Not yet known: personal offers bring between −€0.04 and €0.14 margin per member more"),
    ],
)
def test_one_sentence_says_whether_personal_offers_beat_one_for_all(value, said):
    generic = bodies.judged(versus="generic", headline=bodies.effect(value, half=0.09))
    assert conclusions.personal_or_generic(bodies.body(personal_or_generic=(generic,))).startswith(said)


def test_with_few_members_neither_is_said_to_bring_more():
    generic = bodies.judged(versus="generic", headline=bodies.effect(0.5, half=0.3), few=bodies.FEW)
    said = conclusions.personal_or_generic(bodies.body(personal_or_generic=(generic,)))
    assert said.startswith("Not yet known: there are only 30 members with the one best offer")
    assert "About 420 are needed" in said


def test_without_a_generic_arm_nothing_is_said_of_it():
    assert conclusions.personal_or_generic(bodies.body(personal_or_generic=())) == ""


def test_while_outcomes_count_the_criterion_goes_by_the_interval_that_allows_looking():
    found = conclusions.criterion(bodies.body(as_of=making.NOON + making.DAY))
    assert (found.written, found.known) == ("No lift after two weeks.", bodies.judged().always)


def test_a_criterion_that_nobody_wrote_is_none():
    assert conclusions.criterion(bodies.body(promise=replace(bodies.PROMISE, exit_criterion=""))) is None


def test_of_a_hidden_report_a_criterion_has_nothing_to_go_by():
    found = conclusions.criterion(bodies.hidden())
    assert (found.judged, found.known) == (None, None)
