"""What members tell us of themselves, as columns of their profiles.

An interest, a size or “sustainable first” is a column of the snapshot like any other. What somebody does not eat or
drink is one number, `avoids`, that is put beside profiles for a decision alone: no snapshot holds it, so no segment
can ask for it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from loyalty.profiling.table import Feature, Profiles, code_type

TOLD = "the member, in the preference centre"
AUDIENCE = "choosing whom an offer is for"
RELEVANCE = "choosing offers that fit"
KEEPING_AWAY = "keeping away offers that contain it"

INTEREST, DIET, SIZE, SUSTAINABLE = TOPICS = ("interest", "diet", "size", "sustainable")
FIRST = "first"
OF = ": "  # between what a size is of and the size
LIKED = 2.0  # times average: the affinity that a liked department has at the least
NOBODY = np.zeros(0, dtype=np.int64)

# What an offer may contain and a member may avoid, as it reads after “you do not eat or drink”; a place is a bit.
INGREDIENTS: Mapping[str, str] = {
    "meat": "meat",
    "pork": "pork",
    "fish": "fish and seafood",
    "milk": "milk",
    "eggs": "eggs",
    "gluten": "gluten",
    "nuts": "nuts",
    "alcohol": "alcohol",
}
_IS_ALSO = {"pork": "meat"}
_BIT = {name: 1 << place for place, name in enumerate(INGREDIENTS)}

AVOIDS = Feature(
    name="avoids",
    label="What they do not eat or drink",
    unit="",
    kind="count",
    source=TOLD,
    purpose=KEEPING_AWAY,
    sentence="You told us what you do not eat or drink.",
    sensitive=True,
)
SUSTAINABLE_FIRST = Feature(
    name="sustainable_first",
    label="Wants what is sustainable first",
    unit="",
    kind="flag",
    source=TOLD,
    purpose=AUDIENCE,
    sentence="You told us that you want what is sustainable first: {value}.",
)


PURPOSES = {INTEREST: RELEVANCE, DIET: KEEPING_AWAY, SIZE: AUDIENCE, SUSTAINABLE: AUDIENCE}


def interest(department: str) -> Feature:
    """The feature of a department that members told us they like."""
    return Feature(
        name=f"interest:{department}",
        label=f"Told us they like {department}",
        unit="",
        kind="flag",
        source=TOLD,
        purpose=RELEVANCE,
        sentence=f"You told us you like {department}: {{value}}.",
    )


def size(of: str) -> Feature:
    """The feature of a size that members told us, of shoes or whatever else."""
    return Feature(
        name=f"size:{of}",
        label=f"Size of {of}",
        unit="",
        kind="category",
        source=TOLD,
        purpose=AUDIENCE,
        sentence=f"You told us your size of {of}: {{value}}.",
    )


# By what comes ahead of the colon in their names.
FAMILIES = {INTEREST: interest, SIZE: size}


def is_told(name: str) -> bool:
    """Whether a feature, by its name, is something that members tell us."""
    return name == SUSTAINABLE_FIRST.name or name.partition(":")[0] in FAMILIES


def feature(name: str) -> Feature:
    """The feature of that name, which `is_told`."""
    family, _, of = name.partition(":")
    return FAMILIES[family](of) if of else SUSTAINABLE_FIRST


def name_of(topic: str, value: str) -> str:
    """The name of the feature that something told of a topic becomes; of all but what is not eaten or drunk."""
    if topic == SUSTAINABLE:
        return SUSTAINABLE_FIRST.name
    return f"{topic}:{value.partition(OF)[0] if topic == SIZE else value}"


def bits(ingredients: Iterable[str]) -> int:
    """What these things to eat or drink are, as one number; pork is meat too. KeyError for one that is none of ours."""
    number = 0
    for name in ingredients:
        number |= _BIT[name] | _BIT.get(_IS_ALSO.get(name, ""), 0)
    return number


def ingredients_in(avoids: int) -> list[str]:
    """Every ingredient that somebody who avoids these things does not eat or drink: without meat, no pork either."""
    return [name for name in INGREDIENTS if bits([name]) & avoids]


def in_words(avoids: int, ingredients: Iterable[str]) -> str:
    """Which of an offer's ingredients somebody avoids, such as “pork or alcohol”; empty for none."""
    shared = avoids & bits(ingredients)
    return " or ".join(words for name, words in INGREDIENTS.items() if _BIT[name] & shared)


