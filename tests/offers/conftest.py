import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User

from offers import approval, catalog
from offers.catalog import Text
from offers.models import Terms

AT = dt.datetime(2025, 5, 5, 9, 30, tzinfo=dt.UTC)
COMPLETE: dict[str, Any] = {
    "name": "Coffee week",
    "kind": "percent",
    "value": Decimal(20),
    "minimum_spend": Decimal(10),
    "valid_from": dt.date(2025, 5, 1),
    "valid_until": dt.date(2025, 5, 31),
    "category": "Grocery > Coffee",
    "channels": ["email", "app"],
}
TEXTS = {
    "email": Text("{{ value }} off coffee", 'Hello {{ first_name | default: "there" }},\n\nuntil {{ valid_until }}.'),
    "app": Text("{{ offer }}", "{{ value }} off from {{ minimum_spend }}."),
}


@pytest.fixture
def make(mara: User) -> Callable[..., Terms]:
    """A draft by Mara that lacks nothing but what is asked for otherwise: `make("C2", value=Decimal(0))`."""

    def create(ref: str = "C1", *, by: User | None = mara, texts: catalog.Texts = TEXTS, **facts: Any) -> Terms:
        return catalog.create(ref, by=by, at=AT, texts=texts, **{**COMPLETE, **facts})

    return create


@pytest.fixture
def draft(make: Callable[..., Terms]) -> Terms:
    return make()


@pytest.fixture
def waiting(draft: Terms, mara: User) -> Terms:
    return approval.submit(draft, by=mara, at=AT)


@pytest.fixture
def approved(waiting: Terms, abel: User) -> Terms:
    return approval.approve(waiting, by=abel, at=AT).terms
