"""Finds members who may be one person: one pass over everybody's addresses, a join on their hashes, and how sure it is.

A pass goes through the members in blocks, each in a transaction of its own: one that broke off goes on where it was.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, transaction

from loyalty import identity
from loyalty.identity import addresses
from loyalty.linking import evidence
from loyalty.linking.evidence import AGREES, DIFFERS, UNKNOWN, Evidence, Record
from loyalty.models import Linking, Load, Pair
from loyalty.refusal import Refused

Report = Callable[[Linking], None]
Scored = tuple[int, int, float, Evidence, bool]

PAIRS_PER_BLOCK = 5_000
MOST_ALIKE = 20
BY_RULE = "same e-mail, phone, first name and birth year, which nobody else shares"
# The advisory lock that says a pass is under way; it goes with the session that holds it.
_LOCK = 7309

# How many people, not members, share each address that is shared at all.
_SHARED = """
    DROP TABLE IF EXISTS pg_temp.shared;
    CREATE TEMPORARY TABLE shared ON COMMIT DROP AS
    SELECT digest, count(DISTINCT coalesce(alias.survivor_id, known.member_id)) AS sharers
    FROM loyalty_identity known LEFT JOIN loyalty_alias alias USING (member_id)
    GROUP BY digest HAVING count(*) > 1
"""
_CROWDED = "SELECT count(*) FROM shared WHERE sharers > %(most)s"
# Among those who share an e-mail address that too many share: of whom the last name and the postcode are the same too.
# More than `most_alike` of them are a shop's own or a test, and stay with their address, which is counted.
_ALIKE = """
    DROP TABLE IF EXISTS pg_temp.alike;
    CREATE TEMPORARY TABLE alike ON COMMIT DROP AS
    SELECT * FROM (
        SELECT known.member_id, digest, sharers, lower(btrim(last_name)) AS last_name,
               upper(replace(postcode, ' ', '')) AS postcode,
               count(*) OVER (
                   PARTITION BY digest, lower(btrim(last_name)), upper(replace(postcode, ' ', ''))
               ) AS members
        FROM shared JOIN loyalty_identity known USING (digest)
        JOIN loyalty_contact USING (member_id) JOIN loyalty_member member ON member.id = member_id
        WHERE sharers > %(most)s AND kind = 'email' AND btrim(last_name) <> '' AND replace(postcode, ' ', '') <> ''
    ) found WHERE members BETWEEN 2 AND %(most_alike)s
"""
# Pairs that nobody answered yet, of people who are not one already, with what their records say.
_PAIRS = """
    WITH together AS (
        SELECT one.member_id AS first_id, two.member_id AS second_id, max(sharers) AS sharers,
               bool_or(one.kind = 'email') AS email, bool_or(one.kind = 'phone') AS phone
        FROM shared JOIN loyalty_identity one USING (digest) JOIN loyalty_identity two USING (digest)
        WHERE sharers BETWEEN 2 AND %(most)s AND one.member_id < two.member_id
        GROUP BY 1, 2
    ), pair AS (
        SELECT * FROM together
        UNION ALL
        SELECT one.member_id, two.member_id, max(one.sharers), true, false
        FROM alike one JOIN alike two USING (digest, last_name, postcode)
        WHERE one.member_id < two.member_id AND NOT EXISTS (
            SELECT FROM together WHERE first_id = one.member_id AND second_id = two.member_id)
        GROUP BY 1, 2
    )
    SELECT first_id, second_id, sharers, pair.email, pair.phone,
           EXISTS (SELECT FROM loyalty_identity WHERE member_id = first_id AND kind = 'email')
               AND EXISTS (SELECT FROM loyalty_identity WHERE member_id = second_id AND kind = 'email'),
           EXISTS (SELECT FROM loyalty_identity WHERE member_id = first_id AND kind = 'phone')
               AND EXISTS (SELECT FROM loyalty_identity WHERE member_id = second_id AND kind = 'phone'),
           mine.first_name, mine.last_name, one.birth_year, one.postcode,
           theirs.first_name, theirs.last_name, two.birth_year, two.postcode
    FROM pair JOIN loyalty_member one ON one.id = first_id JOIN loyalty_member two ON two.id = second_id
    JOIN loyalty_contact mine ON mine.member_id = first_id JOIN loyalty_contact theirs ON theirs.member_id = second_id
    LEFT JOIN loyalty_alias first_alias ON first_alias.member_id = first_id
    LEFT JOIN loyalty_alias second_alias ON second_alias.member_id = second_id
    WHERE coalesce(first_alias.survivor_id, first_id) <> coalesce(second_alias.survivor_id, second_id)
      AND NOT EXISTS (SELECT FROM loyalty_pair answered WHERE answered.first_id = pair.first_id
                      AND answered.second_id = pair.second_id AND answered.answer <> '')
