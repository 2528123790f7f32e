import pytest
from django.contrib.auth.models import AnonymousUser, Group, User
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from loyalty import roles

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "held"),
    [("mara", ["marketer"]), ("abel", ["approver"]), ("ana", ["analyst"]), ("otto", ["operator"]), ("noor", [])],
)
def test_person_has_the_roles_of_their_groups(request: pytest.FixtureRequest, name: str, held: list[str]) -> None:
    assert roles.of(request.getfixturevalue(name)) == held


def test_roles_are_told_in_the_order_of_the_flow(otto: User) -> None:
    otto.groups.add(Group.objects.create(name=roles.MARKETER), Group.objects.create(name="another group"))
    assert roles.of(otto) == ["marketer", "operator"]


def test_administrator_has_every_role() -> None:
    assert roles.of(User.objects.create_superuser("root")) == list(roles.ROLES)


def test_nobody_in_particular_has_none() -> None:
    assert roles.of(AnonymousUser()) == []


@pytest.mark.parametrize("role", roles.ROLES)
def test_refused_person_is_told_who_does_it(noor: User, role: str) -> None:
    request = RequestFactory().get("/")
    request.user = noor
    with pytest.raises(PermissionDenied, match=rf"Only the {role} {roles.WORK[role]}\. Ask one, or log in as one\."):
        roles.only(role)(lambda _: HttpResponse())(request)
