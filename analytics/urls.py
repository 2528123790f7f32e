from django.urls import path

from analytics.views import export, power, programme, report, results, search, today

urlpatterns = [
    path("", today.today, name="today"),
    path("search/", search.search, name="search"),
    path("results/", results.results, name="results"),
    path("results.csv", results.export, name="results_export"),
    path("results/<str:ref>/", report.report, name="report"),
    path("results/<str:ref>/report.csv", export.as_csv, name="report_csv"),
    path("results/<str:ref>/report.parquet", export.as_parquet, name="report_parquet"),
    path("results/<str:ref>/make/", report.make, name="report_make"),
    path("results/<str:ref>/made/", report.made, name="report_made"),
    path("programme/", programme.programme, name="programme"),
    path("programme/made/", programme.made, name="programme_made"),
    path("programme/make/", programme.make, name="programme_make"),
    path("programme/costs/", programme.add_cost, name="programme_cost"),
    path("programme/costs/<int:pk>/remove/", programme.remove_cost, name="programme_cost_remove"),
    path("programme/draw/", programme.draw, name="programme_draw"),
    path("campaigns/<str:ref>/power/", power.power, name="campaign_power"),
]