@dataclass(frozen=True, eq=False)
class Told:
    """Who told us what: by topic and value the (m,) ids of the members for whom it holds, ascending."""

    by: Mapping[tuple[str, str], np.ndarray]

    def beside(self, members: Profiles) -> Profiles:
        """The members, all or a block of them, with what they told us in place of what the profiles know of it.

        `avoids` comes beside, and a liked department has an affinity of `LIKED` at the least.
        """
        words = members.vocabularies
        columns = {
            name: self.column(name, words.get(name, ()), members.member_ids)
            for name in members.columns
            if is_told(name)
        }
        columns |= self._raised(members) | {AVOIDS.name: self._avoids(members.member_ids)}
        features = {**members.features, AVOIDS.name: AVOIDS}
        return replace(members, columns={**members.columns, **columns}, features=features)

    def likes(self, member: int, department: str | None) -> bool:
        """Whether a member told us that they like a department; nobody likes none."""
        return self._is_told(INTEREST, department or "", member)

    def because(self, member: int, department: str | None) -> str:
        """Why a member gets an offer for a department, as they read it; empty where they told us nothing of it."""
        return f"You told us you like {department}." if self.likes(member, department) else ""

    def avoids(self, member: int) -> int:
        """What a member does not eat or drink, to compare with the `bits` of an offer."""
        return sum(bit for name, bit in _BIT.items() if self._is_told(DIET, name, member))

    def counted(self, member: int, department: str | None, ingredients: Iterable[str]) -> str:
        """What a member told us that counts for or against an offer, as others read it; empty where nothing does."""
        if kept := in_words(self.avoids(member), ingredients):
            return f"They told us they do not eat or drink {kept}."
        if self.likes(member, department):
            return (
                f"They told us they like {department}: it counts as {LIKED:g} times the average affinity at the least."
            )
        return ""

    def column(self, name: str, words: tuple[str, ...], member_ids: np.ndarray) -> np.ndarray:
        """(n,) of a feature that members tell us: 1 for who did and -1 for who did not, or codes of the words."""
        family, _, of = name.partition(":")
        if family == SIZE:
            return self._sizes(of, words, member_ids)
        return self._flags(*((family, of) if of else (SUSTAINABLE, FIRST)), member_ids)

    def _flags(self, topic: str, value: str, member_ids: np.ndarray) -> np.ndarray:
        column = np.full(len(member_ids), -1, dtype=np.int8)
        column[self._rows(topic, value, member_ids)] = 1
        return column

    def _sizes(self, of: str, words: tuple[str, ...], member_ids: np.ndarray) -> np.ndarray:
        column = np.full(len(member_ids), -1, dtype=code_type(words))
        for code, word in enumerate(words):
            column[self._rows(SIZE, f"{of}{OF}{word}", member_ids)] = code
        return column

    def _avoids(self, member_ids: np.ndarray) -> np.ndarray:
        avoids = np.zeros(len(member_ids), dtype=np.int16)
        for name, bit in _BIT.items():
            avoids[self._rows(DIET, name, member_ids)] |= bit
        return avoids

    def _raised(self, members: Profiles) -> dict[str, np.ndarray]:
        raised = {}
        for topic, department in self.by:
            name = f"affinity:{department}"
            if topic == INTEREST and name in members.columns:
                rows = self._rows(topic, department, members.member_ids)
                raised[name] = np.array(members.column(name))
                raised[name][rows] = np.fmax(raised[name][rows], LIKED)
        return raised

    def _is_told(self, topic: str, value: str, member: int) -> bool:
        return bool(len(self._rows(topic, value, np.array([member]))))

    def _rows(self, topic: str, value: str, member_ids: np.ndarray) -> np.ndarray:
        """Where those who told us this are among the members, of whom only some may be asked about."""
        told = self.by.get((topic, value), NOBODY)
        if not len(told) or not len(member_ids):
            return NOBODY
        told = told[slice(*np.searchsorted(told, [member_ids[0], member_ids[-1] + 1]))]
        rows = np.searchsorted(member_ids, told)
        found: np.ndarray = rows[member_ids[rows] == told]
        return found
