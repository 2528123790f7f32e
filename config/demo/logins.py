"""The demo's log-ins: printed for everybody, and refused everywhere but in the demo (config.access)."""

from dataclasses import dataclass
from functools import cache

from django.contrib.auth.hashers import get_hasher, make_password
from django.contrib.auth.models import Group, User

from config.access import DEMO_GROUP
from loyalty import roles

PASSWORD = "liftwell-demo"  # noqa: S105 - published on purpose


@dataclass(frozen=True)
class Login:
    username: str
    role: str

    @property
    def work(self) -> str:
        return roles.WORK[self.role]


LOGINS = (
    Login("mara", roles.MARKETER),
    Login("abel", roles.APPROVER),
    Login("ana", roles.ANALYST),
    Login("otto", roles.OPERATOR),
)


def hashed() -> str:
    """The password's hash, made once: hashing is slow on purpose."""
    return _hashed(get_hasher().algorithm)


def make() -> None:
    """Have every log-in exist, each in its role; one that exists already is left alone."""
    known = set(User.objects.values_list("username", flat=True))
    missing = [login for login in LOGINS if login.username not in known]
    demo, _ = Group.objects.get_or_create(name=DEMO_GROUP)
    for login in missing:
        user = User.objects.create(username=login.username, password=hashed(), first_name=login.username.title())
        user.groups.set([demo, Group.objects.get_or_create(name=login.role)[0]])


@cache
def _hashed(algorithm: str) -> str:
    return make_password(PASSWORD, hasher=algorithm)
