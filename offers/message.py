"""One member's message about an offer, made from its content and its terms."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.safestring import SafeString

from offers import in_words, wording
from offers.models import Content, Terms


@dataclass(frozen=True)
class Message:
    subject: str
    text: str
    html: SafeString


def values(terms: Terms, *, first_name: str = "") -> dict[str, str]:
    """What each variable of `wording.VARIABLES` stands for; empty where it is unknown or these terms have none."""
    return {
        "first_name": first_name,
        "retailer": settings.RETAILER_NAME,
        "offer": terms.name,
        "value": in_words.value(terms),
        "minimum_spend": in_words.minimum_spend(terms),
        "valid_until": in_words.valid_until(terms),
        "department": terms.department,
    }


@dataclass(frozen=True)
class Draft:
    """A message to which only its reader's own values are missing."""

    content: Content
    values: Mapping[str, str]


def draft(content: Content, terms: Terms) -> Draft:
    """What all readers of the message have in common."""
    return Draft(content, values(terms))


def address(draft: Draft, *, first_name: str) -> Message:
    """The message as this member reads it; asks the database nothing."""
    content, filled = draft.content, {**draft.values, "first_name": first_name}
    return Message(
        subject=wording.render_line(content.subject, filled),
        text=wording.render(content.body, filled),
        html=wording.render_html(content.body, filled),
    )


def compose(content: Content, terms: Terms, *, first_name: str = "") -> Message:
    """The message for a single reader."""
    return address(draft(content, terms), first_name=first_name)
