import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from analytics import writing
from analytics.models import ProgrammeReport
from analytics.programme import freezing, stretches
from analytics.programme.quarter import Quarter
from loyalty.models import Member, Product, Purchase
from tests import making
from tests.analytics.programme.conftest import WASHED_OUT

pytestmark = pytest.mark.django_db

JUNE = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
MAY = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
MARCH = dt.datetime(2026, 3, 25, tzinfo=dt.UTC)


def first(draw, as_of=MARCH):
    return freezing.told(next(stretches.of(draw, as_of=as_of)), as_of=as_of)


def margin(found):
    return found.of("margin").headline


def test_everybody_else_is_told_against_the_universal_holdout(draw, shop):
    shop(else_=5, universal=3)
    found = margin(first(draw))
    assert found.each.value == pytest.approx(2, abs=0.2)
    assert found.each.low < 2 < found.each.high


def test_the_total_is_of_everybody_else(draw, shop):
    inside = shop()
    found = margin(first(draw))
    assert found.in_total.value == pytest.approx(found.each.value * (~inside).sum())


def test_what_was_bought_while_the_holdouts_washed_out_does_not_count(draw, shop):
    shop(at=WASHED_OUT - making.DAY)
    Purchase.objects.create(
        line_ref="late", basket_ref="late", member=None, purchased_at=WASHED_OUT, quantity=1, net_amount=1
    )
    assert margin(first(draw)).each is None


def test_groups_of_another_size_than_was_drawn_leave_no_number(draw, shop):
    inside = shop()
    kept = [member for member, held_out in zip(Member.objects.order_by("pk"), inside, strict=True) if held_out]
    Purchase.objects.filter(member__in=kept[5:]).delete()
    Member.objects.filter(pk__in=[member.pk for member in kept[5:]]).delete()
    found = first(draw)
    assert (found.is_hidden, found.judged, found.so_far, found.costs) == (True, (), None, ())
    assert all(not arm.means for arm in found.arms)


def test_groups_of_the_size_that_was_drawn_do(draw, shop):
    """The control of the test above."""
    shop()
    assert not first(draw).is_hidden


def test_a_later_quarter_tells_itself_and_all_since_the_draw(draw, shop):
    shop(else_=5, universal=3)
    shop_again = Purchase.objects.in_bulk()
    Purchase.objects.bulk_create(
        Purchase(
            line_ref=f"again{line.pk}",
            basket_ref=f"again{line.pk}",
            member_id=line.member_id,
            purchased_at=MAY,
            quantity=1,
            net_amount=20,
            margin_amount=line.margin_amount,
        )
        for line in shop_again.values()
    )
    *_, second = stretches.of(draw, as_of=JUNE)
    found = freezing.told(second, as_of=JUNE)
    assert margin(found).each.value == pytest.approx(2, abs=0.2)
    assert found.so_far.headline.each.value == pytest.approx(4, abs=0.4)


def test_the_share_of_departments_that_offers_were_for_is_told(draw, shop, mara, abel):
    shop()
    beans, tea = making.product(category="Coffee > Beans"), making.product(category="Tea")
    terms = making.approved_terms(author=mara, approver=abel, category="Coffee")
    run = making.run(making.campaign(), terms, outcomes_from=WASHED_OUT, outcomes_until=MAY)
    run.offers.update(assigned=5)
    Purchase.objects.update(product=tea)
    some = Purchase.objects.order_by("pk")[: Purchase.objects.count() // 2]
    Purchase.objects.filter(pk__in=[line.pk for line in some]).update(product=beans)
    found = first(draw).of("promoted")
    assert found.headline.in_total is None
    assert abs(found.headline.each.value) < 0.3
    assert Product.objects.count() == 2


def test_without_offers_for_departments_their_share_is_left_out(draw, shop):
    shop()
    assert first(draw).of("promoted") is None


def test_the_same_record_is_frozen_once(draw, shop):
    shop()
    freezing.freeze_all(as_of=MARCH)
    freezing.freeze_all(as_of=MARCH)
    assert ProgrammeReport.objects.count() == 1


def test_a_late_purchase_restates_a_quarter(draw, shop):
    shop()
    (report,) = freezing.freeze_all(as_of=MARCH)
    making.purchase(Member.objects.first(), at=WASHED_OUT + making.DAY, margin="50")
    (later,) = freezing.freeze_all(as_of=MARCH)
    assert (report.version, later.version) == (1, 2)
    assert margin(writing.read(later.body, Quarter)) != margin(writing.read(report.body, Quarter))


def test_a_final_quarter_is_told_no_more(draw, shop):
    shop()
    first_quarter, _ = freezing.freeze_all(as_of=JUNE)
    assert first_quarter.is_final
    making.purchase(Member.objects.first(), at=WASHED_OUT + making.DAY, margin="50")
    assert [each.quarter for each in freezing.freeze_all(as_of=JUNE)] == [dt.date(2026, 4, 1)]


def test_a_frozen_quarter_cannot_be_changed(draw, shop):
    shop()
    freezing.freeze_all(as_of=MARCH)
    with pytest.raises(DatabaseError), transaction.atomic():
        ProgrammeReport.objects.update(version=9)
