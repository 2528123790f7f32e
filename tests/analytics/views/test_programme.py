import datetime as dt
from decimal import Decimal

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from kombu.exceptions import OperationalError

from analytics.models import Making, ProgrammeCost
from campaigns import holdouts
from campaigns.models import Draw
from tests import making
from tests.analytics import bodies
from tests.analytics.conftest import AFTER
from tests.reading import PART, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

Q1, Q2 = dt.date(2026, 1, 1), dt.date(2026, 4, 1)


@pytest.fixture
def page(as_, noor):
    """As someone without any role reads it."""
    return lambda: as_(noor).get(reverse("programme"))


def test_what_is_left_after_costs_stands_first(page, told_quarter):
    told_quarter()
    assert "Pays +€1,800 after all costs since 1 Jan 2026 (€720 to €2,880)" in words(page())


def test_a_result_before_most_costs_says_so(as_, ana, page, told_quarter):
    told_quarter(dt.date(2026, 3, 1))
    assert "This is before most costs" in words(page())
    enter(as_, ana)
    assert "This is before most costs" not in words(page())


def test_the_day_from_which_costs_count_is_explained(page, told_quarter):
    told_quarter()
    assert "Counted from 1 January 2026, two weeks after the holdouts were drawn" in words(page())


def test_a_quarter_tells_every_metric_with_its_interval(page, told_quarter):
    told_quarter()
    assert "Q1 2026 so far +€0.21 (€0.09 to €0.33) – +0.050 (0.030 to 0.070) – –" in words(page())


def test_quarters_are_drawn_once_there_are_two(page, told_quarter):
    told_quarter()
    assert "by-quarter" not in page().content.decode()
    told_quarter(Q2)
    assert 'id="by-quarter"' in page().content.decode()


def test_the_last_quarter_decides(page, told_quarter):
    told_quarter(Q1)
    told_quarter(Q2, bodies.judged(headline=bodies.effect(-0.21)))
    assert "Does not pay" in words(page())


def test_groups_that_are_not_as_drawn_show_no_number(page, told_quarter):
    told_quarter(checks=(bodies.BROKEN,), judged=(), so_far=None, costs=(), arms=bodies.hidden().arms)
    assert 'class="estimate"' not in page().content.decode()
    assert bodies.BROKEN.sentence in words(page())


def test_without_holdouts_the_page_says_what_they_are_for(page):
    assert "No holdouts have been drawn yet" in words(page())


def test_holdouts_that_still_wash_out_say_until_when(page, draw, now):
    now(making.NOON + making.DAY)
    assert "members are compared from 16 March 2026 on." in words(page())


def test_holdouts_that_washed_out_say_when_the_first_quarter_is_told_quarter(page, draw):
    assert "The first quarter is told on Monday morning" in words(page())


def test_the_draw_is_told_with_who_drew_it(page, draw):
    assert "5.0 % of the members Get the same offer all 4.0 % of the others" in words(page())
    assert "2 Mar 2026, 12:00 by Ana" in words(page())


def test_a_draw_by_the_schedule_names_nobody(page, draw):
    holdouts.redraw(at=making.NOON + 360 * making.DAY)
    assert "The next hold from 2 March 2027" in words(page())


def enter(as_, ana, **facts):
    asked = {"month": "2026-03", "label": "Licence", "amount": "500", **facts}
    return as_(ana).post(reverse("programme_cost"), asked)


def test_a_cost_is_taken_off_what_is_left(as_, ana, page, told_quarter):
    told_quarter(dt.date(2026, 3, 1))
    assert enter(as_, ana).status_code == 302
    page = words(page())
    assert "Pays +€1,300 after all costs" in page
    assert "March 2026 Licence €500.00 Ana" in page


def test_a_cost_that_was_entered_before_is_corrected(as_, ana, db):
    enter(as_, ana)
    enter(as_, ana, amount="400")
    assert [cost.amount for cost in ProgrammeCost.objects.all()] == [400]


@pytest.mark.parametrize("wrong", [{"month": ""}, {"month": "soon"}, {"label": ""}, {"amount": "-1"}, {"amount": ""}])
def test_a_cost_that_is_none_is_refused_and_what_was_typed_is_kept(as_, ana, wrong):
    page = enter(as_, ana, **{"label": "Licence of March", **wrong})
    assert page.status_code == 422
    assert ("Licence of March" in page.content.decode()) == ("label" not in wrong)
    assert not ProgrammeCost.objects.exists()


def test_a_cost_is_taken_out(as_, ana):
    enter(as_, ana)
    as_(ana).post(reverse("programme_cost_remove", args=[ProgrammeCost.objects.get().pk]))
    assert not ProgrammeCost.objects.exists()


def draw_next(as_, ana, begins="2026-04-01", universal="5", generic="5"):
    asked = {"begins": begins, "universal": universal, "generic": generic}
    return as_(ana).post(reverse("programme_draw"), asked)


def test_the_next_holdouts_are_drawn(as_, ana):
    response = draw_next(as_, ana)
    drawn = Draw.objects.get()
    assert (drawn.begins, drawn.universal_share, drawn.drawn_by) == (dt.date(2026, 4, 1), Decimal("0.05"), ana)
    assert "they hold from 1 April 2026" in str(next(iter(get_messages(response.wsgi_request))))


def test_holdouts_that_overlap_are_refused_in_words(as_, ana, draw):
    page = draw_next(as_, ana)
    assert page.status_code == 422
    assert "from 2 March 2026 until 2 March 2027: begin when they end." in words(page)


def test_a_share_of_more_than_half_is_refused(as_, ana):
    assert draw_next(as_, ana, universal="60").status_code == 422
    assert not Draw.objects.exists()


@pytest.fixture
def called(monkeypatch):
    found = []
    monkeypatch.setattr("analytics.hints.make_report", found.append)
    return found


def test_an_analyst_has_the_quarters_told_anew_and_sees_that_they_are(as_, ana, draw, called):
    page = words(as_(ana).post(reverse("programme_make"), follow=True))
    assert called == [Making.objects.get().pk]
    assert "The quarters are being added up" in page


def test_the_part_asks_for_itself_until_they_are_told_quarter(as_, ana, draw):
    Making.objects.create(asked_at=AFTER)
    assert 'hx-trigger="every 1s"' in as_(ana).get(reverse("programme_made"), headers=PART).content.decode()
    Making.objects.update(finished_at=AFTER)
    assert as_(ana).get(reverse("programme_made"), headers=PART)["HX-Refresh"] == "true"


def test_without_workers_nothing_is_promised(as_, ana, monkeypatch):
    def lost(_):
        raise OperationalError

    monkeypatch.setattr("analytics.hints.make_report", lost)
    assert "No worker can be reached" in words(as_(ana).post(reverse("programme_make")))


def test_only_an_analyst_is_offered_to_enter_and_to_draw(as_, ana, page):
    for name in ("programme_cost", "programme_draw"):
        assert reverse(name) not in page().content.decode()
        assert reverse(name) in as_(ana).get(reverse("programme")).content.decode()
