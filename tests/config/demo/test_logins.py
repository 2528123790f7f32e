import pytest
from django.contrib.auth.models import Group, User

from config.access import DEMO_GROUP
from config.demo import logins
from loyalty import roles

pytestmark = pytest.mark.django_db


def test_there_is_a_login_for_every_role() -> None:
    logins.make()
    assert {login.role for login in logins.LOGINS} == set(roles.ROLES)
    for login in logins.LOGINS:
        assert roles.of(User.objects.get(username=login.username)) == [login.role]


def test_every_login_opens_with_the_printed_password() -> None:
    logins.make()
    assert all(user.check_password(logins.PASSWORD) for user in User.objects.all())


def test_every_login_is_marked_as_the_demos() -> None:
    logins.make()
    assert Group.objects.get(name=DEMO_GROUP).user_set.count() == len(logins.LOGINS)


def test_second_making_changes_nothing() -> None:
    logins.make()
    before = list(User.objects.order_by("pk").values_list("pk", "password"))
    logins.make()
    assert list(User.objects.order_by("pk").values_list("pk", "password")) == before
