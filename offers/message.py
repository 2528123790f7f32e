"""One member's message about an offer, made from its content and its terms."""

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


def compose(content: Content, terms: Terms, *, first_name: str = "") -> Message:
    """The message as this member reads it; asks the database nothing."""
    filled = values(terms, first_name=first_name)
    return Message(
        subject=wording.render_line(content.subject, filled),
        text=wording.render(content.body, filled),
        html=wording.render_html(content.body, filled),
    )
