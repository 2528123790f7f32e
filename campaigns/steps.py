"""The builder's steps in order: what each shows, and how what was entered becomes a change of the campaign."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from campaigns import building
from campaigns.forms import AudienceForm, BriefForm, DatesForm, HoldoutForm, LimitsForm, OffersForm, dates_of
from campaigns.models import Campaign
from loyalty import clock


@dataclass(frozen=True)
class Step:
    """`make` gives the form, bound when there is data; `save` takes a valid one."""

    name: str
    label: str
    question: str
    make: Callable[[Campaign, QueryDict | None], Any]
    save: Callable[[Campaign, Any], object]


def _save_fields(campaign: Campaign, form: forms.ModelForm) -> None:
    building.change(campaign, **{name: form.cleaned_data[name] for name in form._meta.fields or ()})


def _save_limits(campaign: Campaign, form: LimitsForm) -> None:
    facts = {name: form.cleaned_data[name] for name in form._meta.fields or ()}
    building.limit(campaign, form.by_offer(), capacities=form.carried(), **facts)


def _save_holdout(campaign: Campaign, form: HoldoutForm) -> None:
    told = form.cleaned_data
    held_out, explored = (told[name] / 100 for name in ("per_cent", "per_cent_explored"))
    building.change(
        campaign,
        share_held_out=held_out,
        share_explored=explored,
        outcome_days=told["outcome_days"],
        read_apart=told["read_apart"],
    )


def _save_dates(campaign: Campaign, form: DatesForm) -> None:
    first, last = form.cleaned_data["starts_on"], form.cleaned_data["ends_on"]
    building.change(campaign, starts_at=clock.start_of(first), ends_at=clock.start_of(last + dt.timedelta(days=1)))


STEPS = (
    Step(
        "brief",
        "Brief",
        "What do we expect, and how shall we judge it?",
        lambda campaign, data: BriefForm(data, instance=campaign),
        _save_fields,
    ),
    Step(
        "audience",
        "Audience",
        "Whom is it for, and how do we reach them?",
        lambda campaign, data: AudienceForm(data, instance=campaign),
        _save_fields,
    ),
    Step(
        "offers",
        "Offers",
        "What may they be given?",
        lambda campaign, data: OffersForm(data, campaign=campaign),
        lambda campaign, form: building.choose_offers(campaign, form.cleaned_data["offers"]),
    ),
    Step(
        "limits",
        "Limits",
        "How much may it cost, and how many may it reach?",
        lambda campaign, data: LimitsForm(data, instance=campaign),
        _save_limits,
    ),
    Step(
        "holdout",
        "Holdout",
        "Who shows us what would have happened anyway, and what else might work?",
        lambda campaign, data: HoldoutForm(data, instance=campaign),
        _save_holdout,
    ),
    Step(
        "dates",
        "Dates",
        "When may it run?",
        lambda campaign, data: DatesForm(data, initial=dates_of(campaign)),
        _save_dates,
    ),
)
BY_NAME = {step.name: step for step in STEPS}


def after(name: str) -> str | None:
    """The step that follows; None where the review does."""
    names = [*BY_NAME]
    return next(iter(names[names.index(name) + 1 :]), None)
