from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from django.db import connection, transaction
from psycopg.sql import SQL, Identifier

from config.kinds import TARGETS
from loyalty.loading import load
from loyalty.models import Purchase
from loyalty.staging import bare, file, straight
from loyalty.staging.target import Check
from tests.bringing import AT, bring, data, fates, rejects
from tests.loyalty.intake.conftest import shop

__all__ = ["bring", "data", "shop"]

HEADERS = {
    "purchases": "line_ref,basket_ref,purchased_at,quantity,net_amount,member_ref,product_ref,channel",
    "events": "event_ref,member_ref,at,kind,product_ref,value",
}
MEMBERS, PRODUCTS = ["m1"] * 6 + ["m2"] * 6 + ["m3", " m1", "", "m9"], ["p1"] * 6 + ["p2", "", "p9"]
TIMES = ["2026-03-01T10:00:00Z"] * 12 + ["2026-03-29T02:30:00", "yesterday"]
AMOUNTS = ["1"] * 12 + ["-1.0000", "0.385", "one"]
CELLS = {
    "purchases": [["b1"], TIMES, AMOUNTS, AMOUNTS, MEMBERS, PRODUCTS, ["app"] * 9 + ["", "boat"]],
    "events": [MEMBERS, TIMES, ["visit"] * 9 + ["view", "offer_completed", "A b"], PRODUCTS, AMOUNTS],
}
SEEDS = range(8)


def random_rows(kind, chance, *, keys):
    """A row for each key, most of them good."""
    return [[f"k{key}", *map(chance.choice, CELLS[kind])] for key in keys]


def written(kind, rows):
    return "\n".join([HEADERS[kind], *map(",".join, rows)]) + "\n"


def outcome(kind, path, *, straight_in, known):
    """Every row of the table, the counts and the rejects after a file, by one of the two ways; keeps nothing."""
    target = replace(TARGETS[kind], is_appended=straight_in)
    with transaction.atomic():
        if known:
            load(TARGETS[kind], known, at=AT)
        result = load(target, path, at=AT)
        with connection.cursor() as cursor:
            cursor.execute(SQL("SELECT to_jsonb(kept) - 'id' FROM {} kept").format(Identifier(target.table)))
            found = sorted(cursor.fetchall())
        transaction.set_rollback(True)
    return found, fates(result), sorted(rejects(result))


def both_ways(kind, path, *, known=None):
    return [outcome(kind, path, straight_in=straight_in, known=known) for straight_in in (True, False)]


@pytest.fixture
def attempts(monkeypatch):
    """How often the straight way was gone to the end, and how often not."""
    counted = Counter()

    def counting(*arguments, attempt=straight.bring_in):
        brought = attempt(*arguments)
        counted[brought is not None] += 1
        return brought

    monkeypatch.setattr(file.straight, "bring_in", counting)
    return counted


@pytest.mark.parametrize("large", [0, bare.LARGE])
@pytest.mark.parametrize("kind", CELLS)
def test_straight_or_staged_a_file_means_the_same(shop, data, monkeypatch, attempts, kind, large):
    monkeypatch.setattr(bare, "LARGE", large)
    monkeypatch.setattr("loyalty.files.source.PIECE", 300)
    path, known = data / "file.csv", data / "known.csv"
    shop("members", "member_ref\nm3\n")
    shop("consents", "member_ref,purpose,channel,granted,at\nm3,personalisation,,false,2026-02-01\n")
    for seed in SEEDS:
        chance = Random(seed)
        keys = range(40) if seed % 2 else chance.choices(range(99), k=30)
        path.write_text(written(kind, random_rows(kind, chance, keys=keys)))
        known.write_text(written(kind, random_rows(kind, chance, keys=[900, 39 if seed % 3 else 901])))
        by_one, by_other = both_ways(kind, path, known=known if seed % 4 > 1 else None)
        assert by_one == by_other
    assert min(attempts[True], attempts[False]) >= 3


LINE = "b1,2026-03-01,1,1,m1,p1,app"
REPEATED = f"l1,{LINE}\nl2,{LINE}\nl3,b1,2026-03-01,1,1,m9,p1,app\nl1,{LINE}\nl2,{LINE.replace('app', 'store')}\n"


@pytest.fixture
def repeated(shop, data):
    path = data / "repeated.csv"
    path.write_text(f"{HEADERS['purchases']}\n{REPEATED}")
    return path


def test_a_repeat_that_only_the_building_of_the_key_finds_is_told_like_any_other(repeated, monkeypatch, attempts):
    monkeypatch.setattr(bare, "LARGE", 0)
    by_one, by_other = both_ways("purchases", repeated)
    assert by_one == by_other
    assert by_one[1] == (2, 0, 1, 2)
    assert attempts == {False: 1}


def test_without_the_key_a_repeat_would_get_in_and_be_noticed(repeated, monkeypatch, attempts):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE loyalty_purchase DROP CONSTRAINT a_line_is_known_once")
    by_one, by_other = both_ways("purchases", repeated)
    assert by_one != by_other
    assert attempts == {True: 1}


def test_nothing_of_an_attempt_remains_when_a_late_row_is_known(shop, attempts):
    shop("purchases", f"{HEADERS['purchases']}\nl9,{LINE}\n")
    shop("purchases", f"{HEADERS['purchases']}\nl1,{LINE}\nl9,{LINE}\n")
    assert attempts == {True: 1, False: 1}
    assert sorted(Purchase.objects.values_list("line_ref", flat=True)) == ["l1", "l9"]


def test_a_reference_is_asked_for_once(shop, monkeypatch, django_assert_max_num_queries):
    monkeypatch.setattr("loyalty.files.source.PIECE", 300)
    rows = "".join(f"l{number},{LINE}\n" for number in range(200))
    with django_assert_max_num_queries(60) as asked:
        assert shop("purchases", f"{HEADERS['purchases']}\n{rows}").loaded == 200
    assert sum("ref = ANY" in query["sql"] for query in asked.captured_queries) == 2


@pytest.mark.parametrize("target", [target for target in TARGETS.values() if target.is_appended], ids=lambda t: t.table)
def test_what_is_appended_has_its_key_in_the_database(db, target):
    with connection.cursor() as cursor:
        constraints = connection.introspection.get_constraints(cursor, target.table).values()
    assert list(target.key) in [found["columns"] for found in constraints if found["unique"]]


def test_purchases_and_events_are_appended():
    assert {kind for kind, target in TARGETS.items() if target.is_appended} == {"purchases", "events"}


def test_what_goes_straight_in_needs_checks_of_rows_as_they_were_read():
    with pytest.raises(ValueError, match="value needs `finds`"):
        replace(TARGETS["events"], checks=(Check("value", "false", "is too much"),))
