import pytest
from django.urls import reverse

from campaigns.models import Campaign
from tests import making
from tests.analytics.conftest import decide, decide_alike
from tests.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.fixture
def report(as_, noor, campaign):
    """The report of the campaign, as someone without any role reads it."""
    return lambda: as_(noor).get(reverse("report", args=[campaign.ref]))


@pytest.fixture
def results(as_, noor):
    return lambda: as_(noor).get(reverse("results"))


def broken(run):
    """Half was to be held out; a fifth was."""
    decide(run, [10, 20, 0, 5] * 20, held_out=False, margin="5")
    decide(run, [10, 20, 0, 5] * 5, held_out=True, margin="1")


@pytest.mark.parametrize(
    ("treated", "held_out", "said"),
    [
        ("5", "1", "Pays +€2.67 margin per member ("),
        ("1", "5", "Does not pay −€2.67 margin per member ("),
        ("1", "1", "Not yet known €0.00 margin per member ("),
    ],
)
def test_the_report_begins_with_the_verdict_in_money(report, run, treated, held_out, said):
    decide_alike(run, treated=treated, held_out=held_out)
    assert said in words(report())


def test_a_verdict_tells_the_total_with_its_interval(report, run):
    decide_alike(run)
    assert ", +€80 in total (€" in words(report())


def test_an_interval_across_zero_is_called_both_gain_and_loss(report, run):
    decide_alike(run, treated="1")
    assert "the interval holds both gain and loss" in words(report())


def test_a_targeted_campaign_is_called_not_causal(report, run, campaign):
    Campaign.objects.filter(pk=campaign.pk).update(design="targeted")
    decide(run, [30, 20, 40], held_out=False)
    making.purchase(making.member(), at=making.NOON + making.DAY, net="5")
    assert "Not causal Members were not drawn at random" in words(report())


def test_a_broken_sample_ratio_hides_every_lift_of_the_page(report, run):
    broken(run)
    page = report()
    assert "margin per member (" not in words(page)
    assert 'class="estimate"' not in page.content.decode()
    assert 'id="lifts"' not in page.content.decode()


def test_the_same_members_show_every_lift_when_they_were_planned(report, run):
    """The control of the test above."""
    run.share_held_out = 0.2
    run.save()
    broken(run)
    page = report()
    assert "margin per member (" in words(page)
    assert 'class="estimate"' in page.content.decode()
    assert 'id="lifts"' in page.content.decode()


def test_a_broken_sample_ratio_is_said_instead_of_the_lift(report, run):
    broken(run)
    assert "The arms do not have the sizes that were planned" in words(report())


def test_a_broken_sample_ratio_hides_the_lift_in_the_list(results, run):
    broken(run)
    assert "Not yet known not shown: see the report" in words(results())


def test_an_open_window_is_said_and_gives_no_verdict(report, run, now):
    decide_alike(run)
    now(making.NOON + 5 * making.DAY)
    page = words(report())
    assert "Not yet known Read below what stands in the way." in page
    assert "The outcome window is open until 16 March 2026" in page


def test_the_metric_judged_by_is_marked(report, run, campaign):
    Campaign.objects.filter(pk=campaign.pk).update(primary_metric="spend")
    decide_alike(run)
    assert "Spend per member (judged by)" in words(report())


def test_each_arm_is_shown_with_its_members(report, run):
    decide_alike(run)
    assert "held out 30 €0.67" in words(report())


def test_a_report_before_any_decision_says_what_to_do(report):
    assert "has decided on nobody yet: launch it, or load its assignments, first." in words(report())


def test_a_report_of_an_unknown_campaign_is_not_found(as_, noor):
    assert as_(noor).get(reverse("report", args=["nowhere"])).status_code == 404


def test_another_tools_campaign_has_no_link_to_a_run_of_ours(report, run, campaign):
    Campaign.objects.filter(pk=campaign.pk).update(imported=True)
    decide_alike(run)
    assert reverse("run", args=[run.pk]) not in report().content.decode()


def test_the_list_tells_the_verdict_of_each_campaign(results, run, campaign):
    decide_alike(run)
    assert f"{campaign.name} Pays +€2.67 (" in words(results())


def test_an_empty_list_says_how_to_come_by_results(results):
    assert "Nothing to measure yet" in words(results())


def test_a_campaign_that_has_only_begun_is_not_in_the_list(results, run):
    assert "Nothing to measure yet" in words(results())


def test_a_campaign_run_twice_is_in_the_list_once(results, run, campaign):
    decide_alike(run)
    making.run(campaign, state="failed", outcomes_from=making.NOON - making.DAY)
    assert words(results()).count(f"{campaign.name} Pays") == 1
