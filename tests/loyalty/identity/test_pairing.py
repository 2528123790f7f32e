import datetime as dt
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from loyalty import identity
from loyalty.identity import addresses, pairing
from loyalty.models import Alias, Contact, Identity, Linking, Load, Member, Pair
from loyalty.refusal import Refused
from tests.making import NOON

pytestmark = pytest.mark.django_db


def member(ref: str, *, email: str = "", phone: str = "", first: str = "", last: str = "", **facts: Any) -> Member:
    made = Member.objects.create(ref=ref, **facts)
    Contact.objects.create(member=made, email=email, phone=phone, first_name=first, last_name=last)
    return made


def pairs() -> set[tuple[str, str]]:
    return {(pair.first.ref, pair.second.ref) for pair in Pair.objects.filter(answer="")}


def twins(**other: Any) -> tuple[Member, Member]:
    """Two records of which everything agrees, but for what the second is said to have."""
    facts = {"email": "iris@example.com", "phone": "+442079460018", "first": "Iris", "last": "Berg", "birth_year": 1980}
    return member("m1", **facts), member("m2", **{**facts, **other})


# -- hashes ------------------------------------------------------------------------------------------------------------


def test_no_address_is_kept_in_plain_text():
    member("m1", email="iris.berg@example.com", phone="+442079460018")
    pairing.link(at=NOON)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(known::text, '|') FROM loyalty_identity known")
        told = cursor.fetchone()[0]
    assert Identity.objects.count() == 2
    assert not any(part in told for part in ("iris", "berg", "example", "7946"))


def test_hash_needs_the_key(settings):
    digests = set()
    for key in ("one", "two", ""):
        settings.IDENTITY_KEY = key
        member(f"m-{key}", email="iris@example.com")
        pairing.link(at=NOON)
        digests |= set(Identity.objects.filter(member__ref=f"m-{key}").values_list("digest", flat=True))
    assert len(digests) == 3
    assert len(set(Identity.objects.values_list("digest", flat=True))) == 1  # and everybody follows a change of it


def test_known_address_is_seen_once_and_a_changed_one_again():
    one = member("m1", email="iris@example.com")
    pairing.link(at=NOON)
    pairing.link(at=NOON + dt.timedelta(days=1))
    assert one.identities.get().seen_at == NOON
    Contact.objects.filter(member=one).update(email="other@example.com")
    pairing.link(at=NOON + dt.timedelta(days=2))
    assert one.identities.get().seen_at == NOON + dt.timedelta(days=2)


def test_address_that_was_taken_back_is_forgotten_with_the_pair_it_made():
    member("m1", email="iris@example.com")
    two = member("m2", email="iris@example.com")
    pairing.link(at=NOON)
    assert pairs() == {("m1", "m2")}
    Contact.objects.filter(member=two).update(email="")
    pairing.link(at=NOON)
    assert (pairs(), two.identities.count()) == (set(), 0)


# -- pairs -------------------------------------------------------------------------------------------------------------


def test_shared_address_makes_a_pair_with_its_evidence_and_without_its_values():
    member("m1", email="Iris@Example.com", first="Iris", birth_year=1980)
    member("m2", email=" iris@example.com", first="iris", birth_year=1980)
    member("m3", email="tom@example.com", first="Iris", birth_year=1980)
    pairing.link(at=NOON)
    pair = Pair.objects.get()
    assert (pair.first.ref, pair.second.ref) == ("m1", "m2")
    assert pair.evidence["first_name"] == pair.evidence["birth_year"] == "agrees"
    assert "ris" not in str(pair.evidence)
    assert 0.95 < pair.confidence < 1


def test_household_that_shares_its_e_mail_is_not_asked_about():
    member("m1", email="berg@example.com", first="Iris", last="Berg", birth_year=1980)
    member("m2", email="berg@example.com", first="Tom", last="Berg", birth_year=1978)
    pairing.link(at=NOON)
    assert pairs() == set()


def test_address_that_many_share_says_nothing():
    for each in range(6):
        member(f"m{each}", email="shop@example.com")
    assert pairing.link(at=NOON).crowded == 1
    assert pairs() == set()


FAMILY = {"email": "berg@example.com", "last": "Berg", "postcode": "AB1 2CD"}


def test_records_with_one_e_mail_last_name_and_postcode_are_asked_about_however_much_differs():
    member("m1", first="Iris", birth_year=1980, **FAMILY)
    member("m2", first="Tom", birth_year=1978, **FAMILY)
    assert pairing.link(at=NOON).unlikely == 0
    assert pairs() == {("m1", "m2")}


