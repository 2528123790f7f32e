from django.urls import path

from analytics.views import power, results, search, today

urlpatterns = [
    path("", today.today, name="today"),
    path("search/", search.search, name="search"),
    path("results/", results.results, name="results"),
    path("results/<str:ref>/", results.report, name="report"),
    path("campaigns/<str:ref>/power/", power.power, name="campaign_power"),
]
