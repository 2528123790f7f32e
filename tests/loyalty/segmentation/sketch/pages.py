"""Profiles with words for purchases and events, and the fields that a page would send."""

from datetime import date

import numpy as np
from django.http import QueryDict

from loyalty.profiling.table import Profiles
from loyalty.segmentation.sketch.fields import Fields

MEMBERS = Profiles(
    date(2026, 3, 1),
    np.array([1]),
    {},
    {
        "bought:category": ("Coffee", "Coffee > Beans", "Tea"),
        "bought:brand": ("Alma",),
        "bought:product": ("p1", "p2"),
        "bought:product_name": ("House Blend", "Rye Bread"),
        "bought:channel": ("store", "online"),
        "bought:store": ("North", "South"),
        "event:kind": ("click", "open"),
        "event:channel": ("app", "email"),
    },
    {},
)


def fields(**posted: str | list[str]) -> Fields:
    query = QueryDict(mutable=True)
    for name, value in posted.items():
        query.setlist(f"0.0:{name}", value if isinstance(value, list) else [value])
    return Fields(query, "0.0")
