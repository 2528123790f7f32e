"""All addresses of the product with those that only the demo has."""

from django.urls import include, path

from config.urls import urlpatterns as product

urlpatterns = [*product, path("demo/", include("config.demo.urls"))]
