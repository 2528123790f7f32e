import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import making
from tests.analytics import bodies
from tests.reading import PART, is_part, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def results(as_, noor):
    """The list, as someone without any role reads it."""

    def results(headers=None, **asked):
        return as_(noor).get(reverse("results"), asked, headers=headers)

    return results


@pytest.fixture
def two(run, mara):
    """One that pays and one of which it is not yet known, which brought less so far."""
    bodies.frozen(run)
    spring = making.campaign(name="Autumn tea", state="running", created_by=mara)
    other = making.run(spring, state="finished", share_held_out=0.1)
    little = (bodies.judged(headline=bodies.effect(0.05)),)
    bodies.frozen(other, bodies.body(verdict=bodies.UNKNOWN, judged=little))
    return run.campaign.name, "Autumn tea"


def test_the_list_tells_the_verdict_of_each_campaign(results, run):
    bodies.frozen(run)
    assert f"{run.campaign.name} Pays +€0.21 (€0.09 to €0.33)" in words(results())


def test_the_list_tells_the_newest_version(results, run):
    bodies.frozen(run)
    bodies.frozen(run, bodies.body(verdict=bodies.UNKNOWN), version=2)
    assert f"{run.campaign.name} Not yet known" in words(results())


def test_a_number_that_a_check_hides_is_not_in_the_list(results, run):
    bodies.frozen(run, bodies.hidden())
    page = results()
    assert "Not yet known not shown: see the report" in words(page)
    assert 'class="estimate"' not in page.content.decode()


def test_what_is_not_causal_has_no_number_in_the_list(results, run):
    bodies.frozen(run, bodies.body(causal=False))
    assert 'class="estimate"' not in results().content.decode()


def test_a_campaign_without_a_report_says_so(results, run):
    assert f"{run.campaign.name} no report has been made yet" in words(results())


def test_an_empty_list_says_how_to_come_by_results(results):
    assert "Nothing to measure yet" in words(results())


def test_a_campaign_run_twice_is_in_the_list_once(results, run, campaign):
    bodies.frozen(run)
    making.run(campaign, state="failed", outcomes_from=making.NOON - making.DAY)
    assert words(results()).count(campaign.name) == 1


def test_htmx_is_given_the_rows_alone(results, run):
    page = results(headers=PART)
    assert is_part(page)
    assert run.campaign.name in words(page)


def test_queries_do_not_grow_with_what_is_shown(results, run, terms):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            results()
        return len(queries)

    bodies.frozen(run)
    few = asked()
    for _ in range(3):
        bodies.frozen(making.run(making.campaign(state="running"), terms))
    assert asked() == few


def test_campaigns_are_told_together(results, run, mara):
    bodies.frozen(run)
    other = making.run(making.campaign(created_by=mara, state="finished"), state="finished", share_held_out=0.1)
    assert "campaigns together" not in words(results())
    bodies.frozen(other)
    assert "2 campaigns together: +€0.21 margin per member (€0.13 to €0.29)" in words(results())


def test_the_rounds_of_a_campaign_are_told_together_by_their_name(results, run, mara):
    for name in ("Pilot", "Pilot again", "Tea week"):
        campaign = making.campaign(created_by=mara, name=name, state="finished")
        bodies.frozen(making.run(campaign, state="finished", share_held_out=0.1))
    assert "2 campaigns together" in words(results(text="pilot"))
    assert "3 campaigns together" in words(results())


def test_campaigns_that_were_chosen_by_their_verdict_are_not_told_together(results, run, mara):
    """They would look better than they are."""
    bodies.frozen(run)
    bodies.frozen(making.run(making.campaign(created_by=mara, state="finished"), state="finished", share_held_out=0.1))
    assert "campaigns together" not in words(results(verdict="pays"))


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ({"verdict": "pays"}, [True, False]),
        ({"verdict": "not_yet_known"}, [False, True]),
        ({"text": "TEA"}, [False, True]),
        ({"state": "cancelled"}, [False, False]),
        ({}, [True, True]),
    ],
)
def test_the_list_keeps_what_is_asked_for(results, two, asked, kept):
    page = words(results(**asked))
    rows = page[page.index("As of") :] if any(kept) else ""
    assert [name in rows for name in two] == kept


def test_a_campaign_without_a_report_can_be_asked_for(results, run):
    assert "no report has been made yet" in words(results(verdict="none"))
    assert "No campaign is like that" in words(results(verdict="pays"))


@pytest.mark.parametrize(("sort", "first"), [("margin", 1), ("-margin", 0), ("verdict", 0), ("-verdict", 1)])
def test_the_list_is_sorted_either_way(results, two, sort, first):
    rows = words(results(headers=PART, sort=sort))
    assert rows.index(two[first]) < rows.index(two[1 - first])


@pytest.mark.parametrize("sort", ["margin", "-margin"])
def test_what_has_no_number_comes_last_whichever_way(results, two, mara, sort):
    making.run(making.campaign(name="Unmeasured", state="running", created_by=mara), state="finished")
    rows = words(results(headers=PART, sort=sort))
    assert rows.index("Unmeasured") > max(rows.index(name) for name in two)


def test_the_list_as_filtered_is_a_file(as_, noor, two):
    found = as_(noor).get(reverse("results_export"), {"verdict": "pays"}).content.decode().splitlines()
    assert len(found) == 2
    assert found[0].startswith("campaign_ref,name,state,verdict,sentence,margin_per_member,low,high")
    assert "0.21,0.09" in found[1]


def test_a_name_is_no_formula_in_the_file(as_, noor, mara):
    making.run(making.campaign(name="=1+1", state="running", created_by=mara), state="finished")
    assert "'=1+1" in as_(noor).get(reverse("results_export")).content.decode()
