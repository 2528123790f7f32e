"""What must hold before a number may be believed; one that says stop hides them all."""

from collections.abc import Iterator

from analytics.body import Check
from analytics.gathering import Gathered
from analytics.gathering.members import NOT_DECIDED_ON
from analytics.measurement.lift import NotMeasured
from analytics.measurement.validity import is_mismatch, sample_ratio

BROKEN = (
    "The arms do not have the sizes that were planned (p = {p:.1e}): something was lost or added on the way. Check the "
    "assignments that were loaded, and every filter between decision and report."
)
NOT_PLANNED = "The planned sizes of the arms are not known, so they cannot be checked."
AS_PLANNED = "The arms have the sizes that were planned (p = {p:.2f})."


def checks(gathered: Gathered) -> tuple[Check, ...]:
    return tuple(_sizes(gathered))


def _sizes(gathered: Gathered) -> Iterator[Check]:
    members, planned = gathered.members, gathered.planned
    arms = [arm for arm in members.arms if arm != NOT_DECIDED_ON]
    if not planned:
        yield Check(
            "sample_ratio", "unknown", "The planned sizes of the arms are not known, so they cannot be checked."
        )
        return
    shares = {**dict.fromkeys(arms, 0.0), **planned}
    p = sample_ratio([members.count(arm) for arm in shares], list(shares.values()))
    if isinstance(p, NotMeasured):
        yield Check("sample_ratio", "unknown", p.reason)
    elif is_mismatch(p):
        yield Check("sample_ratio", "stop", BROKEN.format(p=p))
    else:
        yield Check("sample_ratio", "fine", AS_PLANNED.format(p=p))