"""
_FOUND = """
    DROP TABLE IF EXISTS pg_temp.found;
    CREATE TEMPORARY TABLE found (first_id bigint, second_id bigint, confidence float8, evidence jsonb) ON COMMIT DROP
"""
_NO_LONGER = """
    DELETE FROM loyalty_pair known WHERE answer = '' AND NOT EXISTS (
        SELECT FROM found WHERE found.first_id = known.first_id AND found.second_id = known.second_id)
"""
_ASK = """
    INSERT INTO loyalty_pair (first_id, second_id, confidence, evidence, found_at, answer)
    SELECT first_id, second_id, confidence, evidence, %(at)s, '' FROM found
    ON CONFLICT (first_id, second_id) DO UPDATE SET confidence = excluded.confidence, evidence = excluded.evidence
    WHERE loyalty_pair.answer = ''
"""


def is_due() -> bool:
    """Whether members were loaded since the last pass, or a pass broke off."""
    last = Linking.objects.first()
    return _newest_load() != (last.load if last else None) or bool(last and not last.finished_at)


def link(*, at: dt.datetime, report: Report = lambda _: None) -> Linking:
    """Find every pair that shares an address, merge those that a rule may, and ask about the others.

    Refused while another process does the same.
    """
    with _alone():
        linking = Linking.objects.filter(finished_at=None).first() or _begun(at)
        report(linking)
        _hash_everyone(linking, at=at, report=report)
        sure = _find(linking, at=at)
        linking.merged = _merge_by_rule(sure, at=at)
        linking.finished_at = at
        linking.save()
        report(linking)
        return linking


def _begun(at: dt.datetime) -> Linking:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM loyalty_member")
        total = cursor.fetchone()[0]
    return Linking.objects.create(load=_newest_load(), total=total, started_at=at)


def _newest_load() -> Load | None:
    return Load.objects.filter(kind="members", state=Load.State.DONE).first()


def _hash_everyone(linking: Linking, *, at: dt.datetime, report: Report) -> None:
    while (block := addresses.renew(after=linking.last_member, at=at)).members:
        linking.done += block.members
        linking.last_member = block.last
        linking.save(update_fields=["done", "last_member"])
        report(linking)


def _find(linking: Linking, *, at: dt.datetime) -> list[tuple[int, int]]:
    """Renew the pairs that wait; returns those that a rule may merge."""
    sure: list[tuple[int, int]] = []
    most = {"most": evidence.MOST_SHARERS, "most_alike": MOST_ALIKE}
    linking.pairs = linking.unlikely = 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_SHARED)
        cursor.execute(_CROWDED, most)
        linking.crowded = cursor.fetchone()[0]
        cursor.execute(_ALIKE, most)
        cursor.execute(_FOUND)
        cursor.execute(f"DECLARE pairs NO SCROLL CURSOR FOR {_PAIRS}", most)
        while scored := list(_scored()):
            sure += [(first, second) for first, second, *_, by_rule in scored if by_rule]
            with cursor.copy("COPY found FROM STDIN") as copy:
                for first, second, confidence, agreeing, _ in scored:
                    if not evidence.is_asked(agreeing, sure=confidence):
                        linking.unlikely += 1
                        continue
                    copy.write_row((first, second, confidence, json.dumps(agreeing)))
                    linking.pairs += 1
        cursor.execute(_NO_LONGER)
        cursor.execute(_ASK, {"at": at})
        cursor.execute("CLOSE pairs")
    return sure


def _scored() -> Iterator[Scored]:
    """The next pairs, each with its confidence, its evidence, and whether a rule may merge it."""
    with connection.cursor() as cursor:
        cursor.execute(f"FETCH {PAIRS_PER_BLOCK} FROM pairs")
        for first, second, sharers, email, phone, both_email, both_phone, *said in cursor:
            found = evidence.compare(
                Record(*said[:4]), Record(*said[4:]), email=_word(email, both_email), phone=_word(phone, both_phone)
            )
            sure = evidence.confidence(found, sharers=sharers)
            by_rule = evidence.may_merge_by_rule(found, sharers=sharers, sure=sure, least=settings.MERGE_FROM)
            yield first, second, sure, {**found, "sharers": str(sharers)}, by_rule


def _word(is_shared: bool, both_known: bool) -> str:
    if is_shared:
        return AGREES
    return DIFFERS if both_known else UNKNOWN


def _merge_by_rule(sure: list[tuple[int, int]], *, at: dt.datetime) -> int:
    merged = 0
    for first, second in sure:
        pair = Pair.objects.select_related("first", "second").get(first=first, second=second)
        keep, other = identity.keeper(pair.first, pair.second)
        try:
            identity.merge(keep, other, by=None, at=at, why=BY_RULE, confidence=pair.confidence, evidence=pair.evidence)
        except Refused:  # it contradicts what somebody said, so somebody decides
            continue
        merged += 1
    return merged


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise Refused("Members are being compared already: wait until that is done.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
