import pytest
from django.db import IntegrityError, connection

from loyalty.models import Member, Purchase
from loyalty.staging import bare
from loyalty.staging.bare import bare_if_empty
from tests import making

KEYS = """
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass
    UNION ALL SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s
    ORDER BY 1, 2
"""


def keys(table="loyalty_purchase"):
    with connection.cursor() as cursor:
        cursor.execute(KEYS, [table, table])
        return cursor.fetchall()


@pytest.mark.parametrize("table", ["loyalty_purchase", "loyalty_member", "offers_offer"])
def test_every_key_and_index_is_back_afterwards(db, table):
    before = keys(table)
    with bare_if_empty(table, rows=bare.LARGE):
        assert len(keys(table)) < len(before)
    assert keys(table) == before


def test_a_table_with_rows_keeps_its_keys(db):
    making.purchase(None, at=making.NOON)
    before = keys()
    with bare_if_empty("loyalty_purchase", rows=bare.LARGE):
        assert keys() == before


def test_a_small_file_leaves_the_keys_alone(db):
    before = keys()
    with bare_if_empty("loyalty_purchase", rows=bare.LARGE - 1):
        assert keys() == before


def test_rows_that_the_keys_would_have_refused_are_refused_afterwards(db):
    with pytest.raises(IntegrityError, match="member"), bare_if_empty("loyalty_purchase", rows=bare.LARGE):
        making.purchase(Member(pk=-1), at=making.NOON)


def twice(act):
    act()
    act()


def test_lines_that_come_twice_are_refused_afterwards(db):
    with pytest.raises(IntegrityError, match="line_ref"), bare_if_empty("loyalty_purchase", rows=bare.LARGE):
        twice(lambda: making.purchase(None, at=making.NOON, line_ref="same"))


@pytest.mark.django_db(transaction=True)
def test_a_table_that_somebody_reads_keeps_its_keys():
    before = keys()
    reader = connection.copy()
    try:
        with reader.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute("SELECT count(*) FROM loyalty_member")
            with bare_if_empty("loyalty_purchase", rows=bare.LARGE):
                assert keys() == before
            cursor.execute("ROLLBACK")
    finally:
        reader.close()
    assert not Purchase.objects.exists()
