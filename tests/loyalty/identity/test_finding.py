import pytest

from loyalty.identity import addresses, finding
from loyalty.models import Contact
from loyalty.refusal import Refused
from tests import making
from tests.making import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def iris():
    iris = making.member(email="Iris@Example.com")
    Contact.objects.filter(member=iris).update(phone="+61 400 123 456")
    making.member()
    addresses.renew(after=0, at=NOON)
    return iris


@pytest.mark.parametrize("written", ["iris@example.com", " IRIS@example.com ", "+61400123456", "+61 (400) 123-456"])
def test_member_is_found_by_any_way_to_write_the_address(iris, written):
    assert finding.by_address(written) == [iris]


def test_all_who_share_an_address_are_found(iris):
    other = making.member(email="iris@example.com")
    addresses.renew(after=0, at=NOON)
    assert finding.by_address("iris@example.com") == sorted([iris, other], key=lambda member: member.ref)


@pytest.mark.parametrize("written", ["", "iris", "iris@", "@example.com", "12"])
def test_part_of_an_address_is_not_searched(iris, written):
    with pytest.raises(Refused, match="Type a whole e-mail address"):
        finding.by_address(written)


def test_address_of_nobody_is_told_as_such(iris):
    with pytest.raises(Refused, match="Nobody is known by this address"):
        finding.by_address("olga@example.com")
