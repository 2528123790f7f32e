"""The people of the tests: who may do what is told by their first name. Noor has no role and is always refused."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from loyalty import roles


def _person(name: str, *held: str) -> User:
    user = User.objects.create_user(name.lower(), first_name=name)
    user.groups.set([Group.objects.get_or_create(name=role)[0] for role in held])
    return user


@pytest.fixture
def mara(db: None) -> User:
    """A marketer."""
    return _person("Mara", roles.MARKETER)


@pytest.fixture
def milo(db: None) -> User:
    """Another marketer."""
    return _person("Milo", roles.MARKETER)


@pytest.fixture
def abel(db: None) -> User:
    """An approver."""
    return _person("Abel", roles.APPROVER)


@pytest.fixture
def ana(db: None) -> User:
    """An analyst."""
    return _person("Ana", roles.ANALYST)


@pytest.fixture
def otto(db: None) -> User:
    """An operator."""
    return _person("Otto", roles.OPERATOR)


@pytest.fixture
def noor(db: None) -> User:
    """Someone who may log in and read, and who is refused whatever she tries to do."""
    return _person("Noor")


@pytest.fixture
def as_() -> Callable[[User], Client]:
    """A browser in which that person is logged in: `as_(mara).get("/offers/")`."""

    def log_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return log_in
