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
from loyalty.profiling.refs import Refs

EVERYBODY_ELSE = "everybody_else"
ARMS = (EVERYBODY_ELSE, UNIVERSAL)
AT_ONCE = 2**18
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
    return Members(
        ids=ids,
        arm=_held_out(draw, refs.read(ids)).astype(np.int8),
        arms=ARMS,
        offer=np.full(len(ids), -1, dtype=np.int16),
        score=np.full(len(ids), np.nan),
    )


def _held_out(draw: Draw, named: Refs) -> np.ndarray:
    """(n,) by hashes, of which those of all members at once would take much room."""
    layer = Layer(draw.universal_salt, draw.universal_share)
    held_out = np.zeros(len(named), dtype=bool)
    for first in range(0, len(named), AT_ONCE):
        some = slice(first, first + AT_ONCE)
        held_out[some] = holdout.inside(named.take(some), layer)
    return held_out
