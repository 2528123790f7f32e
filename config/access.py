"""Who may log in: staff made by an administrator; the demo's published log-ins only in the demo."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest

DEMO_GROUP = "demo log-ins"


class StaffAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user and not settings.DEMO and user.groups.filter(name=DEMO_GROUP).exists():
            raise ValidationError(
                "The demo's log-ins work only in the demo. Ask your administrator for one of your own."
            )
        return user
