import pytest

from analytics import charts, reports
from campaigns.models import Decision
from tests import making
from tests.analytics.conftest import AFTER, decide, decide_alike

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(campaign):
    return lambda: [reports.report(campaign, metric, as_of=AFTER) for metric in ("spend", "baskets")]


def test_the_first_metric_stands_at_the_top(run, told):
    decide_alike(run)
    (marks,) = charts.relative_lifts(told())["data"]
    assert marks["y"] == ["Baskets per member", "Spend per member"]


def test_a_lift_is_drawn_in_per_cent_of_the_held_out(run, told):
    decide(run, [20, 10, 20, 10], held_out=False)
    decide(run, [10, 10, 5, 5], held_out=True)
    (marks,) = charts.relative_lifts(told()[:1])["data"]
    assert marks["x"] == pytest.approx([100])


def test_the_error_bars_end_at_the_ends_of_the_interval(run, told):
    decide(run, [20, 10, 20, 10], held_out=False)
    decide(run, [10, 10, 5, 5], held_out=True)
    spend, _ = told()
    lift = spend.comparisons[0].lift
    (marks,) = charts.relative_lifts([spend])["data"]
    assert marks["x"][0] + marks["error_x"]["array"][0] == pytest.approx(100 * lift.relative_high)
    assert marks["x"][0] - marks["error_x"]["arrayminus"][0] == pytest.approx(100 * lift.relative_low)


def test_hidden_lifts_give_no_figure(run, told):
    decide(run, [10, 20] * 40, held_out=False)
    decide(run, [10, 20] * 10, held_out=True)
    assert charts.relative_lifts(told()) is None


def test_two_comparisons_are_not_drawn_as_one_line(run, told):
    decide_alike(run)
    Decision.objects.create(run=run, member=making.member(), arm="generic", held_out=False, at=making.NOON)
    assert charts.relative_lifts(told()) is None
