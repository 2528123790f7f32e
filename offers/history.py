"""What terms say fact by fact, and what changed from one set of terms to the next, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from loyalty.models.consent import Channel
from offers import in_words, marking
from offers.models import Offer, Terms

NOTHING = "–"


@dataclass(frozen=True)
class Comparison:
    """One fact in two sets of terms; NOTHING where a set does not have it."""

    label: str
    before: str
    after: str

    @property
    def is_change(self) -> bool:
        return self.before != self.after

    @cached_property
    def marked(self) -> tuple[list[marking.Piece], list[marking.Piece]]:
        """Both sides in pieces, with the words that changed marked."""
        return marking.marked(self.before, self.after)


@dataclass(frozen=True)
class Entry:
    """One set of terms and what it changed; the first set changed nothing."""

    terms: Terms
    changes: list[Comparison]


def compare(before: Terms | None, after: Terms) -> list[Comparison]:
    """Every fact that either set of terms has, changed or not, in the order of the form."""
    old, new = facts(before) if before else {}, facts(after)
    return [Comparison(label, old.get(label, NOTHING), new.get(label, NOTHING)) for label in new | old]


def changes(before: Terms, after: Terms) -> list[Comparison]:
    return [comparison for comparison in compare(before, after) if comparison.is_change]


def of(offer: Offer) -> list[Entry]:
    """All terms of an offer, the newest first, each with what it changed."""
    rows = offer.terms.select_related("author", "product").prefetch_related("contents", "reviews__reviewer")
    numbered = list(rows.order_by("number"))
    pairs = zip([None, *numbered], numbered, strict=False)
    return [Entry(terms, changes(last, terms) if last else []) for last, terms in pairs][::-1]


def approved_before(terms: Terms) -> Terms | None:
    """The newest terms of the same offer that were approved before these were made."""
    return Terms.objects.approved().filter(offer=terms.offer_id, number__lt=terms.number).order_by("-number").first()


def facts(terms: Terms) -> dict[str, str]:
    """Label → words, without what these terms do not say."""
    said = dict([*_facts(terms), *_texts(terms)])
    return {label: words for label, words in said.items() if words}


def _facts(terms: Terms) -> Iterator[tuple[str, str]]:
    yield "Name", terms.name
    yield "Gives", in_words.benefit(terms)
    yield "Minimum spend", in_words.minimum_spend(terms)
    yield "Can be used", in_words.validity(terms)
    yield "Category", terms.category
    yield "Product", f"{terms.product.name} ({terms.product.ref})" if terms.product else ""
    yield "Only for", in_words.eligibility(terms)
    yield "Age", "Adults only" if terms.age_restricted else ""
    yield "Contains", in_words.ingredients(terms)
    yield "Cost beyond the discount", in_words.money(terms.reward_cost) if terms.reward_cost else ""
    yield "Uses per member", in_words.limit(terms.limit_per_member)
    yield "Uses in all", in_words.limit(terms.limit_total)
    yield "Budget", in_words.money(terms.budget) if terms.budget is not None else ""
    yield "Channels", in_words.channels(terms)


def _texts(terms: Terms) -> Iterator[tuple[str, str]]:
    for content in sorted(terms.contents.all(), key=lambda content: Channel.values.index(content.channel)):
        label = Channel(content.channel).label
        yield f"{label}: subject", content.subject
        yield f"{label}: text", content.body
