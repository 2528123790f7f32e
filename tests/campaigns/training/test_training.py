import pytest

from campaigns import scorers, training
from campaigns.models import Campaign, Run, Scorer
from tests import making

pytestmark = pytest.mark.django_db

LATER = making.NOON + 30 * making.DAY


@pytest.fixture
def past(settings, tmp_path, mara, abel):
    """A past random campaign of another tool, in which points doubled what members bought."""
    settings.DATA = tmp_path
    terms = making.approved_terms(author=mara, approver=abel, kind="points")
    campaign = making.campaign(imported=True, design="randomised")
    run = making.run(campaign, terms, state=Run.State.FINISHED)
    for number in range(400):
        member, held_out = making.member(email=None), number % 2 == 0
        making.decision(run, member, offer=None if held_out else run.offers.get(), held_out=held_out)
        ref = "" if held_out or number % 4 == 1 else terms.offer.ref
        at = making.NOON + making.DAY
        making.purchase(member, at=at, margin=str((1 if held_out else 2) + number % 3), offer_ref=ref)
    return run


def test_a_kind_that_earned_more_is_expected_to(past):
    """The planted effect is 1.00; what is learned is that, a little less for the prior."""
    learned = training.champion(at=LATER)
    fitted = scorers.opened(learned)
    assert 0.8 < fitted.kinds["points"].effect < 1.05
    assert 0.2 < fitted.kinds["points"].redemption < 0.5
    assert "400 past random decisions in 1 campaign" in learned.basis


def test_a_kind_that_was_never_tried_is_expected_to_earn_less_than_one_that_worked(past):
    fitted = scorers.opened(training.champion(at=LATER))
    assert fitted.kinds["percent"].effect < fitted.kinds["points"].effect
    assert fitted.kinds["percent"].decisions == 0


def test_outcomes_that_are_still_open_teach_nothing(past):
    assert training.champion(at=past.outcomes_until - making.DAY).learned_from == 0


def test_our_own_choices_teach_nothing(past):
    Campaign.objects.update(imported=False)
    assert training.champion(at=LATER).learned_from == 0


def test_without_history_the_prior_says_that_it_decides(db):
    champion = training.champion(at=making.NOON)
    assert "No past random decisions" in champion.basis
    assert "could not be judged" in champion.verdict


def test_the_prior_gives_way_to_the_first_that_learned(past):
    first = training.champion(at=making.NOON)
    training.train(at=LATER)
    assert Scorer.objects.champion("offers").learned_from == 400
    first.refresh_from_db()
    assert first.state == Scorer.State.RETIRED


def test_one_period_alone_brings_nothing_new(past):
    champion = training.champion(at=LATER)
    assert "none is later" in champion.verdict
    told, *_ = training.train(at=LATER + making.DAY)
    assert told == f"Nothing new to learn from. Scorer {champion.pk} (affinity) goes on deciding what offers are worth."
    assert Scorer.objects.count() == 1


def test_what_was_learned_comes_back_from_its_record(past):
    record = training.champion(at=LATER)
    assert scorers.opened(record).to_json() == Scorer.objects.get(pk=record.pk).parameters
