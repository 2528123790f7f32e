import datetime as dt
from decimal import Decimal

from loyalty.models import Purchase
from tests.bringing import fates, rejects

HEADER = "line_ref,basket_ref,purchased_at,quantity,net_amount"


def test_a_line_is_kept_with_all_it_says(shop):
    header = f"{HEADER},member_ref,product_ref,store_ref,channel,discount_amount,margin_amount,offer_ref"
    shop("purchases", f"{header}\n001,b1,2026-03-01T10:00:00Z,0.385,9.9901,m1,p1,s1,app,1,-2.5,o7\n")
    line = Purchase.objects.get()
    assert (line.line_ref, line.quantity, line.net_amount) == ("001", Decimal("0.385"), Decimal("9.9901"))
    assert (line.member.ref, line.product.ref, line.store.ref) == ("m1", "p1", "s1")
    assert (line.channel, line.discount_amount, line.margin_amount) == ("app", Decimal(1), Decimal("-2.5"))
    assert (line.offer_ref, line.purchased_at) == ("o7", dt.datetime(2026, 3, 1, 10, tzinfo=dt.UTC))


def test_a_time_without_zone_is_the_retailers(shop, settings):
    settings.TIME_ZONE = "Europe/Berlin"
    shop("purchases", f"{HEADER}\nl1,b1,2026-07-01T00:30:00,1,1\n")
    assert Purchase.objects.get().purchased_at == dt.datetime(2026, 6, 30, 22, 30, tzinfo=dt.UTC)


def test_a_line_without_member_is_kept(shop):
    shop("purchases", f"{HEADER},member_ref\nl1,b1,2026-03-01,1,1,\n")
    assert Purchase.objects.get().member is None


def test_a_line_of_an_unknown_member_is_rejected(shop):
    result = shop("purchases", f"{HEADER},member_ref\nl1,b1,2026-03-01,1,1,m1\nl2,b1,2026-03-01,1,1,m9\n")
    assert fates(result) == (1, 0, 0, 1)
    assert rejects(result) == [(3, "member_ref", "m9", "is not known: load the members first")]


def test_the_same_file_again_changes_nothing(shop):
    content = f"{HEADER}\nl1,b1,2026-03-01,1,1\nl2,b1,2026-03-01,-1,-1\n"
    shop("purchases", content)
    assert fates(shop("purchases", content)) == (0, 0, 2, 0)


def test_a_known_line_with_other_content_is_rejected(shop):
    shop("purchases", f"{HEADER}\nl1,b1,2026-03-01,1,1\n")
    result = shop("purchases", f"{HEADER}\nl1,b1,2026-03-01,1,2\nl2,b1,2026-03-01,1,1\n")
    assert fates(result) == (1, 0, 0, 1)
    assert rejects(result)[0][:3] == (2, "line_ref", "l1")
    assert Purchase.objects.get(line_ref="l1").net_amount == 1


def test_of_a_line_that_comes_twice_the_first_is_kept(shop):
    rows = "l1,b1,2026-03-01,1,1\nl1,b1,2026-03-01,1,1.0000\nl1,b1,2026-03-01,1,2\n"
    result = shop("purchases", f"{HEADER}\n{rows}")
    assert fates(result) == (1, 0, 1, 1)
    assert rejects(result)[0][0] == 4


def test_a_faulty_line_does_not_stand_in_the_way_of_a_good_one(shop):
    rows = "l1,b1,2026-03-01,1,1,m9\nl1,b1,2026-03-01,1,1,m1\n"
    assert fates(shop("purchases", f"{HEADER},member_ref\n{rows}")) == (1, 0, 0, 1)


def test_what_a_file_lacks_is_no_other_content(shop):
    shop("purchases", f"{HEADER},member_ref\nl1,b1,2026-03-01,1,1,m1\n")
    assert fates(shop("purchases", f"{HEADER}\nl1,b1,2026-03-01,1,1\n")) == (0, 0, 1, 0)


def test_text_is_kept_whatever_it_holds(shop):
    reference = '"\\.\n\\N\t=1+1,""x"" \u202e🎉"'
    shop("purchases", f"{HEADER}\n{reference},b1,2026-03-01,1,1\n")
    assert Purchase.objects.get().line_ref == '\\.\n\\N\t=1+1,"x" \u202e🎉'
