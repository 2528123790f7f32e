from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from config import health

urlpatterns = [
    path("", include("analytics.urls")),
    path("", include("campaigns.urls")),
    path("", include("offers.urls")),
    path("", include("loyalty.urls")),
    path("", include("config.views.urls")),
    path("account/", include("allauth.account.urls")),
    path("api/v1/", include("config.api")),
    path("admin/", admin.site.urls),
    path("livez", health.livez),
    path("readyz", health.readyz),
]

if settings.DEMO:
    urlpatterns.append(path("demo/", include("config.demo.urls")))
