"""Who may do what: a role is a Django group; everyone who is logged in may read."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpResponseBase
from rules.predicates import is_group_member, is_superuser

from loyalty.htmx import HtmxRequest

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

is_marketer = is_group_member(MARKETER) | is_superuser
is_approver = is_group_member(APPROVER) | is_superuser
is_analyst = is_group_member(ANALYST) | is_superuser
is_operator = is_group_member(OPERATOR) | is_superuser

_PREDICATES = {MARKETER: is_marketer, APPROVER: is_approver, ANALYST: is_analyst, OPERATOR: is_operator}

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)
View = Callable[Concatenate[HtmxRequest, P], R]


def of(user: object) -> list[str]:
    """The roles a user holds, in the order of the flow."""
    return [role for role, holds in _PREDICATES.items() if holds(user)]


def only(role: str, work: str = "") -> Callable[[View[P, R]], View[P, R]]:
    """Let only this role reach a view; anyone else is told who does this `work`."""

    def decorate(view: View[P, R]) -> View[P, R]:
        @wraps(view)
        def guarded(request: HtmxRequest, *args: P.args, **kwargs: P.kwargs) -> R:
            if not _PREDICATES[role](request.user):
                raise PermissionDenied(f"Only the {role} {work or WORK[role]}. Ask one, or log in as one.")
            return view(request, *args, **kwargs)

        return cast("View[P, R]", guarded)

    return decorate
