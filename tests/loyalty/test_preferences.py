import string
import time
from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from django.core import signing
from django.db import DatabaseError, connection, transaction

from loyalty import consent, identity, preferences
from loyalty.models import Consent, LinksEnded, Member
from loyalty.models.consent import Channel, Purpose
from loyalty.refusal import Refused
from tests import making
from tests.making import DAY, NOON

pytestmark = pytest.mark.django_db

YEAR = 365 * 24 * 3600
ALPHABET = string.ascii_letters + string.digits + "-_:."


@pytest.fixture
def member() -> Member:
    return making.member()


def token_of(member: Member) -> str:
    return preferences.path_for(member).split("/")[2]


def choose(member: Member, *, granted: bool, purpose: str = "marketing", channel: str = "email") -> None:
    preferences.choose(member, purpose=purpose, channel=channel, granted=granted, wording="Words", at=NOON)


def accepted(tokens: set[str]) -> set[str]:
    """Those of the tokens that open somebody's page."""

    def opens(token: str) -> bool:
        try:
            preferences.member_of(token)
        except Refused:
            return False
        return True

    return {token for token in tokens if opens(token)}


# -- the link ----------------------------------------------------------------------------------------------------------


def test_link_opens_its_members_page(member: Member) -> None:
    making.member()
    assert preferences.member_of(token_of(member)) == member


def test_refused_link_is_told_with_what_to_do() -> None:
    with pytest.raises(Refused, match="use the one in our newest message"):
        preferences.member_of("nonsense")


def mutations(token: str) -> Iterator[str]:
    """Every token one step away: a character replaced, left out, doubled, or moved."""
    for place in range(len(token)):
        before, here, after = token[:place], token[place], token[place + 1 :]
        yield from (before + other + after for other in ALPHABET)
        yield before + after
        yield before + here * 2 + after
        yield before + after[:1] + here + after[1:]


def test_tampered_link_opens_nothing(member: Member) -> None:
    for _ in range(3):
        making.member()  # whose page a changed key could open
    token = token_of(member)
    tampered = set(mutations(token)) - {token}
    assert len(tampered) > 3500
    assert accepted(tampered) == set()


