"""Grants and withdrawals from files. Each is a row that is never edited."""

from psycopg.sql import SQL

from loyalty.files import kinds
from loyalty.staging.target import Check, of_one_table, one_of, plain, text

# As for a single record (`loyalty.consent`): a sender holds a share of this lock until its message is recorded.
_LOCK_MEMBERS = SQL("""
    SELECT FROM loyalty_member WHERE id IN (SELECT member_id FROM fresh) ORDER BY id FOR NO KEY UPDATE
""")
_INSERT = SQL("""
    INSERT INTO loyalty_consent (member_id, purpose, channel, granted, at, wording, source, recorded_at)
    SELECT member_id, purpose, channel, granted, at, wording, source, %(at)s FROM fresh ORDER BY line
""")
_NO_CHANNEL = Check(
    "channel",
    "staged.purpose = 'marketing' AND staged.channel IS NULL",
    "is empty, and consent to marketing is given per channel",
)
_A_CHANNEL = Check(
    "channel",
    "staged.purpose = 'personalisation' AND staged.channel IS NOT NULL",
    "must be empty, since consent to personalisation is for all channels",
)

CONSENTS = of_one_table(
    "loyalty_consent",
    (
        one_of("loyalty_member", "members", named="member"),
        text("purpose"),
        text("channel"),
        plain("granted"),
        plain("at"),
        text("wording"),
        text("source"),
    ),
    kind=kinds.CONSENTS,
    key=("member_id", "purpose", "channel", "at", "granted"),
    checks=(_NO_CHANNEL, _A_CHANNEL),
    locks=(_LOCK_MEMBERS,),
    inserts=(_INSERT,),
)
