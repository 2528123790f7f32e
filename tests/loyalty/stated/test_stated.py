"""What members tell us, as it is kept: row by row, until they take it back or have it forgotten."""

import datetime as dt
import json
from contextlib import nullcontext

import pytest
from django.db import DatabaseError, connection, transaction

from loyalty import identity, stated
from loyalty.models import Member, Statement
from loyalty.models.statement import Topic
from loyalty.refusal import Refused
from loyalty.stated import asking
from tests import making
from tests.making import DAY, NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Member:
    making.product(category="Tea > Green")
    making.product(category="Jam")
    return making.member()


def tell(member: Member, topic: str, *values: str, at: dt.datetime = NOON) -> None:
    stated.tell(member, topic, values, source="the test", at=at)


def held(*members: Member) -> list[tuple[str, str]]:
    return [(each.topic, each.value) for each in stated.standing([member.pk for member in members])]


def test_what_is_told_is_kept_with_the_words_the_source_and_the_time(member: Member) -> None:
    tell(member, "diet", "pork")
    row = Statement.objects.get()
    assert (row.wording, row.source, row.at, row.stated) == ("I do not eat or drink pork.", "the test", NOON, True)


@pytest.mark.parametrize("topic", Topic.values)
def test_of_every_topic_something_can_be_told_and_said(member: Member, topic: str, settings) -> None:
    settings.RETAILER_SIZES = {"Shoes": ["36"]}
    for value in asking.choices(topic):
        tell(member, topic, value)
        assert held(member) == [(topic, value)]
    assert asking.said(topic, value).endswith(".")
    assert asking.QUESTIONS[topic]
    assert asking.MEANINGS[topic]


def test_what_is_not_told_again_is_taken_back_and_other_topics_stay(member: Member) -> None:
    tell(member, "diet", "pork", "nuts")
    tell(member, "interest", "Tea")
    tell(member, "diet", "nuts", at=NOON + DAY)
    assert held(member) == [("diet", "nuts"), ("interest", "Tea")]
    assert Statement.objects.count() == 4


def test_telling_the_same_again_writes_nothing(member: Member) -> None:
    for _ in range(3):
        tell(member, "diet", "pork", "pork")
    assert Statement.objects.count() == 1


def test_what_is_told_holds_though_a_clock_runs_behind(member: Member) -> None:
    tell(member, "diet", "pork", at=NOON + DAY)
    tell(member, "diet", at=NOON)
    assert held(member) == []


@pytest.mark.parametrize(
    ("topic", "values"),
    [
        ("diet", ["poison"]),
        ("diet", ["pork", "poison"]),
        ("diet", ["PORK"]),
        ("interest", ["Coffee"]),
        ("interest", ["<script>alert(1)</script>"]),
        ("size", ["Shoes: 99"]),
        ("sustainable", ["last"]),
        ("religion", ["any"]),
        ("", [""]),
        ("\0", ["\0"]),
        ("diet", ["\0"]),
        ("diet", ["x" * 1_000_000]),
    ],
)
def test_what_is_not_asked_is_refused_and_nothing_is_kept(member: Member, topic: str, values: list[str]) -> None:
    with pytest.raises(Refused, match="reload the page and choose again"):
        tell(member, topic, *values)
    assert Statement.objects.count() == 0


def test_one_size_of_each_thing(member: Member, settings) -> None:
    settings.RETAILER_SIZES = {"Shoes": ["36", "37"], "Shirts": ["M"]}
    with pytest.raises(Refused, match="one size of each"):
        tell(member, "size", "Shoes: 36", "Shoes: 37")
    tell(member, "size", "Shoes: 36", "Shirts: M")
    tell(member, "size", "Shoes: 37", "Shirts: M")
    assert held(member) == [("size", "Shirts: M"), ("size", "Shoes: 37")]


def test_a_department_that_is_gone_can_still_be_kept_and_taken_back(member: Member) -> None:
    tell(member, "interest", "Tea", "Jam")
    making.Product.objects.filter(category="Jam").delete()
    tell(member, "interest", "Jam")
    assert held(member) == [("interest", "Jam")]
    tell(member, "interest")
    with pytest.raises(Refused):
        tell(member, "interest", "Jam")


def test_members_who_are_one_person_keep_what_each_told_itself(member: Member, otto) -> None:
    other = making.member()
    tell(member, "diet", "pork")
    tell(other, "diet", "nuts")
    merge = identity.merge(member, other, by=otto, at=NOON, why="test")
    assert (held(member), held(other)) == ([("diet", "pork")], [("diet", "nuts")])
    assert held(member, other) == [("diet", "nuts"), ("diet", "pork")]
    identity.unmerge(merge, by=otto, at=NOON, why="test")
    assert (held(member), held(other)) == ([("diet", "pork")], [("diet", "nuts")])


# -- taken along, kept, and forgotten ----------------------------------------------------------------------------------


def test_everything_ever_told_can_be_taken_along(member: Member) -> None:
    tell(member, "diet", "pork")
    tell(member, "diet", at=NOON + DAY)
    tell(making.member(), "diet", "nuts")
    told = json.loads(json.dumps(stated.history(member)))
    assert [(each["value"], each["told"], each["source"]) for each in told] == [
        ("pork", True, "the test"),
        ("pork", False, "the test"),
    ]
    assert set(told[0]) == {"topic", "value", "told", "at", "words", "source"}


@pytest.mark.parametrize("change", ["UPDATE loyalty_statement SET value = 'x'", "DELETE FROM loyalty_statement"])
@pytest.mark.parametrize("guarded", [True, False])
def test_no_row_is_changed_or_deleted_by_the_way(member: Member, change: str, guarded: bool) -> None:
    """With its negative control: it is the trigger that refuses."""
    tell(member, "diet", "pork")
    kept = pytest.raises(DatabaseError, match="append-only") if guarded else nullcontext()
    with kept, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE loyalty_statement {'ENABLE' if guarded else 'DISABLE'} TRIGGER USER")
        cursor.execute(change)
    assert (held(member) == [("diet", "pork")]) is guarded


def test_what_is_forgotten_is_gone_with_what_was_taken_back_and_with_nobody_elses(member: Member) -> None:
    other = making.member()
    tell(member, "diet", "pork")
    tell(member, "diet", at=NOON + DAY)
    tell(other, "diet", "nuts")
    stated.forget(member)
    assert list(Statement.objects.values_list("member", flat=True)) == [other.pk]


def test_forgetting_lets_nothing_else_be_deleted_in_the_same_transaction(member: Member) -> None:
    other = making.member()
    tell(other, "diet", "nuts")
    stated.forget(member)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        other.statements.all().delete()


def test_who_is_erased_takes_along_what_they_told_us(member: Member) -> None:
    tell(member, "diet", "pork")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL liftwell.erasing = 'on'")
    member.delete()
    assert Statement.objects.count() == 0
