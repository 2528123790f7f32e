"""How sure two records with the same e-mail address or phone number are one person, by what else agrees.

The odds are those of Fellegi and Sunter (A Theory for Record Linkage, JASA 64, 1969, section 2): prior odds, and for
every other field that both records fill in the chance of what is seen if they are one person over the chance if not.
"Not" means two people who share an address, mostly of one household, so a last name or a postcode says little, and a
first name or a birth year much. The chances are our own priors, not learned; `docs/decisions/0009` has the reasons.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from loyalty.linking import normal

AGREES: Final = "agrees"
DIFFERS: Final = "differs"
UNKNOWN: Final = ""

# The chance that two records are one person when only these two share it and nothing else is known.
PRIOR: Final = {("email",): 0.5, ("phone",): 0.3, ("email", "phone"): 0.8}
# (agrees if one person, agrees if two who share an address)
CHANCES: Final = {
    "first_name": (0.90, 0.05),
    "last_name": (0.90, 0.70),
    "birth_year": (0.97, 0.05),
    "postcode": (0.85, 0.80),
    "email": (0.50, 0.20),
    "phone": (0.60, 0.30),
}
# Below this, two records that share an address are two people, and they are counted instead of asked about.
LEAST_TO_ASK: Final = 0.05
# What somebody is asked about however unlikely it is, and however many share the address.
ALWAYS_ASKED: Final = ("email", "last_name", "postcode")
# An address that more people share is a shop's or a made-up one, and says nothing alone about who is who.
MOST_SHARERS: Final = 5
# What must agree before a rule may merge: two ways to reach someone, and who it is.
NEEDED_TO_MERGE: Final = ("email", "phone", "first_name", "birth_year")

Evidence = Mapping[str, str]


@dataclass(frozen=True)
class Record:
    """What one member's record says of who they are; empty or None where it says nothing."""

    first_name: str = ""
    last_name: str = ""
    birth_year: int | None = None
    postcode: str = ""


def compare(one: Record, two: Record, *, email: str, phone: str) -> Evidence:
    """For every field whether the records agree, differ, or do not say; addresses were compared by their hashes."""
    return {
        "email": email,
        "phone": phone,
        "first_name": _first_names(normal.name(one.first_name), normal.name(two.first_name)),
        "last_name": _values(normal.name(one.last_name), normal.name(two.last_name)),
        "birth_year": _values(one.birth_year, two.birth_year),
        "postcode": _values(normal.postcode(one.postcode), normal.postcode(two.postcode)),
    }


def confidence(evidence: Evidence, *, sharers: int) -> float:
    """The chance, 0..1, that two records are one person; `sharers` people (2 or more) share what the two share.

    ValueError for records that share neither address.
    """
    shared = tuple(field for field in ("email", "phone") if evidence[field] == AGREES)
    if shared not in PRIOR:
        raise ValueError("The records share no address.")
    odds = PRIOR[shared] / (1 - PRIOR[shared]) / (sharers - 1)
    for field, (if_one, if_two) in CHANCES.items():
        if field not in shared and evidence[field]:
            odds *= if_one / if_two if evidence[field] == AGREES else (1 - if_one) / (1 - if_two)
    return odds / (1 + odds)


def is_asked(evidence: Evidence, *, sure: float) -> bool:
    """Whether somebody decides on a pair: it is likely enough, or e-mail, last name and postcode all agree."""
    return sure >= LEAST_TO_ASK or all(evidence[field] == AGREES for field in ALWAYS_ASKED)


def may_merge_by_rule(evidence: Evidence, *, sharers: int, sure: float, least: float) -> bool:
    """Whether nobody need be asked about a pair: all that is needed agrees, nothing differs, and `sure` >= `least`."""
    is_needed_there = all(evidence[field] == AGREES for field in NEEDED_TO_MERGE)
    return is_needed_there and DIFFERS not in evidence.values() and sharers == 2 and sure >= least


def _values(one: object, two: object) -> str:
    if not one or not two:
        return UNKNOWN
    return AGREES if one == two else DIFFERS


def _first_names(one: str, two: str) -> str:
    """An initial says nothing for or against the name that it begins."""
    is_initial = min(len(one), len(two)) == 1 and one[:1] == two[:1] and one != two
    return UNKNOWN if is_initial else _values(one, two)
