"""Machines at the door of the API: known by their keys, let in by scope, and turned away when they ask too often."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied, Throttled
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from rest_framework_api_key.permissions import KeyParser

from loyalty import machines
from loyalty.models import MachineKey

NO_KEY = "Send a key that is in force as `Authorization: Api-Key …`. Your administrator makes keys."
NOT_IN_SCOPE = "This key does not open this address: ask your administrator for one with the scope {scope}."
TOO_OFTEN = "This key has had its requests of this minute ({most}): wait, and send more in each."


class ByKey(BaseAuthentication):
    """Knows a machine by its key; without a good one the answer is 401 and names the header that is asked for."""

    def authenticate(self, request: Request) -> tuple[None, MachineKey]:
        machine = machines.in_force(KeyParser().get(request) or "")
        if machine is None:
            raise AuthenticationFailed(NO_KEY)
        return None, machine

    def authenticate_header(self, request: Request) -> str:
        return KeyParser.keyword


class InScope(BasePermission):
    """Lets a machine in whose key names the view's `scope`; a view without one lets nobody in."""

    def has_permission(self, request: Request, view: Any) -> bool:
        scope = getattr(view, "scope", None)
        if scope is None or not isinstance(request.auth, MachineKey) or scope not in request.auth.scopes:
            raise PermissionDenied(NOT_IN_SCOPE.format(scope=scope))
        return True


class NotTooOften(BaseThrottle):
    """Turns a machine away that asks more often than its key allows, and says when to come back."""

    def allow_request(self, request: Request, view: Any) -> bool:
        machine = request.auth
        if isinstance(machine, MachineKey) and not machines.may_ask(machine):
            detail = TOO_OFTEN.format(most=machine.requests_per_minute)
            raise Throttled(machines.seconds_to_wait(machine), detail)
        return True
