"""Every page, and those of the demo."""

from django.urls import include, path

from config.urls import urlpatterns as everyday

urlpatterns = [*everyday, path("demo/", include("config.demo.urls"))]
