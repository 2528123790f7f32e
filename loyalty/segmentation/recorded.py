"""The segments that a rule asks for, as they were when somebody relied on them."""

from collections.abc import Iterable

from loyalty import segmentation
from loyalty.models import SegmentVersion
from loyalty.profiling import segments
from loyalty.profiling.parsing import Find


def asked_for(version: SegmentVersion) -> list[SegmentVersion]:
    """The versions in force of the segments that a version asks for, and that those ask for, by segment."""
    in_force = {each.segment_id: each for each in SegmentVersion.objects.in_force().select_related("segment")}
    found: dict[int, SegmentVersion] = {}
    waiting = [version]
    while waiting:
        for number in segmentation.asked_for(waiting.pop().rule) & in_force.keys() - found.keys():
            found[number] = in_force[number]
            waiting.append(in_force[number])
    return [found[number] for number in sorted(found)]


def finding(versions: Iterable[SegmentVersion]) -> Find:
    """Finds a segment as it is among these versions; one that was not recorded is found as it is now."""
    known = {each.segment_id: segments.Saved(each.segment.name, each.rule) for each in versions}
    now = segmentation.in_force()
    return lambda number: known.get(number) or now(number)
