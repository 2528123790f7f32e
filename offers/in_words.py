"""What terms say, in the words that marketers, reviewers and members read."""

from decimal import Decimal

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.formats import date_format, number_format

from loyalty import profiles
from loyalty.models import Snapshot
from loyalty.models.consent import Channel
from loyalty.profiling import segments
from loyalty.profiling.stating import INGREDIENTS
from loyalty.refusal import Refused
from offers.models import Terms

SYMBOLS = {"EUR": "€", "GBP": "£", "JPY": "¥", "USD": "$"}
CENT = Decimal("0.01")


def money(amount: Decimal) -> str:
    """€5 or €4.50: without decimals where there are none, with two of them otherwise, with four where it takes them."""
    places = 0 if amount == amount.to_integral() else 2 if amount == amount.quantize(CENT) else 4
    symbol = SYMBOLS.get(settings.RETAILER_CURRENCY, f"{settings.RETAILER_CURRENCY}\N{NO-BREAK SPACE}")
    return f"{symbol}{number_format(amount, places, force_grouping=True)}"


def number(amount: Decimal) -> str:
    return number_format(amount.normalize() if amount % 1 else amount.to_integral(), force_grouping=True)


def value(terms: Terms) -> str:
    """What a member gets, such as “20%” or “500 points”; empty where the kind has no value."""
    match terms.kind:
        case Terms.Kind.PERCENT:
            return f"{number(terms.value)}%"
        case Terms.Kind.POINTS:
            return f"{number(terms.value)} points"
        case Terms.Kind.MULTIPLIER:
            return f"{number(terms.value)}× points"
        case Terms.Kind.AMOUNT | Terms.Kind.FREE_ITEM:
            return money(terms.value)
        case _:
            return ""


def benefit(terms: Terms) -> str:
    """The value with its kind, such as “20% off” or “A free item worth €4”."""
    match terms.kind:
        case Terms.Kind.PERCENT | Terms.Kind.AMOUNT:
            return f"{value(terms)} off"
        case Terms.Kind.FREE_ITEM:
            return f"A free item worth {value(terms)}"
        case _:
            return value(terms) or terms.get_kind_display()


def minimum_spend(terms: Terms) -> str:
    return money(terms.minimum_spend) if terms.minimum_spend else ""


def valid_until(terms: Terms) -> str:
    return date_format(terms.valid_until, "j F Y") if terms.valid_until else ""


def validity(terms: Terms) -> str:
    """When it can be used: “1 May 2025 to 31 May 2025”, or from or until a day, or always."""
    first = date_format(terms.valid_from, "j F Y") if terms.valid_from else ""
    last = valid_until(terms)
    if first and last:
        return f"{first} to {last}"
    if first:
        return f"from {first}"
    return f"until {last}" if last else "always"


def channels(terms: Terms) -> str:
    return " and ".join(Channel(channel).label for channel in terms.channels)


def ingredients(terms: Terms) -> str:
    """What is in it that members may not eat or drink: “Meat, pork”."""
    return ", ".join(words for name, words in INGREDIENTS.items() if name in terms.ingredients).capitalize()


def limit(uses: int | None) -> str:
    return "" if uses is None else f"{uses:,} at most"


def eligibility(terms: Terms) -> str:
    """The offer's own rule as a sentence, read with the features of the latest profiles; empty without a rule."""
    if terms.eligibility is None:
        return ""
    if not (snapshot := Snapshot.objects.latest_ready()):
        return "a rule that can be shown once there are profiles"
    try:
        known = profiles.worded(snapshot)
        return segments.in_words(segments.parse(terms.eligibility, known.features, known.vocabularies), known.features)
    except (Refused, segments.RuleError) as unreadable:
        return f"a rule that cannot be read: {unreadable}"


def person(user: User | None) -> str:
    """A person's name, and what to call nobody: terms without an author came from a file."""
    return (user.get_full_name() or user.get_username()) if user else "a file"
