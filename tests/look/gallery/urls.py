from django.urls import include, path

from tests.look.gallery import views

STOPS = ["members", "segments", "reviews", "results", "loads", "outbox", "search"]

urlpatterns = [
    path("", views.show, {"name": "reading"}, name="today"),
    path("working/", views.show, {"name": "working"}, name="offers"),
    path("form/", views.show, {"name": "form"}, name="campaigns"),
    path("member/", views.show, {"name": "member"}, name="preferences"),
    path("progress/", views.progress, name="progress"),
    path("login/", views.login, name="login"),
    path("error/<int:status>/", views.error, name="error"),
    *[path(f"{stop}/", views.show, {"name": "reading"}, name=stop) for stop in STOPS],
    path("account/", include("allauth.account.urls")),
]
