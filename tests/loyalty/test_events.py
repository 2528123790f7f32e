import datetime as dt

import pytest

from loyalty import consent, events, identity
from loyalty.events import meanings
from loyalty.files import kinds
from loyalty.models import Event
from loyalty.models.consent import Purpose
from tests import making
from tests.making import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def iris():
    return making.member(ref="m-1")


@pytest.fixture
def tea():
    return making.product(ref="p-1", name="Tea")


def row(number=1, **fields):
    told = {"event_ref": f"e-{number}", "member_ref": "m-1", "at": "2026-03-02T11:00:00Z", "kind": "app_open", **fields}
    return {name: value for name, value in told.items() if value is not ...}


def take_in(*rows):
    return events.take_in(rows, at=NOON)


def counts(taken):
    return taken.accepted, taken.known, len(taken.refusals)


def detail(taken):
    (refusal,) = taken.refusals
    return refusal.detail


# -- what is taken in --------------------------------------------------------------------------------------------------


def test_event_is_kept_as_it_was_sent(iris, tea):
    sent = row(kind="view", product_ref="p-1", value=12.5, channel="app", text="at the top", offer_ref="o-1")
    assert counts(take_in(sent)) == (1, 0, 0)
    kept = Event.objects.get()
    assert (kept.ref, kept.member, kept.product, kept.kind) == ("e-1", iris, tea, "view")
    assert (kept.at, kept.value, kept.channel) == (NOON - dt.timedelta(hours=1), 12.5, "app")
    assert (kept.text, kept.offer_ref) == ("at the top", "o-1")


def test_time_is_of_the_zone_it_states(iris):
    take_in(row(at="2026-03-02T11:00:00+05:30"))
    assert Event.objects.get().at == dt.datetime(2026, 3, 2, 5, 30, tzinfo=dt.UTC)


def test_kind_of_the_retailers_own_is_taken(iris):
    assert counts(take_in(row(kind="recipe_cooked"))) == (1, 0, 0)


def test_value_of_a_kind_of_the_retailers_own_is_whatever_they_say(iris):
    assert counts(take_in(row(kind="points_changed", value=-5e12))) == (1, 0, 0)


def test_kinds_whose_meaning_is_known_are_those_that_a_slip_is_told_from():
    assert tuple(meanings.KINDS) == kinds.EVENT_KINDS


def test_empty_batch_is_an_answer_too():
    assert take_in() == events.Taken(sent=0, accepted=0, known=0, refusals=())


def test_a_full_batch_takes_a_handful_of_statements(iris, django_assert_max_num_queries):
    rows = [row(number) for number in range(events.MOST)]
    with django_assert_max_num_queries(7):  # two of them are the savepoint's
        assert counts(take_in(*rows)) == (events.MOST, 0, 0)


# -- what comes again --------------------------------------------------------------------------------------------------


def test_event_that_comes_again_is_known(iris):
    take_in(row())
    assert counts(take_in(row())) == (0, 1, 0)
    assert Event.objects.count() == 1


def test_event_that_comes_again_otherwise_is_a_conflict_and_stays_what_it_was(iris):
    take_in(row(value=1))
    taken = take_in(row(value=2))
    assert [(each.position, each.code) for each in taken.refusals] == [(0, "conflict")]
    assert Event.objects.get().value == 1


def test_repeats_within_a_batch_are_told_like_any_other(iris):
    taken = take_in(row(1), row(2), row(1), row(1, value=3))
    assert counts(taken) == (2, 1, 1)
    assert (taken.refusals[0].position, taken.refusals[0].code) == (3, "conflict")


def test_known_event_stays_known_when_it_could_not_be_taken_in_any_more(iris):
    take_in(row())
    assert counts(events.take_in([row()], at=NOON + 500 * making.DAY)) == (0, 1, 0)


# -- what is refused ---------------------------------------------------------------------------------------------------

