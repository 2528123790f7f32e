"""What a campaign promises at its launch, under a digest: it is judged by that and by nothing said later."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from campaigns.models import Campaign, Run
from loyalty import segmentation
from loyalty.models import SegmentVersion
from loyalty.profiling import segments
from loyalty.profiling.parsing import Find
from loyalty.segmentation import recorded

LEVEL = 0.95
NAMES = {
    "hypothesis": "the hypothesis",
    "metric": "the metric it is judged by",
    "exit_criterion": "the exit criterion",
    "design": "the design",
    "outcome_days": "the outcome window",
    "share_held_out": "the share held out",
}


def promise(campaign: Campaign) -> dict[str, Any]:
    """All that says beforehand how the campaign will be judged, with the rules of segments that are read apart."""
    return {
        **_said(campaign),
        "level": LEVEL,
        "segments": [_segment(each.current()) for each in campaign.read_apart.order_by("name")],
    }


def digest(promised: dict[str, Any]) -> str:
    """SHA-256 (hexadecimal) of the promise as JSON with sorted keys and without spaces, in UTF-8."""
    text = json.dumps(promised, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def finding(segment: Mapping[str, Any]) -> Find:
    """Finds the segments that a promised one's rule asks for as they were at the launch; where an older promise does
    not say, as they are now."""
    known = {each["segment"]: segments.Saved(each["name"], each["rule"]) for each in segment.get("asked", [])}
    now = segmentation.in_force()
    return lambda number: known.get(number) or now(number)


def edited_since(run: Run) -> list[str]:
    """What the campaign says otherwise now than it promised when the run was launched; nothing of imported ones."""
    return list(_edited(run)) if run.promise_digest else []


def _edited(run: Run) -> Iterator[str]:
    now = _said(run.campaign)
    yield from (name for key, name in NAMES.items() if now[key] != run.promise.get(key))
    if digest(run.promise) != run.promise_digest:
        yield "the promise itself, which does not have its digest"


def _said(campaign: Campaign) -> dict[str, Any]:
    return {
        "hypothesis": campaign.hypothesis,
        "metric": campaign.primary_metric,
        "exit_criterion": campaign.exit_criterion,
        "design": campaign.design,
        "outcome_days": campaign.outcome_days,
        "share_held_out": float(campaign.share_held_out),
    }


def _segment(version: SegmentVersion) -> dict[str, Any]:
    """With the rules of the segments that its own asks for, itself or by way of others."""
    asked = [{"segment": each.segment_id, **_version(each)} for each in recorded.asked_for(version)]
    return {**_version(version), "asked": asked}


def _version(version: SegmentVersion) -> dict[str, Any]:
    return {"name": version.segment.name, "version": version.pk, "rule": version.rule}
