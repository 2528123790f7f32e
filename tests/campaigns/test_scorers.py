from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, connections, transaction
from django.db.utils import IntegrityError, InternalError

from campaigns import scorers
from campaigns.models import Ruling, Scorer
from campaigns.scoring import affinity, history
from loyalty.refusal import Refused
from tests import making

pytestmark = pytest.mark.django_db

State = Scorer.State


def entered(**facts) -> Scorer:
    fitted = affinity.learn(history.joined([]))
    told = {"purpose": "offers", "kind": "affinity", "card": {}, "code": "", "at": making.NOON}
    return scorers.enter(fitted, **told | facts)


def promote(challenger: Scorer, over: Scorer | None) -> bool:
    return scorers.promote(challenger, over=over, why="better", at=making.NOON)


def champions() -> list[Scorer]:
    return list(Scorer.objects.filter(state=State.CHAMPION))


def test_a_challenger_decides_nothing():
    entered()
    assert champions() == []


def test_who_was_in_use_makes_room_and_both_keep_the_reason():
    first, second = entered(), entered()
    assert promote(first, None)
    assert promote(second, first)
    assert champions() == [second]
    first.refresh_from_db()
    assert (first.state, first.verdict) == (State.RETIRED, f"Scorer {second.pk} is in use instead. better")
    assert [ruling.state for ruling in Ruling.objects.filter(scorer=first)] == [State.RETIRED, State.CHAMPION]


def test_a_challenger_judged_against_another_than_the_one_in_use_waits():
    first, second, third = entered(), entered(), entered()
    promote(first, None)
    promote(second, first)
    assert not promote(third, first)
    assert champions() == [second]


def test_every_purpose_has_one_of_its_own():
    for purpose in Scorer.Purpose.values:
        assert promote(entered(purpose=purpose), None)
    assert len(champions()) == 3


def test_two_in_use_for_one_purpose_are_impossible():
    making.scorer(state=State.CHAMPION)
    with pytest.raises(IntegrityError):
        making.scorer(state=State.CHAMPION)


def together(*jobs) -> list[bool]:
    """Do all jobs at the same moment, each with a connection of its own."""
    ready = Barrier(len(jobs))

    def do(job) -> bool:
        try:
            ready.wait()
            return job()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(do, jobs))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_taken", [True, False], ids=["taken", "empty"])
def test_of_challengers_at_the_same_time_one_comes_into_use(is_taken):
    champion = making.scorer(state=State.CHAMPION) if is_taken else None
    challengers = [entered() for _ in range(4)]
    came = together(*(lambda each=each: promote(each, champion) for each in challengers))
    assert sum(came) == 1
    assert champions() == [challengers[came.index(True)]]


@pytest.fixture
def unguarded(monkeypatch, transactional_db):
    """Nobody looks at what is in use by now, and the database does not mind two."""
    (constraint,) = (each for each in Scorer._meta.constraints if each.name == "one_champion_per_purpose")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Scorer, constraint)
    champion = making.scorer(state=State.CHAMPION)
    monkeypatch.setattr(scorers, "_held", lambda purpose: champion)
    yield champion
    Scorer.objects.update(state=State.RETIRED)
    with connection.schema_editor() as editor:
        editor.add_constraint(Scorer, constraint)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_and_the_constraint_several_would(unguarded):
    """The negative control."""
    challengers = [entered() for _ in range(4)]
    came = together(*(lambda each=each: promote(each, unguarded) for each in challengers))
    assert sum(came) > 1
    assert len(champions()) > 1


def test_why_an_earlier_one_decides_again_is_kept_with_who_said_so(abel):
    earlier, champion = making.scorer(), making.scorer(state=State.CHAMPION)
    scorers.put_back(earlier, by=abel, at=making.NOON, why="It was calmer.")
    assert champions() == [earlier]
    rulings = Ruling.objects.filter(scorer__in=[earlier, champion])
    assert {(ruling.state, ruling.by) for ruling in rulings} == {(State.CHAMPION, abel), (State.RETIRED, abel)}


@pytest.mark.parametrize("state", [State.REJECTED, State.CHALLENGER])
def test_one_that_never_was_in_use_is_not_put_back(abel, state):
    with pytest.raises(Refused, match="was never in use"):
        scorers.put_back(making.scorer(state=state), by=abel, at=making.NOON, why="I like it.")


def test_rulings_are_never_edited_or_deleted():
    promote(entered(), None)
    for change in (lambda rows: rows.update(why="otherwise"), lambda rows: rows.delete()):
        with pytest.raises((IntegrityError, InternalError)):
            change_apart(change)


def change_apart(change) -> None:

    with transaction.atomic():
        change(Ruling.objects.all())
