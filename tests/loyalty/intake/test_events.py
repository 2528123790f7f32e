from loyalty.models import Event
from tests.bringing import fates, rejects

HEADER = "event_ref,member_ref,at,kind"


def test_an_event_is_kept_with_all_it_says(shop):
    shop("events", f"{HEADER},product_ref,offer_ref,channel,value,text\ne1,m1,2026-03-01,search,p1,o1,web,1.5,decaf\n")
    event = Event.objects.get()
    assert (event.kind, event.member.ref, event.product.ref) == ("search", "m1", "p1")
    assert (event.offer_ref, event.channel, event.value, event.text) == ("o1", "web", 1.5, "decaf")


def test_any_plain_name_is_a_kind(shop):
    assert fates(shop("events", f"{HEADER}\ne1,m1,2026-03-01,offer_viewed\ne2,m1,2026-03-01,New Kind\n")) == (
        1,
        0,
        0,
        1,
    )


def test_an_event_of_nobody_is_rejected(shop):
    assert rejects(shop("events", f"{HEADER}\ne1,,2026-03-01,view\n"))[0][1] == "member_ref"


def test_the_same_file_again_changes_nothing(shop):
    content = f"{HEADER},value\ne1,m1,2026-03-01,view,\ne2,m2,2026-03-01,view,0.1\n"
    shop("events", content)
    assert fates(shop("events", content)) == (0, 0, 2, 0)


def test_a_known_event_does_not_change(shop):
    shop("events", f"{HEADER}\ne1,m1,2026-03-01,view\n")
    assert fates(shop("events", f"{HEADER}\ne1,m1,2026-03-01,click\n")) == (0, 0, 0, 1)
