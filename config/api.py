"""The REST API: one `api.py` per app, mounted here under /api/v1/."""

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path
from drf_spectacular.views import SpectacularAPIView

from campaigns import api as campaigns


def for_machines(route: URLPattern) -> URLPattern:
    """A machine shows its key, which each view asks for; it has no log-in to be sent to."""
    route.callback = login_not_required(route.callback)
    return route


urlpatterns = [
    path("schema/", login_not_required(SpectacularAPIView.as_view()), name="api_schema"),
    *map(for_machines, campaigns.urlpatterns),
]
