import datetime as dt
import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns import timeline
from campaigns.timeline import Entry
from loyalty import identity
from loyalty.models import Event, Purchase
from tests import making
from tests.making import NOON

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def iris():
    return making.member()


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(timeline, "PER_PAGE", 3)


def event(of, *, at, **fields):
    return Event.objects.create(ref=f"e-{Event.objects.count()}", member=of, at=at, kind="visit", **fields)


def pages(members, **asked):
    """Every page from the newest to the last."""
    found, before = [], timeline.NEWEST
    while True:
        page = timeline.page([member.pk for member in members], before=before, **asked)
        found.append(page.entries)
        if page.earlier is None:
            return found
        assert page.earlier < before
        before = page.earlier


def test_nothing_is_an_empty_page(iris):
    assert pages([iris]) == [()]


def test_lines_of_a_basket_are_one_entry(iris):
    for net in ("1.50", "2.50"):
        making.purchase(iris, at=NOON, net=net, basket_ref="b-1")
    ((entry,),) = pages([iris])
    assert (entry.kind, entry.what.size, entry.what.net_amount) == ("purchase", 2, 4)


def test_two_baskets_of_one_moment_are_two_entries(iris):
    for basket in ("b-1", "b-2"):
        making.purchase(iris, at=NOON, basket_ref=basket)
    assert [entry.what.size for entry in pages([iris])[0]] == [1, 1]


def test_long_basket_is_cut_and_says_so(iris, monkeypatch):
    monkeypatch.setattr(timeline, "MOST_LINES", 2)
    for _ in range(5):
        making.purchase(iris, at=NOON, net="1", basket_ref="b-1")
    ((entry,),) = pages([iris])
    assert (len(entry.what.lines), entry.what.more, entry.what.net_amount) == (2, 3, 5)


def test_every_kind_stands_in_one_order(iris, mara, abel):
    making.purchase(iris, at=NOON - HOUR)
    making.grant(iris, "email", at=NOON - 3 * HOUR)
    event(iris, at=NOON - 2 * HOUR)
    run = making.run(making.campaign(), making.approved_terms(author=mara, approver=abel))
    making.decision(run, iris, offer=run.offers.get())
    told = [Entry(NOON - 4 * HOUR, "stage", "Joined")]
    kinds = [entry.kind for entry in pages([iris], told=told)[0]]
    assert kinds == ["decision", "purchase", "event", "consent", "stage"]


def test_one_kind_can_be_asked_for(iris):
    making.purchase(iris, at=NOON)
    event(iris, at=NOON)
    told = [Entry(NOON, "stage", "Joined")]
    for kind in ("purchase", "event", "stage"):
        assert [entry.kind for entry in pages([iris], kind=kind, told=told)[0]] == [kind]


def test_what_another_member_did_is_not_there(iris):
    event(making.member(), at=NOON)
    assert pages([iris]) == [()]


def test_members_who_are_one_person_are_shown_together(iris):
    other = making.member()
    identity.merge(iris, other, by=None, at=NOON, why="the same e-mail address")
    event(iris, at=NOON)
    making.purchase(other, at=NOON)
    assert {entry.kind for entry in pages([iris, other])[0]} == {"event", "purchase"}


@pytest.mark.parametrize("seed", range(5))
def test_pages_neither_overlap_nor_leave_anything_out(iris, small, seed):
    rng = random.Random(seed)
    for _ in range(40):
        at = NOON - rng.randrange(12) * HOUR  # many at the same moment
        rng.choice([lambda at=at: event(iris, at=at), lambda at=at: making.purchase(iris, at=at)])()
    entries = [entry for page in pages([iris]) for entry in page]
    moments = [entry.at for entry in entries]
    assert moments == sorted(moments, reverse=True)
    shown = [entry.what.event.pk if entry.kind == "event" else entry.what.lines[0].pk for entry in entries]
    assert len(shown) == len(set(zip([entry.kind for entry in entries], shown, strict=True))) == 40


def test_page_that_is_just_full_is_the_last(iris, small):
    for hours in range(3):
        event(iris, at=NOON - hours * HOUR)
    assert [len(page) for page in pages([iris])] == [3]


def test_queries_do_not_grow_with_what_happened(iris):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            timeline.page([iris.pk], before=timeline.NEWEST)
        return len(queries)

    event(iris, at=NOON)
    few = asked()
    for hours in range(60):
        event(iris, at=NOON - hours * HOUR)
        making.purchase(iris, at=NOON - hours * HOUR, product=making.product())
    assert asked() <= few + 7  # whether there is more, asked of each kind


def test_no_table_is_read_from_end_to_end(iris, mara, abel):
    """With a hundred thousand lines of others: every question about purchases and events goes by the member's index."""
    crowd(lines=100_000)
    making.purchase(iris, at=NOON)
    with CaptureQueriesContext(connection) as queries:
        timeline.page([iris.pk], before=timeline.NEWEST)
    for query in queries:
        if "loyalty_purchase" in query["sql"] or "loyalty_event" in query["sql"]:
            plan = explained(query["sql"])
            assert "Seq Scan on loyalty_purchase" not in plan, plan
            assert "Seq Scan on loyalty_event" not in plan, plan
            assert "_of_member" in plan, plan


def test_question_that_reads_a_whole_table_would_be_found(iris):
    """The negative control."""
    crowd(lines=100_000)
    plan = explained("SELECT * FROM loyalty_purchase WHERE basket_ref = 'b-1' ORDER BY purchased_at")
    assert "Seq Scan on loyalty_purchase" in plan


def crowd(*, lines):
    others = [making.member().pk for _ in range(50)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO loyalty_purchase"
            " (line_ref, basket_ref, member_id, channel, purchased_at, quantity, net_amount, offer_ref)"
            " SELECT 'x' || n, 'b' || n / 5, (%s::bigint[])[1 + n %% 50], '', now() - n * interval '1 minute', 1, 1, ''"
            " FROM generate_series(1, %s) n",
            [others, lines],
        )
        cursor.execute(
            "INSERT INTO loyalty_event (ref, member_id, at, kind, offer_ref, channel, text) SELECT 'x' || n,"
            " (%s::bigint[])[1 + n %% 50], now() - n * interval '1 minute', 'visit', '', '', ''"
            " FROM generate_series(1, %s) n",
            [others, lines],
        )
        cursor.execute("ANALYZE loyalty_purchase, loyalty_event")
    assert Purchase.objects.count() >= lines


def explained(query):
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {query}")
        return "\n".join(line for (line,) in cursor)


def test_of_a_basket_of_very_many_lines_only_those_shown_are_read(monkeypatch):
    member = making.member()
    lines = [
        Purchase(
            line_ref=f"l{number:05d}", basket_ref="b", member=member, purchased_at=NOON, quantity=1, net_amount="0.25"
        )
        for number in range(1_000)
    ]
    Purchase.objects.bulk_create(lines)
    read = []
    whole = Purchase.from_db.__func__
    monkeypatch.setattr(Purchase, "from_db", classmethod(lambda *row: read.append(1) or whole(*row)))
    (entry,) = timeline.page([member.pk], before=timeline.NEWEST).entries
    basket = entry.what
    assert (basket.size, basket.net_amount, basket.more) == (1_000, 250, 900)
    assert [line.line_ref for line in basket.lines] == [f"l{number:05d}" for number in range(100)]
    assert len(read) == 100
