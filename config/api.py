"""The REST API: one `api.py` per app, mounted here under /api/v1/ for machines that show a key."""

from typing import Any, NoReturn

from django.urls import URLPattern, path, re_path
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.views import APIView

from campaigns import api as campaigns
from config import problems
from config.machines import NO_KEY, ByKey, InScope, NotTooOften
from loyalty import api as loyalty

FOR_MACHINES = {"authentication_classes": [ByKey], "permission_classes": [InScope], "throttle_classes": [NotTooOften]}


class MachineKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = ByKey
    name = "machineKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": NO_KEY}


class Description(SchemaGenerator):
    """The API as OpenAPI tells it; every operation may be answered with a problem."""

    def get_schema(self, request: Request | None = None, public: bool = False) -> dict[str, Any]:
        schema: dict[str, Any] = super().get_schema(request, public)  # type: ignore[no-untyped-call]
        schema["components"]["schemas"]["Problem"] = problems.SCHEMA
        reference = {"schema": {"$ref": "#/components/schemas/Problem"}}
        for operations in schema["paths"].values():
            for operation in operations.values():
                operation["responses"]["default"] = {
                    "description": "A problem, in a sentence",
                    "content": {problems.MEDIA_TYPE: reference},
                }
        return schema


class Nowhere(APIView):
    """Every other address: a machine gets a problem document and never a page."""

    schema = None
    permission_classes = []

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotFound("There is no such address. /api/v1/schema/ lists those there are, as they have to be written.")


def mounted(route: URLPattern, **more: Any) -> URLPattern:
    """The route, its refusals told as problem documents."""
    view: Any = route.callback
    route.callback = view.cls.as_view(**view.initkwargs, **more, get_exception_handler=lambda: problems.handler)
    return route


urlpatterns = [
    mounted(path("schema/", SpectacularAPIView.as_view(generator_class=Description), name="api_schema")),
    *(mounted(route, **FOR_MACHINES) for route in (*loyalty.urlpatterns, *campaigns.urlpatterns)),
    mounted(re_path("", Nowhere.as_view(), name="api_nowhere")),
]
