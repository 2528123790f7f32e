"""What the demo's marketer writes for each kind of offer: the e-mail and the card in the app."""

from loyalty.models.consent import Channel
from offers.catalog import Text, Texts
from offers.models import Terms

Kind = Terms.Kind

GREETING = 'Hello {{ first_name | default: "there" }},'
MINIMUM = " It works from {{ minimum_spend }} on."
CLOSING = "Show this message at the till, or shop online: it is in your account already.\n\nYour {{ retailer }} team"

SUBJECTS = {
    Kind.PERCENT: '{{ value }} off {{ department | default: "your whole shop" }} for you',
    Kind.AMOUNT: '{{ value }} off {{ department | default: "your next shop" }}, until {{ valid_until }}',
    Kind.POINTS: "{{ value }} are waiting for you",
    Kind.MULTIPLIER: '{{ value }} on {{ department | default: "your next shop" }}',
    Kind.FREE_ITEM: "{{ offer }} is on us",
    Kind.INFORMATION: "{{ offer }}",
    Kind.SERVICE: "{{ offer }}, this time for you",
}
SENTENCES = {
    Kind.PERCENT: 'until {{ valid_until }} we take {{ value }} off {{ department | default: "everything you buy" }}.',
    Kind.AMOUNT: 'until {{ valid_until }} we take {{ value }} off {{ department | default: "what you spend" }}.',
    Kind.POINTS: 'until {{ valid_until }} you collect {{ value }} more with {{ department | default: "your shop" }}.',
    Kind.MULTIPLIER: 'until {{ valid_until }} you collect {{ value }} on {{ department | default: "your shop" }}.',
    Kind.FREE_ITEM: "{{ offer }}: yours until {{ valid_until }}, and worth {{ value }}.",
    Kind.INFORMATION: "{{ offer }}. Come and see what is new.",
    Kind.SERVICE: "{{ offer }}: yours once, until {{ valid_until }}.",
}


def of(terms: Terms) -> Texts:
    """The texts that fit these terms, by channel."""
    kind = Kind(terms.kind)
    said = SENTENCES[kind] + (MINIMUM if terms.minimum_spend else "")
    return {
        Channel.EMAIL: Text(SUBJECTS[kind], f"{GREETING}\n\n{said}\n\n{CLOSING}"),
        Channel.APP: Text("{{ offer }}", f"{said[0].upper()}{said[1:]}"),
    }
