import datetime as dt

import pytest
from celery import current_app
from django.urls import reverse
from kombu.exceptions import OperationalError

from loyalty import profiles, tasks
from loyalty.models import Snapshot
from loyalty.profiles import workspace
from tests import making
from tests.reading import is_part, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def data(settings, tmp_path):
    settings.DATA = tmp_path


@pytest.fixture
def operator(as_, otto):
    return as_(otto)


@pytest.fixture
def called(monkeypatch):
    """The tasks that workers were called for."""
    names = []
    monkeypatch.setattr(current_app, "send_task", lambda name, **_: names.append(name))
    return names


@pytest.fixture
def built():
    making.member()
    return profiles.build(dt.date(2026, 3, 3), at=making.NOON)


@pytest.fixture
def underway():
    """A build that is being carried out, and told how far it is."""
    begun = Snapshot.objects.create(as_of=dt.date(2026, 3, 4), started_at=making.NOON)
    with workspace.of(begun) as directory:
        workspace.tell(directory, "Reading purchases: 40%, 9 lines a second, 3 s left")
        yield


def show(client, headers=None, **query):
    return client.get(reverse("profiles"), query, headers=headers)


def test_the_page_says_which_profiles_are_in_use(operator, built):
    said = words(show(operator))
    assert "What was known of 1 member at the start of 3 March 2026" in said
    assert "3 Mar 2026 In use" in said


def test_without_profiles_it_says_how_they_come_about(operator):
    assert "They are built every night out of what was loaded, or now." in words(show(operator))


def test_a_withdrawn_one_says_why(operator, built):
    profiles.withdraw(built.pk, why="half a file", at=making.NOON)
    assert "Withdrawn half a file" in words(show(operator))


@pytest.mark.usefixtures("underway")
def test_whoever_waits_sees_how_far_the_build_is(as_, noor):
    for headers in (None, HTMX):
        response = show(as_(noor), headers)
        assert "Reading purchases: 40%, 9 lines a second, 3 s left" in words(response)
        assert is_part(response) is (headers is not None)


def test_once_it_is_over_the_page_is_read_anew(operator, built):
    assert show(operator, HTMX)["HX-Refresh"] == "true"


def test_an_operator_has_them_built_and_waits_until_there_are_newer_ones(operator, called, built):
    answer = operator.post(reverse("profiles_build"))
    assert called == [tasks.build_snapshot.name]
    assert answer.url == f"{reverse('profiles')}?after={built.pk}"
    assert "Waiting for a worker" in words(operator.get(answer.url))
    profiles.build(dt.date(2026, 3, 3), at=making.NOON)
    assert "Waiting for a worker" not in words(operator.get(answer.url))


@pytest.mark.usefixtures("underway")
def test_while_one_is_built_no_other_is_asked_for(operator, called):
    assert operator.post(reverse("profiles_build")).url == reverse("profiles")
    assert called == []


def test_where_no_worker_can_be_called_the_page_says_what_to_do(operator, monkeypatch):
    def unreachable(*_, **__):
        raise OperationalError

    monkeypatch.setattr(current_app, "send_task", unreachable)
    said = words(operator.post(reverse("profiles_build"), follow=True))
    assert "No worker could be called" in said
    assert "manage.py snapshot" in said
