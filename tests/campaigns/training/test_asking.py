from threading import Event, Thread

import pytest
from django.db import connections

from campaigns import tasks
from campaigns.models import Training
from campaigns.training import asking
from loyalty.refusal import Refused
from tests import making
from tests.making import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def trained(monkeypatch) -> list[str]:
    """What is trained is only noted."""
    done: list[str] = []

    def train(*, at, report):
        report("Learning")
        done.append(Training.objects.get().doing)
        return ["Scorer 7 is in use."]

    monkeypatch.setattr(asking, "train", train)
    monkeypatch.setattr("campaigns.hints.train", lambda pk: None)
    return done


def asked() -> Training:
    return asking.ask(by=None, at=NOON)


def work(training: Training) -> None:
    asking.work(training, now=lambda: NOON + making.DAY / 24)


def test_what_came_of_it_is_kept_and_its_steps_are_told_meanwhile(trained):
    training = asked()
    work(training)
    assert trained == ["Learning"]
    training.refresh_from_db()
    assert (training.sentences, training.doing, training.failed) == (["Scorer 7 is in use."], "", False)
    assert asking.under_way(at=NOON) is None


def test_a_task_that_comes_twice_trains_once(trained):
    training = asked()
    work(training)
    work(training)
    assert len(trained) == 1


@pytest.mark.django_db(transaction=True)
def test_a_task_that_comes_while_another_worker_is_at_it_does_nothing(trained, monkeypatch):
    training, begun, may_end = asked(), Event(), Event()

    def slowly(*, at, report):
        trained.append("slowly")
        begun.set()
        may_end.wait(20)
        return []

    def in_another_worker() -> None:
        work(training)
        connections.close_all()

    monkeypatch.setattr(asking, "train", slowly)
    other = Thread(target=in_another_worker)
    other.start()
    assert begun.wait(20)
    work(Training.objects.get())
    may_end.set()
    other.join()
    assert trained == ["slowly"]


def test_one_that_breaks_says_so_and_the_next_may_begin(trained, monkeypatch):
    def broken(*, at, report):
        raise ZeroDivisionError

    monkeypatch.setattr(asking, "train", broken)
    training = asked()
    with pytest.raises(ZeroDivisionError):
        work(training)
    training.refresh_from_db()
    assert (training.failed, training.sentences) == (True, [asking.BROKE])
    assert asked()


def test_nobody_waits_for_ever_for_one_whose_worker_was_killed(trained):
    asked()
    with pytest.raises(Refused, match="being trained already"):
        asking.ask(by=None, at=NOON + asking.PATIENCE / 2)
    assert asking.ask(by=None, at=NOON + asking.PATIENCE)


def test_a_lost_hint_is_given_again_until_somebody_began(trained, monkeypatch):
    called: list[int] = []
    monkeypatch.setattr("campaigns.hints.train", called.append)
    training = asked()
    asking.call_again(at=NOON + asking.OVERDUE)
    assert called == []
    asking.call_again(at=NOON + 2 * asking.OVERDUE)
    assert called == [training.pk]
    work(training)
    asking.call_again(at=NOON + 2 * asking.OVERDUE)
    assert called == [training.pk]


def test_the_night_asks_for_a_training_unless_there_is_one(trained):
    tasks.train_scorers()
    tasks.train_scorers()
    assert Training.objects.get().asked_by is None