def test_harness_would_see_a_tampered_link_that_opens(member: Member, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: with the end of signatures left uncompared, some of the same tokens do open."""
    monkeypatch.setattr(signing, "constant_time_compare", lambda one, other: one[:40] == other[:40])
    assert accepted(set(mutations(token_of(member))) - {token_of(member)})


def test_part_of_a_link_of_one_and_part_of_anothers_open_nothing(member: Member) -> None:
    one, other = token_of(member).split(":"), token_of(making.member()).split(":")
    mixed = {
        ":".join((one if pick & bit else other)[place] for place, bit in enumerate((1, 2, 4))) for pick in range(8)
    }
    assert accepted(mixed - {":".join(one), ":".join(other)}) == set()


@pytest.mark.parametrize("salt", ["", "loyalty", "django.core.signing", "loyalty.preferences "])
def test_link_signed_for_something_else_opens_nothing(member: Member, salt: str) -> None:
    assert accepted({signing.dumps(member.pk, salt=salt)}) == set()


def test_link_signed_with_another_secret_opens_nothing(member: Member) -> None:
    assert accepted({signing.dumps(member.pk, salt=preferences.SALT, key="another")}) == set()


def test_link_of_a_member_who_is_gone_opens_nothing(member: Member) -> None:
    token = token_of(member)
    member.delete()
    assert accepted({token}) == set()


@pytest.mark.parametrize(("seconds", "works"), [(60 * 24 * 3600, True), (2 * YEAR - 60, True), (2 * YEAR + 60, False)])
def test_link_works_for_two_years(member: Member, monkeypatch: pytest.MonkeyPatch, seconds: int, works: bool) -> None:
    token, now = token_of(member), time.time()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + seconds)
    assert accepted({token}) == ({token} if works else set())


def test_links_that_were_ended_open_nothing_and_those_of_others_do(member: Member, otto) -> None:
    other, before = making.member(), token_of(member)
    preferences.end_links(member, by=otto, at=NOON)
    member.refresh_from_db()
    after, others = token_of(member), token_of(other)
    assert accepted({before, after, others}) == {after, others}
    assert (member.links_ended.get().by, member.links_ended.get().at) == (otto, NOON)


def test_ending_links_again_ends_the_new_ones_and_brings_none_back(member: Member, otto) -> None:
    tokens = set()
    for _ in range(3):
        tokens.add(token_of(member))
        preferences.end_links(member, by=otto, at=NOON)
        member.refresh_from_db()
    assert len(tokens) == 3
    assert accepted(tokens) == set()


@pytest.mark.parametrize("ended", [0, 1])
def test_ending_the_links_of_a_person_ends_those_of_all_the_members_they_are(otto, ended: int) -> None:
    """Whichever of them is asked for: the choices behind each link are the person's."""
    one, other = making.member(), making.member()
    before = {token_of(one), token_of(other)}
    identity.merge(one, other, by=otto, at=NOON - DAY, why="test")
    preferences.end_links((one, other)[ended], by=otto, at=NOON)
    assert accepted(before) == set()
    assert set(LinksEnded.objects.values_list("member", "number", "by", "at")) == {
        (each.pk, 1, otto.pk, NOON) for each in (one, other)
    }


def test_who_was_parted_before_keeps_their_links(otto) -> None:
    one, other = making.member(), making.member()
    merge = identity.merge(one, other, by=otto, at=NOON - DAY, why="test")
    identity.unmerge(merge, by=otto, at=NOON, why="test")
    ended, kept = token_of(one), token_of(other)
    preferences.end_links(one, by=otto, at=NOON)
    assert accepted({ended, kept}) == {kept}


@pytest.mark.parametrize("change", ["UPDATE loyalty_linksended SET number = 7", "DELETE FROM loyalty_linksended"])
@pytest.mark.parametrize("guarded", [True, False])
def test_the_end_of_links_stays_written_down_by_its_trigger(member: Member, otto, change: str, guarded: bool) -> None:
    """With its negative control: it is the trigger that refuses."""
    preferences.end_links(member, by=otto, at=NOON)
    kept = pytest.raises(DatabaseError, match="append-only") if guarded else nullcontext()
    with kept, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE loyalty_linksended {'ENABLE' if guarded else 'DISABLE'} TRIGGER USER")
        cursor.execute(change)
    assert list(LinksEnded.objects.values_list("number", flat=True)) == ([1] if guarded else [7] * ("SET" in change))


def test_links_sent_before_they_had_a_number_work_until_they_are_ended(member: Member, otto) -> None:
    first = signing.dumps(member.pk, salt=preferences.SALT)
    assert accepted({first}) == {first}
    preferences.end_links(member, by=otto, at=NOON)
    assert accepted({first}) == set()


def test_link_that_was_ended_still_unsubscribes_and_does_nothing_else(member: Member, otto, client) -> None:
    making.grant(member, "email")
    page = preferences.path_for(member)
    preferences.end_links(member, by=otto, at=NOON)
    assert client.get(page).status_code == 404
    choice = {"purpose": "marketing", "channel": "email", "granted": "no"}
    assert client.post(f"{page}choose/", choice).status_code == 404
    assert consent.contactable("email") == {member.pk}
    assert client.post(f"{page}unsubscribe/").status_code == 200
    assert consent.contactable("email") == set()


def test_links_live_through_a_change_of_secret_while_the_old_is_a_fallback(member: Member, settings) -> None:
    token, old = token_of(member), settings.SECRET_KEY
    settings.SECRET_KEY = "new" * 20
    assert accepted({token}) == set()
    settings.SECRET_KEY_FALLBACKS = [old]
    assert accepted({token}) == {token}


# -- the choices -------------------------------------------------------------------------------------------------------


def test_member_who_was_never_asked_gets_no_offers_and_could_have_personal_ones(member: Member) -> None:
    assert preferences.allows(member) == {
        ("marketing", "email"): False,
        ("marketing", "app"): False,
        ("personalisation", ""): True,
    }


@pytest.mark.parametrize("key", [("marketing", "email"), ("marketing", "app"), ("personalisation", "")])
def test_choice_changes_itself_and_nothing_else(member: Member, key: tuple[str, str]) -> None:
    before = preferences.allows(member)
    choose(member, purpose=key[0], channel=key[1], granted=not before[key])
    assert preferences.allows(member) == {**before, key: not before[key]}


def test_choice_is_kept_with_the_words_shown_and_where(member: Member) -> None:
    choose(member, granted=True)
    held = consent.of(member)[Purpose.MARKETING, Channel.EMAIL]
    assert (held.wording, held.source, held.at) == ("Words", "preference page", NOON)


def test_choices_made_in_one_moment_hold_in_their_order(member: Member) -> None:
    for granted in (True, False, True, False):
        choose(member, granted=granted)
    assert not preferences.allows(member)["marketing", "email"]


@pytest.mark.parametrize(
    ("purpose", "channel"),
    [
        ("marketing", ""),
        ("marketing", "fax"),
        ("personalisation", "email"),
        ("", ""),
        ("profiling", "email"),
        ("\0", ""),
    ],
)
def test_choice_that_is_not_offered_is_refused(member: Member, purpose: str, channel: str) -> None:
    with pytest.raises(Refused, match="reload the page"):
        choose(member, purpose=purpose, channel=channel, granted=False)
    assert Consent.objects.count() == 0