REFUSED = {
    "no object": ([], "", "This is not an object with the fields of an event."),
    "unknown field": (row(colour="red"), "colour", "colour is not a field of an event: send event_ref, member_ref, "),
    "no reference": (row(event_ref=...), "event_ref", "event_ref is empty, and must not be."),
    "empty reference": (row(event_ref=" "), "event_ref", "event_ref is empty, and must not be."),
    "19 digits as a number": (row(event_ref=1234567890123456789), "event_ref", "event_ref must be text: put it in quo"),
    "long reference": (row(event_ref="e" * 201), "event_ref", "event_ref is longer than 200 characters."),
    "NUL": (row(text="a\0b"), "text", "text holds a NUL byte."),
    "NUL in a field's name": (row(**{"a\0": 1}), "a\\x00", "a\\x00 is not a field of an event"),
    "half a character": (row(text="\ud800"), "text", "text holds half of a character"),
    "upper-case kind": (row(kind="View"), "kind", "kind is not a name of at most 60 lower-case letters"),
    "slip of the fingers": (row(kind="serach"), "kind", "kind is not known: did you mean “search”? (Give one of your"),
    "unknown channel": (row(channel="carrier pigeon"), "channel", "channel is not one of store, online, app, phone, "),
    "seconds below nothing": (row(value=-5), "value", "value is not between 0 and 86,400 seconds, which it tells for"),
    "seconds beyond a day": (row(value=1e12), "value", "value is not between 0 and 86,400 seconds"),
    "pieces below nothing": (
        row(kind="cart_remove", product_ref="p-1", value=-1),
        "value",
        "value is not between 0 and 100,000 pieces",
    ),
    "no number": (row(value="3"), "value", "value must be a number, without quotes."),
    "true as a number": (row(value=True), "value", "value must be a number, without quotes."),
    "not a number": (row(value=float("nan")), "value", "value is not a finite number"),
    "huge number": (row(value=10**400), "value", "value is larger than any number that can be kept."),
    "naive time": (
        row(at="2026-03-02T11:00:00"),
        "at",
        "at does not state its time zone: write it in the form YYYY-MM-DDThh:mm:ss±hh:mm",
    ),
    "a day": (row(at="2026-03-02"), "at", "at does not state its time zone"),
    "no time": (row(at="yesterday"), "at", "at is not written by ISO 8601"),
    "no day": (row(at="2026-02-30T11:00:00Z"), "at", "at is not in the calendar"),
    "ancient": (row(at="0001-01-01T00:00:00Z"), "at", "at is before 1900."),
    "old": (row(at="2024-01-01T00:00:00Z"), "at", "at is over 400 days ago: bring events so old in by a file."),
    "future": (row(at="2026-03-02T12:11:00Z"), "at", "at lies in the future: set the clock"),
    "unknown member": (row(member_ref="m-2"), "member_ref", "member_ref is not known: load the members first."),
    "unknown product": (row(product_ref="p-2"), "product_ref", "product_ref is not known: load the products first."),
    "view of nothing": (row(kind="view"), "product_ref", "product_ref is needed for an event of this kind."),
    "search for nothing": (row(kind="search"), "text", "text is needed for an event of this kind."),
}


@pytest.mark.parametrize("name", REFUSED)
def test_row_is_refused_in_words_and_harms_no_other(iris, tea, name):
    bad, field, sentence = REFUSED[name]
    taken = take_in(row(7), bad, row(8))
    assert counts(taken) == (2, 0, 1)
    (refusal,) = taken.refusals
    assert (refusal.position, refusal.field) == (1, field)
    assert refusal.detail.startswith(sentence)


# -- what it would be kept for -----------------------------------------------------------------------------------------


@pytest.fixture
def refuses(iris):
    def refuse(*, granted=False, at=NOON):
        consent.record(iris, purpose=Purpose.PERSONALISATION, granted=granted, at=at, source="test")

    return refuse


def test_behaviour_of_a_member_who_refuses_personal_offers_is_not_kept(iris, refuses):
    refuses()
    taken = take_in(row())
    assert [each.code for each in taken.refusals] == ["purpose"]
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    "fields", [{"kind": "offer_completed", "offer_ref": "o"}, {"kind": "survey_answer", "text": "x"}]
)
def test_what_has_a_reason_of_its_own_is_kept_of_everybody(iris, refuses, fields):
    refuses()
    assert counts(take_in(row(**fields))) == (1, 0, 0)


def test_who_allows_it_again_is_seen_again(iris, refuses):
    refuses(at=NOON - making.DAY)
    refuses(granted=True)
    assert counts(take_in(row())) == (1, 0, 0)


def test_refusal_of_one_member_says_nothing_of_another(iris, refuses):
    refuses()
    making.member(ref="m-2")
    assert counts(take_in(row(1), row(2, member_ref="m-2"))) == (1, 0, 1)


def test_refusal_by_one_holds_for_all_who_are_one_person(iris, refuses):
    other = making.member(ref="m-2")
    identity.merge(iris, other, by=None, at=NOON - making.DAY, why="the same e-mail address")
    refuses()
    assert counts(take_in(row(member_ref="m-2"))) == (0, 0, 1)
