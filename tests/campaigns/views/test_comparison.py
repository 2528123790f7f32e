import pytest
from django.urls import reverse

from campaigns import building, rehearsal
from campaigns.models import DryRun
from tests import making
from tests.campaigns.conftest import TODAY
from tests.reading import PART, is_part, words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr("loyalty.clock.now", lambda: making.NOON)


@pytest.fixture
def rehearse(draft):
    """A dry run of the draft as it is, changed by these facts."""

    def rehearse(**facts):
        changed = building.change(draft, **facts)
        dry_run = DryRun.objects.create(campaign=changed, started_at=making.NOON)
        rehearsal.rehearse(dry_run, at=making.NOON, on=TODAY)
        return dry_run

    return rehearse


@pytest.fixture
def compare(as_, noor, draft):
    """Ask as someone without any role."""

    def ask(headers=None, **query):
        return as_(noor).get(reverse("campaign_compare", args=[draft.ref]), query, headers=headers)

    return ask


def test_the_newest_dry_run_is_compared_with_the_one_before(compare, rehearse):
    before, after = rehearse(), rehearse(contact_limit=7)
    response = compare()
    assert (response.context["one"], response.context["other"]) == (after, before)
    page = words(response)
    assert "Offers in all at most 7 no limit" in page
    assert "Dry run 2 is expected to bring" in page
    assert "less margin than Dry run 1" in page


def test_the_difference_is_told_in_numbers_with_the_intervals_of_both(compare, rehearse):
    rehearse()
    rehearse(contact_limit=7)
    rows = {row.label: row for row in compare().context["told"].rows}
    assert rows["Members who get an offer"].one.value == 7
    assert rows["Members who get an offer"].difference < 0
    margin = rows["Expected incremental margin"].one
    assert margin.low < margin.value < margin.high


def test_any_two_can_be_chosen(compare, rehearse):
    first, second, _ = rehearse(), rehearse(contact_limit=7), rehearse(contact_limit=8)
    response = compare(one=first.pk, other=second.pk)
    assert (response.context["one"], response.context["other"]) == (first, second)


@pytest.mark.parametrize("asked", ["0", "x", "9" * 400])
def test_one_that_is_not_there_gives_one_that_is(compare, rehearse, asked):
    before, after = rehearse(), rehearse()
    response = compare(one=asked, other=asked)
    assert (response.context["one"], response.context["other"]) == (after, before)


def test_two_of_the_same_plan_are_told_to_be(compare, rehearse):
    rehearse()
    rehearse()
    assert "The two plans are the same" in words(compare())


@pytest.mark.parametrize("many", [0, 1])
def test_with_less_than_two_the_page_says_what_to_do(compare, rehearse, many):
    for _ in range(many):
        rehearse()
    assert "Two dry runs are needed" in words(compare())


def test_the_part_is_the_difference_alone(compare, rehearse):
    rehearse()
    rehearse()
    part = compare(headers=PART)
    assert is_part(part)
    assert part.content.decode().strip().startswith('<section id="compared"')


def test_dry_runs_are_named_by_their_number_and_those_of_others_by_their_campaign_too(compare, rehearse, mara):
    rehearse()
    autumn = making.campaign(name="Autumn")
    DryRun.objects.create(campaign=autumn, report={}, started_at=making.NOON, finished_at=making.NOON)
    named = [said.split(",")[0] for _, said in compare().context["choices"]]
    assert named == ["Autumn: dry run 1", "Dry run 1"]


def test_the_figure_has_a_bar_for_each_of_both(compare, rehearse):
    rehearse()
    rehearse(contact_limit=7)
    assert len(compare().context["figure"]["data"]) == 2
