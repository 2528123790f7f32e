"""Who may do what: a role is a Django group; everyone who is logged in may read."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

import rules
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

MARKETER = "marketer"
APPROVER = "approver"
ANALYST = "analyst"
OPERATOR = "operator"
ROLES = (MARKETER, APPROVER, ANALYST, OPERATOR)

WORK = {
    MARKETER: "builds segments, offers and campaigns",
    APPROVER: "approves or returns offers",
    ANALYST: "reads and exports results",
    OPERATOR: "loads files",
}

is_marketer = rules.is_group_member(MARKETER) | rules.is_superuser
is_approver = rules.is_group_member(APPROVER) | rules.is_superuser
is_analyst = rules.is_group_member(ANALYST) | rules.is_superuser
is_operator = rules.is_group_member(OPERATOR) | rules.is_superuser

_PREDICATES = {MARKETER: is_marketer, APPROVER: is_approver, ANALYST: is_analyst, OPERATOR: is_operator}

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
Response = TypeVar("Response", bound=HttpResponseBase)


def of(user: object) -> list[str]:
    """The roles a user holds, in the order of the flow."""
    return [role for role, holds in _PREDICATES.items() if holds(user)]


def only(role: str) -> Callable[[View[P]], View[P]]:
    """Let only this role reach a view; anyone else is told who can do it."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not _PREDICATES[role](request.user):
                raise PermissionDenied(f"Only the {role} {WORK[role]}. Ask one, or log in as one.")
            return view(request, *args, **kwargs)

        return guarded

    return decorate
