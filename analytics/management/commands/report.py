import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from analytics import freezing, reports
from analytics.measurement.lift import Lift, NotMeasured
from analytics.models import Report
from campaigns.models import Campaign
from loyalty import clock
from loyalty.refusal import Refused


class Command(BaseCommand):
    help = "The lift report of a campaign: each arm against the held-out members, with its interval."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("campaign", metavar="CAMPAIGN_REF")
        parser.add_argument(
            "--metric", help="margin, spend, purchasers, baskets or event:KIND (default: its primary metric)"
        )
        parser.add_argument("--freeze", action="store_true", help="keep the whole report as a version of its own")
        parser.add_argument("--json", action="store_true", help="print one object on the last line")

    def handle(self, *, campaign: str, metric: str | None, freeze: bool, **options: object) -> None:
        found = Campaign.objects.filter(ref=campaign).first()
        if found is None:
            raise CommandError(f"There is no campaign {campaign}: `manage.py report` takes a campaign's reference.")
        try:
            kept = freezing.freeze(freezing.run_of(found), as_of=clock.now()) if freeze else None
            told = reports.report(found, metric or found.primary_metric or Campaign.Metric.SPEND, as_of=clock.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write("\n".join([*_lines(told), *([_kept(kept)] if kept else [])]))
        if options["json"]:
            frozen = {"version": kept.version, "digest": kept.digest, **json.loads(kept.body)} if kept else None
            self.stdout.write(json.dumps({**as_json(told), "frozen": frozen}))


def _lines(told: reports.CampaignReport) -> list[str]:
    lines = [f"{told.campaign.name}: {told.metric}, {told.since:%-d %B %Y %H:%M} to {told.until:%-d %B %Y %H:%M}"]
    lines += [
        f"  {each.arm:<16} {each.n:>12,} members" + ("" if each.mean is None else f"   mean {each.mean:.4f}")
        for each in told.arms
    ]
    lines += [f"  {each.arm} versus {each.versus}: {_in_words(each.lift)}" for each in told.comparisons]
    looked_at = [check.sentence for check in told.checks if check.state == "look"]
    return [*lines, *(f"  ! {reason}" for reason in [*told.reasons, *looked_at])]


def _kept(report: Report) -> str:
    return f"  {report.told.verdict.sentence}\n  Version {report.version}, digest {report.digest[:16]}"


def _in_words(lift: Lift | NotMeasured) -> str:
    if isinstance(lift, NotMeasured):
        return "could not be measured"
    return f"{lift.estimate:+.4f} ({lift.low:.4f} to {lift.high:.4f}), p = {lift.p:.4f}"


def as_json(told: reports.CampaignReport) -> dict[str, Any]:
    """The report as other programs read it."""
    return {
        "campaign": told.campaign.ref,
        "metric": told.metric,
        "from": told.since.isoformat(),
        "until": told.until.isoformat(),
        "arms": [{"arm": each.arm, "n": each.n, "mean": each.mean, "sum": each.sum} for each in told.arms],
        "lifts": [_lift_as_json(each) for each in told.comparisons],
        "sample_ratio_p": told.sample_ratio_p,
        "valid": told.valid,
        "reasons": list(told.reasons),
        "checks": [{"name": each.name, "state": each.state, "sentence": each.sentence} for each in told.checks],
    }


def _lift_as_json(each: reports.Comparison) -> dict[str, Any]:
    names = ("estimate", "low", "high", "p", "relative", "relative_low", "relative_high")
    figures = {name: getattr(each.lift, name, None) for name in names}
    return {"arm": each.arm, "versus": each.versus, **figures}
