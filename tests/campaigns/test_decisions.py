import numpy as np
import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from campaigns import decisions
from campaigns.models import Decision, Delivery
from campaigns.plan import Plan
from loyalty.models import Member
from loyalty.refusal import Refused
from tests import making

pytestmark = pytest.mark.django_db

GIVEN, SECOND, NOTHING, HELD_OUT = range(4)  # what the members of the plan below get


@pytest.fixture
def run(mara, abel):
    terms = [making.approved_terms(author=mara, approver=abel) for _ in range(2)]
    return making.run(making.campaign(), *terms)


@pytest.fixture
def plan():
    """Of four members, one gets an offer, drawn at random, one gets two, one nothing, and from one two are withheld."""
    members = [making.member() for _ in range(4)]
    return Plan(
        member_ids=np.array([member.pk for member in members]),
        arm=np.array([0, 0, 0, 1], dtype=np.uint8),
        explored=np.array([True, False, False, False]),
        offer=np.array([[1, -1], [0, 1], [-1, -1], [-1, -1]], dtype=np.int16),
        withheld=np.array([[-1, -1], [-1, -1], [-1, -1], [1, 0]], dtype=np.int16),
        score=np.array([[0.5, 0], [2, 1.5], [0, 0], [0.25, 0.125]], dtype=np.float32),
        probability=np.array([[0.02, 0.02], [0.88, 0.88], [0.85, 0.85], [0.1, 0.1]]),
    )


@pytest.fixture
def logged(run, plan):
    decisions.begin(run, at=making.NOON)
    decisions.log(run, plan)
    return run


@pytest.fixture
def closed(logged, plan):
    decisions.close(logged, plan)
    return logged


def told(run):
    chosen = ("run_offer__position", "withheld__position", "score", "probability")
    return list(run.decisions.order_by("member", "rank").values_list("member", "rank", "arm", "explored", *chosen))


def test_what_was_planned_is_what_the_log_says(closed, plan):
    one, two, three, four = plan.member_ids.tolist()
    assert told(closed) == [
        (one, 0, "treated", True, 1, None, 0.5, 0.02),
        (two, 0, "treated", False, 0, None, 2, 0.88),
        (two, 1, "treated", False, 1, None, 1.5, 0.88),
        (three, 0, "treated", False, None, None, 0, 0.85),
        (four, 0, "held_out", False, None, 1, 0.25, 0.1),
        (four, 1, "held_out", False, None, 0, 0.125, 0.1),
    ]
    assert set(closed.decisions.values_list("at", flat=True)) == {making.NOON}


def test_nothing_counts_before_all_is_there_and_checked(logged):
    assert not Decision.objects.exists()


def test_to_a_run_that_is_closed_nothing_is_added(closed):
    with pytest.raises(DatabaseError, match="complete"), transaction.atomic():
        making.decision(closed, making.member())


def test_what_is_logged_is_not_edited(closed):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE campaigns_decision SET held_out = false, arm = 'treated'")


def test_a_part_that_is_missing_is_noticed(run, plan):
    decisions.begin(run, at=making.NOON)
    decisions.log(run, plan.between(int(plan.member_ids[1]), int(plan.member_ids[-1])))
    with pytest.raises(Refused, match="5 decisions were written where 6 were planned"):
        decisions.close(run, plan)


def test_a_part_that_came_twice_is_noticed(logged, plan):
    decisions.log(logged, plan.between(int(plan.member_ids[0]), int(plan.member_ids[0])))
    with pytest.raises(IntegrityError), transaction.atomic():
        decisions.close(logged, plan)


def test_a_member_in_both_arms_is_noticed(logged, plan):
    """Both rows have keys of their own, and there are as many as planned: only the check of arms can tell."""
    held_out = int(plan.member_ids[HELD_OUT])
    with connection.cursor() as cursor:
        table = f"campaigns_decision_{logged.pk}"
        cursor.execute(f"DELETE FROM {table} WHERE member_id = %s", [int(plan.member_ids[NOTHING])])  # noqa: S608
        cursor.execute(f"INSERT INTO {table} (member_id) VALUES (%s)", [held_out])  # noqa: S608
    with pytest.raises(Refused, match="launch again"):
        decisions.close(logged, plan)


def test_a_member_who_is_gone_is_noticed(run, plan):
    decisions.begin(run, at=making.NOON)
    decisions.log(run, plan)
    Member.objects.filter(pk=plan.member_ids[NOTHING]).delete()
    with pytest.raises(Refused, match="1 members of the profiles are gone"):
        decisions.close(run, plan)


@pytest.mark.parametrize("arm", ["held_out", "universal"])
def test_a_held_out_arm_that_is_not_marked_as_such_is_noticed(logged, plan, arm):
    """By the check of the run's own table: another tool may call a cell of its own so, and give it something."""
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE campaigns_decision_{logged.pk} SET arm = %s WHERE NOT held_out", [arm])  # noqa: S608
    with pytest.raises(IntegrityError), transaction.atomic():
        decisions.close(logged, plan)


@pytest.mark.parametrize("column", ["run_offer_id", "withheld_id"])
def test_an_offer_of_another_run_is_noticed(logged, plan, column):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE campaigns_decision_{logged.pk} SET {column} = 0 WHERE {column} IS NOT NULL")  # noqa: S608
    with pytest.raises(Refused, match="launch again"):
        decisions.close(logged, plan)


def test_what_is_discarded_leaves_no_table_and_what_is_closed_stays(logged, plan):
    decisions.discard(logged)
    decisions.begin(logged, at=making.NOON)
    decisions.log(logged, plan)
    decisions.close(logged, plan)
    decisions.discard(logged)
    assert len(told(logged)) == 6


def send(run, member, *, rank=0, held_out=False):
    sent = {"channel": "email", "state": "sent", "at": making.NOON}
    offer = run.offers.first()
    Delivery.objects.create(run=run, member_id=int(member), rank=rank, held_out=held_out, run_offer=offer, **sent)


@pytest.mark.parametrize(("of", "rank"), [(HELD_OUT, 0), (HELD_OUT, 1), (GIVEN, 1)])
@pytest.mark.parametrize("claimed", [False, True])
def test_no_message_follows_what_was_not_decided(closed, plan, of, rank, claimed):
    with pytest.raises(IntegrityError), transaction.atomic():
        send(closed, plan.member_ids[of], rank=rank, held_out=claimed)
    assert not Delivery.objects.exists()


def test_one_message_follows_each_offer(closed, plan):
    """The control: what refuses above is the key alone."""
    for rank in (0, 1):
        send(closed, plan.member_ids[SECOND], rank=rank)
    with pytest.raises(IntegrityError), transaction.atomic():
        send(closed, plan.member_ids[SECOND], rank=1)
    assert Delivery.objects.count() == 2


def test_without_the_key_a_message_to_a_held_out_member_gets_through(closed, plan):
    """The negative control."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE campaigns_delivery DROP CONSTRAINT delivery_follows_a_treated_decision")
    send(closed, plan.member_ids[HELD_OUT])
    assert Delivery.objects.count() == 1


def test_a_run_is_found_in_its_own_partition(closed):
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tableoid::regclass::text FROM campaigns_decision")
        assert [name for (name,) in cursor] == [f"campaigns_decision_{closed.pk}"]
