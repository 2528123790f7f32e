from django.urls import path

from analytics.views import power, report, results, search, today

urlpatterns = [
    path("", today.today, name="today"),
    path("search/", search.search, name="search"),
    path("results/", results.results, name="results"),
    path("results/<str:ref>/", report.report, name="report"),
    path("results/<str:ref>/make/", report.make, name="report_make"),
    path("results/<str:ref>/made/", report.made, name="report_made"),
    path("campaigns/<str:ref>/power/", power.power, name="campaign_power"),
]
