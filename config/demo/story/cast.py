"""The people of the demo's story: its log-ins, by what they do."""

from typing import NamedTuple

from django.contrib.auth.models import User

from config.demo.logins import LOGINS
from loyalty import roles


class Cast(NamedTuple):
    marketer: User
    approver: User
    analyst: User


def of_the_logins() -> Cast:
    usernames = {login.role: login.username for login in LOGINS}
    return Cast(
        *(User.objects.get(username=usernames[role]) for role in (roles.MARKETER, roles.APPROVER, roles.ANALYST))
    )
