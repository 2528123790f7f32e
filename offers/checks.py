"""What keeps terms from being submitted, and what their author may want to think over; for drafts not yet saved too."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.utils.formats import date_format

from loyalty.models.consent import Channel
from offers import in_words, message, wording
from offers.models import Content, Terms

ALCOHOL = "alcohol"
WITHOUT_VALUE = (Terms.Kind.INFORMATION, Terms.Kind.SERVICE)
COSTING_POINTS = (Terms.Kind.POINTS, Terms.Kind.MULTIPLIER)
OF_THE_MEMBER = ("first_name",)
NAMES = {Channel.EMAIL: "e-mail", Channel.APP: "app message"}


def problems(terms: Terms, contents: Sequence[Content], *, on: dt.date) -> list[str]:
    """A clause for each thing to mend before these terms can be submitted; empty when they are complete."""
    return [*_about_value(terms), *_about_dates(terms, on), *_about_age(terms), *_about_channels(terms, contents)]


def advice(terms: Terms, contents: Sequence[Content]) -> list[str]:
    """A clause for each thing that is allowed and seldom meant."""
    return [*_about_cost(terms), *_about_gaps(terms, contents)]


def _about_value(terms: Terms) -> Iterator[str]:
    if terms.kind in WITHOUT_VALUE:
        return
    if terms.value <= 0:
        yield f"the value of “{terms.get_kind_display()}” is zero, which gives nothing"
    elif terms.kind == Terms.Kind.PERCENT and terms.value > 100:
        yield f"{in_words.value(terms)} off is more than the whole price"
    elif terms.kind == Terms.Kind.MULTIPLIER and terms.value <= 1:
        yield f"{in_words.value(terms)} is no more than members get anyway"


def _about_dates(terms: Terms, on: dt.date) -> Iterator[str]:
    if terms.valid_until and terms.valid_until < on:
        yield f"its last day, {date_format(terms.valid_until, 'j F Y')}, is over"


def _about_age(terms: Terms) -> Iterator[str]:
    if terms.product and ALCOHOL in terms.product.flags and not terms.age_restricted:
        yield f"{terms.product} is alcohol, and the offer is not restricted by age"


def _about_channels(terms: Terms, contents: Sequence[Content]) -> Iterator[str]:
    if not terms.channels:
        yield "no channel is chosen"
    written = {content.channel: content for content in contents}
    for channel in terms.channels:
        content = written.get(channel) or Content(channel=channel)
        for part, text in (("subject", content.subject), ("text", content.body)):
            yield from _about_text(f"the {part} of the {NAMES[Channel(channel)]}", text, terms)


def _about_text(place: str, text: str, terms: Terms) -> Iterator[str]:
    if not text.strip():
        yield f"{place} is empty"
    for problem in wording.problems(text):
        yield f"in {place}, {problem}"
    known = message.values(terms)
    for name in sorted(wording.variables_without_default(text) - set(OF_THE_MEMBER)):
        if not known[name]:
            yield f"{place} uses {name}, which this offer does not have"


def _about_cost(terms: Terms) -> Iterator[str]:
    if terms.kind in COSTING_POINTS and not terms.reward_cost:
        yield "points cost nothing here: enter what one redemption costs, or every member will look worth it"
    if terms.kind == Terms.Kind.AMOUNT and terms.minimum_spend < terms.value:
        yield f"{in_words.value(terms)} off can be more than the whole basket: ask for a minimum spend"


def _about_gaps(terms: Terms, contents: Sequence[Content]) -> Iterator[str]:
    texts = [f"{content.subject}\n{content.body}" for content in contents if content.channel in terms.channels]
    if any("first_name" in wording.variables_without_default(text) for text in texts):
        yield 'members without a first name will see a gap: write {{ first_name | default: "there" }}'
