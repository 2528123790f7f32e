import pytest

from campaigns import scorers
from campaigns.models import Scorer
from campaigns.scoring import affinity, history
from campaigns.scoring.intervals import Estimate
from campaigns.training.card import Card, Quality
from campaigns.training.contest import BROKE_OFF, Entry, Judged, contest
from campaigns.training.rule import Standing
from tests import making

pytestmark = pytest.mark.django_db

GAIN, LOSS = Estimate(0.2, 0.1, 0.3), Estimate(-0.2, -0.3, -0.1)
State = Scorer.State


def entry(kind: str = "uplift") -> Entry:
    return Entry("offers", kind, affinity.learn(history.joined([])), Card(None, None, (), Quality()))


def judged(over: Estimate | None) -> Judged:
    return Judged(Quality(), Standing("Qini", "it is {} above {}", "9 later decisions", GAIN, over, GAIN))


def fight(judge, kind: str = "uplift") -> Scorer:
    contest(entry(kind), judge, at=making.NOON)
    return Scorer.objects.filter(kind=kind).first()


def test_what_came_into_use_meanwhile_is_what_a_challenger_is_judged_against():
    champion, faster = (making.scorer(state=state, learned_from=9) for state in (State.CHAMPION, State.CHALLENGER))
    against = []

    def judge(in_use):
        against.append(in_use)
        if len(against) == 1:
            scorers.promote(faster, over=champion, why="faster", at=making.NOON)
        return judged(GAIN if in_use == champion else LOSS)

    challenger = fight(judge)
    assert against == [champion, faster]
    assert challenger.state == State.REJECTED
    assert Scorer.objects.champion("offers") == faster


def test_the_fallback_says_why_it_still_decides():
    fallback = making.scorer(state=State.CHAMPION, learned_from=9)
    challenger = fight(lambda in_use: judged(LOSS))
    fallback.refresh_from_db()
    assert fallback.verdict.startswith(f"It decides, and not scorer {challenger.pk} (uplift): its Qini on 9 later")


def test_a_fallback_that_did_no_better_than_another_leaves_its_ruling_alone():
    fallback = making.scorer(state=State.CHAMPION, learned_from=9, verdict="In use: as ever.")
    fight(lambda in_use: judged(LOSS), kind="affinity")
    fallback.refresh_from_db()
    assert fallback.verdict == "In use: as ever."


def test_a_challenger_whose_judging_breaks_is_never_in_use():
    with pytest.raises(ZeroDivisionError):
        fight(lambda in_use: 1 / 0)
    (challenger,) = Scorer.objects.all()
    assert (challenger.state, challenger.verdict) == (State.REJECTED, BROKE_OFF)
