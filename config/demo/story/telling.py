"""A few of the demo's members tell the grocer what they like, and what they do not eat or drink."""

import datetime as dt
from itertools import cycle

from loyalty import preferences, stated
from loyalty.models import Member
from loyalty.stated import asking

ONE_IN, MOST = 40, 50
DIETS = (["pork"], ["meat", "fish"], ["alcohol"], ["pork", "alcohol"], ["nuts"], ["milk"])


def say(*, at: dt.datetime) -> None:
    """Every so many members say something on their own page."""
    pages = Member.objects.order_by("pk")[: ONE_IN * MOST : ONE_IN]
    for member, diet, department in zip(pages, cycle(DIETS), cycle(asking.departments()), strict=False):
        stated.tell(member, "diet", diet, source=preferences.SOURCE, at=at)
        stated.tell(member, "interest", [department], source=preferences.SOURCE, at=at)
