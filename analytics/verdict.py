"""Pays, does not pay, or not yet known: one word for a margin report, and the sentence that says it in money."""

from enum import StrEnum

from analytics.measurement.lift import NotMeasured
from analytics.reports import CampaignReport


class Verdict(StrEnum):
    """What a reader may conclude; the names are those of the verdict component."""

    PAYS = "pays"
    DOES_NOT_PAY = "does_not_pay"
    NOT_YET_KNOWN = "not_yet_known"
    NOT_CAUSAL = "not_causal"


def verdict(margin: CampaignReport) -> Verdict:
    """Judge a report of the metric margin by the side of 0 on which its interval lies, once nothing is in the way."""
    if not margin.is_causal:
        return Verdict.NOT_CAUSAL
    if not margin.valid or len(margin.comparisons) != 1:
        return Verdict.NOT_YET_KNOWN
    lift = margin.comparisons[0].lift
    if isinstance(lift, NotMeasured):
        return Verdict.NOT_YET_KNOWN
    if lift.low > 0:
        return Verdict.PAYS
    return Verdict.DOES_NOT_PAY if lift.high < 0 else Verdict.NOT_YET_KNOWN
