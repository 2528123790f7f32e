"""Why this offer: a decision worked out again from what its run recorded, for one member, in words."""

from dataclasses import dataclass

from campaigns.explaining.options import Option, options
from campaigns.explaining.stood import By, had_no_room, listed, standing
from campaigns.models import Decision
from campaigns.models import decision as decided
from loyalty.refusal import Refused

HELD_OUT = (
    "Held out to measure lift: the campaign's salt and the member's reference fall into the {share:.0%} that get "
    "nothing. It was fixed before anything was sent."
)
UNIVERSAL = (
    "Takes part in nothing this year, so that we can tell what the programme brings: the year's salt and the member's "
    "reference fall into the {share:.0%} whom no campaign reaches."
)
WITHHELD = "{names} would have been given, and was withheld to measure what it brings."
SEVERAL_WITHHELD = "{names} would have been given, and were withheld to measure what they bring."
NOTHING_ANYWAY = "Nothing would have been given to them anyway."
GENERIC = (
    "{name}: this member is in the group that gets the one offer that is best for all, so that we can tell what it is "
    "worth to choose for each."
)
NOT_GENERIC = (
    "Nothing: this member is in the group that gets only the one offer that is best for all. It was not open to them, "
    "was not worth its cost, or the group's part of its limits was used up."
)
NOTHING = "Nothing: no offer that was open to this member was worth more than its cost and the price of its limits."
NO_ROOM = (
    "Nothing: the offers that would have been worth it went, within their limits, to members who gain more by them."
)
GIVEN = "{name}: of {open} offers open to this member it was expected to earn most after the price of its limits."
NO_BETTER = (
    "{name}: {better} was expected to earn more, but its last places went to members who gain more by it; of what was "
    "left this was the best."
)
SEVERAL = (
    "{names}: of {open} offers open to this member these were expected to earn most after the price of their limits."
)
DRAWN = (
    "{name}: drawn at random among {open} offers open to this member, so that we go on learning which offer works for "
    "whom. What it is worth had no say in it."
)
IMPORTED = "Another tool decided this; its reasons are not known here."


BY_ARM = {decided.HELD_OUT: By.HOLDOUT, decided.UNIVERSAL: By.UNIVERSAL, decided.GENERIC: By.GENERIC}


@dataclass(frozen=True)
class Why:
    """The answer in a sentence, and every offer of the run as it stood for the member."""

    sentence: str
    options: tuple[Option, ...]
    by: By = By.PRICES

    @property
    def given(self) -> tuple[Option, ...]:
        return tuple(option for option in self.options if option.is_given)

    @property
    def charged(self) -> tuple[Option, ...]:
        """The offers that some limit charged for."""
        return tuple(option for option in self.options if option.charges)

    @property
    def stood(self) -> list[tuple[Option, str]]:
        """Each option with why it was or was not given."""
        return [(option, standing(option, self.given, self.by)) for option in self.options]


def why(decision: Decision) -> Why:
    """The sentence that answers, and every offer of the run as it stood for this member."""
    if decision.run.campaign.imported:
        return Why(IMPORTED, ())
    try:
        found = options(decision, ranks(decision))
    except Refused as lost:
        return Why(f"This cannot be worked out again. {lost}", ())
    by = _decided_by(decision)
    return Why(_sentence(decision, found, by), found, by)


def ranks(decision: Decision) -> dict[int, int]:
    """The run offers that were chosen for the member in this run, given or withheld, by their keys, each with its rank:
    0 for the best."""
    found = decision.run.decisions.filter(member=decision.member_id, held_out=decision.held_out)
    return {each.chosen_id: each.rank for each in found if each.chosen_id is not None}


def _decided_by(decision: Decision) -> By:
    if decision.arm in BY_ARM:
        return BY_ARM[decision.arm]
    return By.CHANCE if decision.explored else By.PRICES


def _sentence(decision: Decision, found: tuple[Option, ...], by: By) -> str:
    if by.withholds:
        return f"{_held_out(decision)} {_withheld(found)}"
    given = [option for option in found if option.is_given]
    open_to = [option for option in found if option.is_open]
    if by is By.GENERIC:
        return GENERIC.format(name=given[0].name) if given else NOT_GENERIC
    if not given:
        return NO_ROOM if any(option.net > 0 for option in open_to) else NOTHING
    if by is By.CHANCE:
        return DRAWN.format(name=given[0].name, open=len(open_to))
    if len(given) > 1:
        return SEVERAL.format(names=listed([option.name for option in given]), open=len(open_to))
    return " ".join(filter(None, [_given(given, open_to), given[0].told]))


def _held_out(decision: Decision) -> str:
    if decision.arm == decided.UNIVERSAL and decision.run.draw:
        return UNIVERSAL.format(share=decision.run.draw.universal_share)
    return HELD_OUT.format(share=decision.run.share_held_out)


def _withheld(found: tuple[Option, ...]) -> str:
    names = [option.name for option in found if option.is_withheld]
    if not names:
        return NOTHING_ANYWAY
    return (SEVERAL_WITHHELD if len(names) > 1 else WITHHELD).format(names=listed(names))


def _given(given: list[Option], open_to: list[Option]) -> str:
    best = max(open_to, key=lambda option: option.net, default=given[0])
    if had_no_room(best, given):
        return NO_BETTER.format(name=given[0].name, better=best.name)
    return GIVEN.format(name=given[0].name, open=len(open_to))
