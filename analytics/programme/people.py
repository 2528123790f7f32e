"""Who takes part in nothing, and everybody else: all members who were there before a stretch began."""

import datetime as dt

import numpy as np

from analytics.gathering.members import Members
from campaigns.assignment import holdout
from campaigns.assignment.holdout import Layer
from campaigns.models import Draw
from campaigns.models.decision import UNIVERSAL
from loyalty import clock, copying
from loyalty.profiles import refs

EVERYBODY_ELSE = "everybody_else"
ARMS = (EVERYBODY_ELSE, UNIVERSAL)
ROW = copying.row_type(member="i8")
# A member who was merged into another counts under that one, as when campaigns decide.
THERE = """
    SELECT id FROM loyalty_member member
    WHERE (joined_on IS NULL OR joined_on < %(day)s) AND NOT EXISTS (
        SELECT FROM loyalty_alias alias WHERE alias.member_id = member.id
    )
    ORDER BY id
"""


def people(draw: Draw, *, since: dt.datetime) -> Members:
    """By the draw's own hash, as campaigns and the database have it; whoever joined later is in neither arm."""
    ids = copying.read(THERE, {"day": clock.local_day(since)}, ROW)["member"].astype(np.int64)
    layer = Layer(draw.universal_salt, draw.universal_share)
    held_out = holdout.inside(refs.read(ids), layer) if len(ids) else np.zeros(0, dtype=bool)
    return Members(
        ids=ids,
        arm=held_out.astype(np.int8),
        arms=ARMS,
        offer=np.full(len(ids), -1, dtype=np.int16),
        score=np.full(len(ids), np.nan),
    )