def test_they_are_asked_about_too_where_many_share_the_address():
    for each in range(6):
        member(f"m{each}", email=FAMILY["email"], last=f"Other {each}", postcode="AB1 2CD")
    member("m7", first="Iris", **FAMILY)
    member("m8", first="Tom", **{**FAMILY, "last": " berg", "postcode": "ab12cd"})
    done = pairing.link(at=NOON)
    assert (done.crowded, done.pairs) == (1, 1)
    assert pairs() == {("m7", "m8")}


def test_what_is_too_unlikely_to_ask_about_is_counted_and_told(capsys):
    member("m1", email="berg@example.com", first="Iris", last="Berg", birth_year=1980)
    member("m2", email="berg@example.com", first="Tom", last="Berg", birth_year=1978)
    call_command("link")
    assert Linking.objects.get().unlikely == 1
    assert "1 more are too unlikely to ask about" in capsys.readouterr().out


def test_a_pass_counts_anew():
    twins(first="Tom")
    assert [pairing.link(at=NOON).pairs for _ in range(2)] == [1, 1]


def test_answered_pair_is_not_asked_again():
    one, two = member("m1", email="iris@example.com"), member("m2", email="iris@example.com")
    pairing.link(at=NOON)
    identity.tell_apart(one, two, by=None, at=NOON)
    pairing.link(at=NOON)
    assert Pair.objects.get().answer == "different"


# -- merges by rule ----------------------------------------------------------------------------------------------------


def test_records_of_which_all_agrees_are_merged_by_rule():
    one, two = twins()
    assert pairing.link(at=NOON).merged == 1
    made = Alias.objects.get()
    assert (made.member, made.survivor, made.merge.by) == (two, one, None)
    assert made.merge.confidence > 0.99


@pytest.mark.parametrize(
    "other",
    [
        {"phone": ""},
        {"phone": "+442079460019"},
        {"email": ""},
        {"first": "Tom"},
        {"first": ""},
        {"last": "Berger"},
        {"birth_year": 1981},
        {"birth_year": None},
    ],
    ids=str,
)
def test_records_of_which_anything_needed_is_missing_are_never_merged_by_rule(other):
    twins(**other)
    pairing.link(at=NOON)
    assert not Alias.objects.exists()


def test_address_that_a_third_one_has_stops_the_rule():
    twins()
    member("m3", email="iris@example.com", first="Iris")
    pairing.link(at=NOON)
    assert not Alias.objects.exists()
    assert ("m1", "m2") in pairs()


def test_rule_can_be_switched_off(settings):
    settings.MERGE_FROM = 2.0
    twins()
    pairing.link(at=NOON)
    assert (Alias.objects.count(), pairs()) == (0, {("m1", "m2")})


def test_rule_does_not_merge_again_what_somebody_took_apart():
    twins()
    pairing.link(at=NOON)
    identity.unmerge(Alias.objects.get().merge, by=None, at=NOON, why="brothers")
    assert pairing.link(at=NOON).merged == 0
    assert not Alias.objects.exists()


# -- passes ------------------------------------------------------------------------------------------------------------


def loaded(kind: str = "members") -> Load:
    return Load.objects.create(kind=kind, file_name="f", path="f", state=Load.State.DONE, started_at=NOON)


def test_pass_is_due_after_members_were_loaded_and_no_sooner():
    assert not pairing.is_due()
    loaded("products")
    assert not pairing.is_due()
    loaded()
    assert pairing.is_due()
    pairing.link(at=NOON)
    assert not pairing.is_due()


def test_pass_that_broke_off_goes_on_where_it_was(monkeypatch):
    for each in range(5):
        member(f"m{each}", email="iris@example.com")
    monkeypatch.setattr(addresses, "MEMBERS_PER_BLOCK", 2)
    renew, blocks = addresses.renew, []

    def break_off(**told):
        if len(blocks) == 2:
            raise InterruptedError
        blocks.append(told["after"])
        return renew(**told)

    monkeypatch.setattr(addresses, "renew", break_off)
    with pytest.raises(InterruptedError):
        pairing.link(at=NOON)
    assert pairing.is_due()
    monkeypatch.setattr(addresses, "renew", lambda **told: (blocks.append(told["after"]), renew(**told))[1])
    done = pairing.link(at=NOON)
    assert (done.done, done.pairs, Linking.objects.count()) == (5, 10, 1)
    assert blocks == sorted(set(blocks))  # none twice


@pytest.mark.django_db(transaction=True)
def test_two_passes_at_once_are_refused():
    beside = connection.copy()
    try:
        with beside.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [pairing._LOCK])
            with pytest.raises(Refused, match="already"):
                pairing.link(at=NOON)
            cursor.execute("SELECT pg_advisory_unlock(%s)", [pairing._LOCK])
    finally:
        beside.close()
    pairing.link(at=NOON)


def test_command_says_what_it_found(capsys):
    twins()
    call_command("link", "--json")
    assert '"members": 2, "pairs": 1, "merged": 1' in capsys.readouterr().out
