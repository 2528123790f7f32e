from typing import Any

import pytest

from loyalty import identity
from loyalty.identity import pairing
from loyalty.models import Alias, Contact, Member, Pair
from tests import making
from tests.making import DAY, NOON

pytestmark = pytest.mark.django_db


def record(ref: str, **facts: Any) -> Member:
    made = Member.objects.create(ref=ref, **facts)
    Contact.objects.create(
        member=made,
        first_name="Iris",
        last_name="Berg",
        email="iris.berg@example.com",
        phone=f"+4420794600{made.pk:02}",
    )
    return made


@pytest.fixture
def pair() -> Pair:
    record("old", joined_on=NOON.date() - DAY, birth_year=1980)
    record("new", joined_on=NOON.date(), birth_year=1980)
    pairing.link(at=NOON)
    return Pair.objects.get()


@pytest.fixture
def operator(as_, otto):
    return as_(otto)


def post(client, pair: Pair, answer: str, **said: str):
    return client.post(f"/same-person/{pair.pk}/{answer}/", said)


def text(response) -> str:
    return response.content.decode()


def test_page_says_how_to_begin_when_nobody_was_compared(operator):
    assert "Load members" in text(operator.get("/same-person/"))


def test_page_says_what_was_found_when_nobody_waits(operator):
    pairing.link(at=NOON)
    assert "Nobody waits for an answer" in text(operator.get("/same-person/"))


def test_two_records_stand_side_by_side_with_addresses_masked(operator, pair):
    page = text(operator.get("/same-person/"))
    assert "old and new" in page
    assert not any(each in page for each in ("iris.berg", "example.com", "7946", "Berg"))


LEEDS = {"first": "LS2 7EE", "second": "ls27ee"}
NEXT_DOOR = {"first": "LS2 7EE", "second": "LS2 7EF"}


def linked(postcodes: dict[str, str], years: tuple[int, int]) -> None:
    for (ref, postcode), year in zip(postcodes.items(), years, strict=True):
        record(ref, postcode=postcode, birth_year=year)
    pairing.link(at=NOON)


def words(response) -> dict[str, tuple[str, str, str]]:
    """What each row says of the two, and whether they agree, by its label."""
    return {row.label: (row.first, row.second, row.word) for row in response.context["rows"]}


@pytest.mark.parametrize("name", ["otto", "mara", "ana", "noor"])
def test_nobody_reads_a_whole_postcode_or_year_of_birth(as_, request, name):
    linked(NEXT_DOOR, (1980, 1981))
    page = text(as_(request.getfixturevalue(name)).get("/same-person/"))
    assert "LS•••" in page
    assert "198•" in page
    assert not any(each in page for each in ("7EE", "7EF", "1980", "1981"))


@pytest.mark.parametrize(
    ("postcodes", "years", "word"), [(LEEDS, (1980, 1980), "agrees"), (NEXT_DOOR, (1980, 1981), "differs")]
)
def test_what_is_hidden_is_told_to_be_the_same_or_not(operator, postcodes, years, word):
    linked(postcodes, years)
    told = words(operator.get("/same-person/"))
    assert told["Postcode"] == ("LS•••", "LS•••", word)
    assert told["Born"] == ("198•", "198•", word)


def test_part_alone_is_given_to_htmx(operator, pair):
    part = text(operator.get(f"/same-person/?pair={pair.pk}", headers={"hx-request": "true"}))
    assert part.lstrip().startswith('<div id="queue"')


def test_same_person_merges_into_the_one_who_joined_first(operator, pair, otto):
    post(operator, pair, "same")
    made = Alias.objects.get()
    assert (made.member.ref, made.survivor.ref, made.merge.by) == ("new", "old", otto)


def test_operator_may_choose_who_goes_on(operator, pair):
    post(operator, pair, "same", keep="new")
    assert Alias.objects.get().survivor.ref == "new"


def test_not_the_same_is_remembered(operator, pair):
    post(operator, pair, "different")
    pairing.link(at=NOON)
    assert "Nobody waits" in text(operator.get("/same-person/"))
    assert not Alias.objects.exists()


def test_later_comes_after_all_others(operator, pair):
    third = record("third")
    pairing.link(at=NOON)
    post(operator, pair, "later")
    assert [each.pk for each in Pair.objects.waiting()][-1] == pair.pk
    assert third.pk in {each.second_id for each in Pair.objects.waiting()}


def test_answer_of_one_pair_answers_those_that_follow_from_it(operator, pair):
    third = record("third", birth_year=1980)
    pairing.link(at=NOON)
    identity.tell_apart(pair.first, third, by=None, at=NOON)
    assert Pair.objects.waiting().count() == 2
    post(operator, pair, "same")  # so `third` is neither of the two
    assert Pair.objects.waiting().count() == 0


def test_answer_that_comes_too_late_is_refused_in_words(operator, pair):
    identity.merge(pair.first, pair.second, by=None, at=NOON, why="test")
    response = post(operator, pair, "same")
    assert (response.status_code, "one person already" in text(response)) == (409, True)


def test_merge_is_undone_after_saying_what_will_happen(operator, pair):
    making.purchase(pair.second, at=NOON)
    post(operator, pair, "same")
    page = text(operator.get("/merges/"))
    assert "Take new out of old?" in page
    assert "1 basket counts there" in page
    operator.post(f"/merges/{Alias.objects.get().merge_id}/undo/", {"why": "brothers"})
    assert not Alias.objects.exists()
    assert "brothers" in text(operator.get("/merges/"))


def test_merge_undone_twice_is_refused_in_words(operator, pair):
    made = identity.merge(pair.first, pair.second, by=None, at=NOON, why="test")
    for status in (302, 409):
        assert operator.post(f"/merges/{made.pk}/undo/", {"why": "x"}).status_code == status


def test_merges_of_one_person_are_found_by_any_of_its_references(operator, pair):
    post(operator, pair, "same")
    for ref, found in (("old", True), ("new", True), ("nobody", False)):
        assert ("Take new out" in text(operator.get(f"/merges/?member={ref}"))) is found


@pytest.mark.parametrize("answer", ["same", "different", "later"])
def test_whoever_is_no_operator_decides_nothing(as_, noor, pair, answer):
    client = as_(noor)
    assert post(client, pair, answer).status_code == 403
    assert "You can read along" in text(client.get("/same-person/"))


def test_many_pairs_take_as_many_questions_as_a_few(operator, django_assert_max_num_queries):
    for each in range(4):
        record(f"m{each}")
    pairing.link(at=NOON)
    assert Pair.objects.waiting().count() == 6
    with django_assert_max_num_queries(30):
        operator.get("/same-person/")
