import pytest
from django.db import DatabaseError, transaction

from loyalty import reveals
from loyalty.models import Reveal
from loyalty.refusal import Refused
from tests import making
from tests.making import NOON

pytestmark = pytest.mark.django_db


def test_looking_is_written_down_with_who_when_and_why(otto):
    iris = making.member(email="iris@example.com")
    assert reveals.reveal(iris, by=otto, at=NOON, reason="asked").email == "iris@example.com"
    seen = Reveal.objects.get()
    assert (seen.member, seen.by, seen.at, seen.reason) == (iris, otto, NOON, "asked")


@pytest.mark.parametrize("reason", ["", "because"])
def test_without_a_reason_nothing_is_shown(otto, reason):
    with pytest.raises(Refused, match="Choose why"):
        reveals.reveal(making.member(), by=otto, at=NOON, reason=reason)
    assert not Reveal.objects.exists()


def test_where_nothing_is_known_nothing_is_written_down(otto):
    with pytest.raises(Refused, match="No contact details"):
        reveals.reveal(making.member(email=None), by=otto, at=NOON, reason="asked")
    assert not Reveal.objects.exists()


@pytest.mark.parametrize("change", [lambda rows: rows.update(reason="legal"), lambda rows: rows.delete()])
def test_what_is_written_down_stays(otto, change):
    reveals.reveal(making.member(), by=otto, at=NOON, reason="asked")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(Reveal.objects.all())
    assert Reveal.objects.get().reason == "asked"
