"""Who does not allow that offers are chosen for them: of them nothing is kept that serves only that."""

from collections import defaultdict
from collections.abc import Iterable

from loyalty import aliases
from loyalty.linking.person import Person, Said, holding
from loyalty.models import Consent
from loyalty.models.consent import Purpose


def objecting(members: Iterable[int]) -> set[int]:
    """Those of these ids who object now; of several who are one person, what holds for the person holds for each."""
    ids = set(members)
    person_of = {member: Person(member, ()) for member in ids}
    person_of |= {member: person for person in aliases.people(ids) for member in person.members}
    said = _said(person_of)
    return {member for member in ids if _objects(person_of[member], said)}


def _said(members: Iterable[int]) -> dict[int, list[Said]]:
    said: defaultdict[int, list[Said]] = defaultdict(list)
    for row in Consent.objects.filter(member__in=list(members), purpose=Purpose.PERSONALISATION, channel=""):
        said[row.member_id].append(Said(row.at, row.pk, row.member_id, row.granted))
    return said


def _objects(person: Person, said: dict[int, list[Said]]) -> bool:
    held = holding([each for member in person.members for each in said.get(member, ())], person)
    return held is not None and not held.granted
