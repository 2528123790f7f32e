"""Hashes members' addresses, block by block: what they are is in `Contact`, and only whether two are equal is here."""

import datetime as dt
import uuid
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection, transaction

from loyalty.identity import digests
from loyalty.linking import normal
from loyalty.models import Contact, Identity, Member

SOURCE = "members file"
MEMBERS_PER_BLOCK = 50_000

Row = tuple[int, str, uuid.UUID]


class Block(NamedTuple):
    """How many members a block had, and the last of them; both 0 after the last block."""

    members: int
    last: int


_FRESH = """
    DROP TABLE IF EXISTS pg_temp.fresh;
    CREATE TEMPORARY TABLE fresh (member_id bigint, kind text, digest uuid) ON COMMIT DROP
"""
_FORGET = """
    DELETE FROM loyalty_identity known
    WHERE source = %(source)s AND member_id > %(after)s AND member_id <= %(until)s
      AND NOT EXISTS (SELECT FROM fresh WHERE fresh.member_id = known.member_id AND fresh.kind = known.kind)
"""
_KEEP = """
    INSERT INTO loyalty_identity (member_id, kind, digest, source, seen_at)
    SELECT member_id, kind, digest, %(source)s, %(at)s FROM fresh
    ON CONFLICT (member_id, kind, source) DO UPDATE SET digest = excluded.digest, seen_at = excluded.seen_at
    WHERE loyalty_identity.digest <> excluded.digest
"""


def renew(*, after: int, at: dt.datetime) -> Block:
    """Bring the hashes of the next members after this id up to date, in one transaction. Unchanged ones stay."""
    ids = Member.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)
    block = list(ids[:MEMBERS_PER_BLOCK])
    if not block:
        return Block(0, 0)
    asked: dict[str, Any] = {"source": SOURCE, "after": after, "until": block[-1], "at": at}
    with transaction.atomic(), connection.cursor() as cursor:
        fresh = list(_hashed(after, block[-1]))
        cursor.execute(_FRESH)
        with cursor.copy("COPY fresh FROM STDIN") as copy:
            for row in fresh:
                copy.write_row(row)
        cursor.execute(_FORGET, asked)
        cursor.execute(_KEEP, asked)
    return Block(len(block), block[-1])


def _hashed(after: int, until: int) -> Iterator[Row]:
    key, country = digests.key(), settings.RETAILER_COUNTRY
    contacts = Contact.objects.filter(member__gt=after, member__lte=until).exclude(email="", phone="")
    for member, email, phone in contacts.values_list("member_id", "email", "phone"):
        if email and (mailbox := normal.email(email)):
            yield member, Identity.Kind.EMAIL.value, digests.digest(Identity.Kind.EMAIL.value, mailbox, key=key)
        if phone and (number := normal.phone(phone, country)):
            yield member, Identity.Kind.PHONE.value, digests.digest(Identity.Kind.PHONE.value, number, key=key)
