import itertools

import pytest

from loyalty.linking import evidence
from loyalty.linking.evidence import AGREES, DIFFERS, UNKNOWN, Record

FIELDS = ("first_name", "last_name", "birth_year", "postcode")
NOTHING = {**dict.fromkeys(FIELDS, UNKNOWN), "email": AGREES, "phone": UNKNOWN}
IRIS = Record("Iris", "Berg", 1980, "AB1 2CD")


def compare(one: Record, two: Record) -> dict[str, str]:
    found = evidence.compare(one, two, email=AGREES, phone=UNKNOWN)
    return {field: found[field] for field in FIELDS}


def test_values_agree_whatever_their_case_accents_and_blanks():
    assert set(compare(IRIS, Record("ÍRIS", "berg", 1980, "ab12cd")).values()) == {AGREES}


def test_what_either_does_not_say_is_unknown():
    assert set(compare(IRIS, Record()).values()) == {UNKNOWN}


def test_what_both_say_otherwise_differs():
    assert set(compare(IRIS, Record("Tom", "Berger", 1981, "ZZ9")).values()) == {DIFFERS}


def test_initial_says_nothing_for_or_against_the_name_it_begins():
    assert compare(IRIS, Record("I."))["first_name"] == UNKNOWN
    assert compare(IRIS, Record("T."))["first_name"] == DIFFERS


def test_confidence_is_the_prior_when_nothing_else_is_known():
    assert evidence.confidence(NOTHING, sharers=2) == 0.5
    assert evidence.confidence({**NOTHING, "email": UNKNOWN, "phone": AGREES}, sharers=2) == pytest.approx(0.3)
    assert evidence.confidence({**NOTHING, "phone": AGREES}, sharers=2) == pytest.approx(0.8)


def test_confidence_is_worked_out_by_hand():
    """Odds 1 × 0.9/0.05 × 0.03/0.95 = 0.5684."""
    found = {**NOTHING, "first_name": AGREES, "birth_year": DIFFERS}
    assert evidence.confidence(found, sharers=2) == pytest.approx(0.5684210 / 1.5684210)


@pytest.mark.parametrize("field", FIELDS)
def test_agreement_makes_surer_and_difference_less(field):
    ends = [evidence.confidence({**NOTHING, field: word}, sharers=2) for word in (DIFFERS, UNKNOWN, AGREES)]
    assert ends == sorted(set(ends))


def test_the_more_share_an_address_the_less_it_says():
    ends = [evidence.confidence(NOTHING, sharers=sharers) for sharers in (2, 3, 5)]
    assert ends == sorted(set(ends), reverse=True)


def test_household_that_shares_an_address_is_not_asked_about():
    found = {**NOTHING, "first_name": DIFFERS, "last_name": AGREES, "birth_year": DIFFERS}
    assert evidence.confidence(found, sharers=2) < evidence.LEAST_TO_ASK


def test_confidence_is_a_chance_and_never_certain():
    for words in itertools.product((AGREES, DIFFERS, UNKNOWN), repeat=4):
        found = {**NOTHING, "phone": AGREES, **dict(zip(FIELDS, words, strict=True))}
        assert 0 < evidence.confidence(found, sharers=2) < 1


def test_records_that_share_no_address_have_no_confidence():
    with pytest.raises(ValueError, match="share no address"):
        evidence.confidence({**NOTHING, "email": DIFFERS}, sharers=2)


def may(*, sharers: int = 2, sure: float = 0.995, **words: str) -> bool:
    found = {**dict.fromkeys(FIELDS, AGREES), "email": AGREES, "phone": AGREES, **words}
    return evidence.may_merge_by_rule(found, sharers=sharers, sure=sure, least=0.99)


def test_rule_may_merge_what_agrees_in_everything():
    assert may()
    assert may(postcode=UNKNOWN, last_name=UNKNOWN)


@pytest.mark.parametrize("word", [DIFFERS, UNKNOWN])
@pytest.mark.parametrize("field", evidence.NEEDED_TO_MERGE)
def test_rule_needs_two_addresses_and_who_it_is(field, word):
    assert not may(**{field: word})


def test_rule_merges_nothing_that_differs_is_shared_or_unsure():
    assert not may(postcode=DIFFERS)
    assert not may(sharers=3)
    assert not may(sure=0.98)
