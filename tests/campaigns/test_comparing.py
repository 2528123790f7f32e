import pytest

from campaigns import comparing
from campaigns.comparing import Number, comparison
from campaigns.models import Campaign, DryRun
from tests import making

TOLD = {
    "value": 100.0,
    "spend": 40.0,
    "assigned": 60,
    "eligible": 90,
    "arms": {"held_out": 9},
    "explored": 3,
    "share_of_bound": 0.9998,
    "expected": {
        "margin": {"value": 100.0, "low": 80.0, "high": 120.0},
        "cost": {"value": 40.0, "low": 30, "high": 50},
    },
    "offers": [{"offer_ref": "a", "name": "Beans", "assigned": 60}],
    "profiles": "2026-03-01",
    "scorer": {"pk": 1},
    "plan": [["Held out", "10 %"], ["Total budget", "no limit"]],
}


def rows(one, other):
    return {row.label: row for row in comparison(one, other).rows}


def test_estimates_are_compared_with_their_intervals():
    row = rows(TOLD, TOLD)["Expected incremental margin"]
    assert row.one == Number(100.0, 80.0, 120.0)


def test_the_difference_is_the_first_less_the_second():
    row = rows(TOLD | {"assigned": 50}, TOLD)["Members who get an offer"]
    assert (row.difference, row.size) == (-10, 10)


def test_a_number_that_one_report_lacks_has_no_difference():
    without = {name: fact for name, fact in TOLD.items() if name != "explored"}
    assert rows(TOLD, without)["Drew at random"].difference is None


def test_a_report_without_intervals_is_compared_by_its_value():
    without = {name: fact for name, fact in TOLD.items() if name != "expected"}
    assert rows(without, TOLD)["Expected incremental margin"].one == Number(100.0)


def test_offers_of_either_are_listed():
    other = TOLD | {"offers": [{"offer_ref": "b", "name": "Cups", "assigned": 5}]}
    assert [(row.label, row.one, row.other) for row in comparison(TOLD, other).offers] == [
        ("Beans", Number(60), None),
        ("Cups", None, Number(5)),
    ]


def test_only_the_facts_that_differ_are_told():
    other = TOLD | {"plan": [["Held out", "10 %"], ["Total budget", "€500"]]}
    assert [(fact.label, fact.one, fact.other) for fact in comparison(TOLD, other).plan] == [
        ("Total budget", "no limit", "€500")
    ]


@pytest.mark.parametrize(
    ("other", "notes"), [({}, 0), ({"profiles": "2026-03-02"}, 1), ({"profiles": "x", "scorer": {"pk": 2}}, 2)]
)
def test_what_else_differs_than_the_plan_is_noted(other, notes):
    assert len(comparison(TOLD, TOLD | other).notes) == notes


@pytest.mark.django_db
def test_one_may_choose_of_ones_own_dry_runs_and_the_newest_of_other_drafts():
    spring, autumn, gone = (making.campaign(name=name) for name in ("Spring", "Autumn", "Gone"))
    Campaign.objects.filter(pk=gone.pk).update(state=Campaign.State.FINISHED)
    made = [
        DryRun.objects.create(campaign=of, report={}, started_at=making.NOON)
        for of in (spring, spring, autumn, autumn, gone)
    ]
    DryRun.objects.create(campaign=spring, sentence="Refused.", started_at=making.NOON)
    found = list(comparing.comparable(spring))
    assert found == [made[3], made[1], made[0]]
    assert [each.number for each in found] == [2, 2, 1]
