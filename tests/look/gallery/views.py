import datetime as dt
from types import SimpleNamespace
from typing import Any

from allauth.account.forms import LoginForm
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tests.look.gallery.content import FIGURE, FUNNEL, OFFERS
from tests.look.gallery.forms import CampaignForm

MARKETER = SimpleNamespace(is_authenticated=True, get_full_name="Mara Lind", get_username="mara")


def show(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, f"gallery/{name}.html", _frame() | _content(request))


def progress(request: HttpRequest) -> HttpResponse:
    return render(request, "gallery/working.html#progress", {"done": 17_000})


def login(request: HttpRequest) -> HttpResponse:
    return render(request, "account/login.html", {"form": LoginForm(request=request)})


def error(request: HttpRequest, status: int) -> HttpResponse:
    """An error's page as Django renders it, with no person, snapshot or anything else from the database."""
    return render(request, f"{status}.html", {"exception": "Only the approver approves or returns offers."})


def _frame() -> dict[str, Any]:
    return {
        "user": MARKETER,
        "roles": ["marketer"],
        "snapshot": SimpleNamespace(as_of=dt.date(2026, 11, 22)),
        "reviews_waiting": 3,
        "demo": True,
    }


def _content(request: HttpRequest) -> dict[str, Any]:
    return {
        "figure": FIGURE,
        "funnel": FUNNEL,
        "offers": Paginator(OFFERS, 8).get_page(request.GET.get("page")),
        "form": CampaignForm(request.POST or {"share_held_out": "140"}),
        "sort": request.GET.get("sort", "-redeemed"),
        "done": 11_250,
        "when": dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC),
    }
