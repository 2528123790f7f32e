"""What members can tell us of themselves: the choices of each topic, and what we say becomes of them."""

from collections.abc import Iterable, Mapping

from django.conf import settings

from loyalty.models import Product
from loyalty.models.statement import Topic
from loyalty.profiling.stating import FIRST, INGREDIENTS, OF

QUESTIONS: Mapping[str, str] = {
    Topic.DIET: "What I do not eat or drink",
    Topic.INTEREST: "What I like",
    Topic.SUSTAINABLE: "What comes first",
    Topic.SIZE: "My sizes",
}
MEANINGS: Mapping[str, str] = {
    Topic.DIET: (
        "An offer that says it contains one of these is kept away from you. We use it for nothing else, and put "
        "nobody into a group by it."
    ),
    Topic.INTEREST: "We choose for you as if you bought at least twice as much from these departments as others do.",
    Topic.SUSTAINABLE: "Used to choose whom an offer of something sustainable is for.",
    Topic.SIZE: "Used to choose whom an offer of something that comes in sizes is for.",
}
_SAID: Mapping[str, str] = {
    Topic.DIET: "I do not eat or drink {}.",
    Topic.INTEREST: "I like {}.",
    Topic.SUSTAINABLE: "I want what is sustainable first.",
    Topic.SIZE: "My size: {}.",
}


def choices(topic: str) -> dict[str, str]:
    """What can be told of a topic, each with its words; nothing of a topic that there is not."""
    match topic:
        case Topic.DIET:
            return {value: words.capitalize() for value, words in INGREDIENTS.items()}
        case Topic.INTEREST:
            return {name: name for name in departments()}
        case Topic.SUSTAINABLE:
            return {FIRST: "What is sustainable"}
        case Topic.SIZE:
            return {f"{of}{OF}{size}": size for of, sizes in settings.RETAILER_SIZES.items() for size in sizes}
    return {}


def words(topic: str, value: str) -> str:
    """One of the choices of a topic in words, whether or not it can still be told."""
    return choices(topic).get(value) or (value.partition(OF)[2] if topic == Topic.SIZE else value)


def answer(topic: str, values: Iterable[str]) -> str:
    """What was told of a topic, in a few words; empty for nothing."""
    told = [value if topic == Topic.SIZE else words(topic, value) for value in values]
    return ", ".join([*told[:1], *(each if topic != Topic.DIET else each.lower() for each in told[1:])])


def departments() -> list[str]:
    """The departments of the catalogue, in order."""
    named = Product.objects.exclude(department="").order_by("department")
    return list(named.values_list("department", flat=True).distinct())


def said(topic: str, value: str) -> str:
    """A statement as the member makes it, such as “I do not eat or drink pork.”"""
    return _SAID[topic].format(INGREDIENTS.get(value, value) if topic == Topic.DIET else value)


def have_one_size_each(values: Iterable[str]) -> bool:
    """Whether no two of these sizes are of the same thing."""
    of = [value.partition(OF)[0] for value in values]
    return len(of) == len(set(of))
