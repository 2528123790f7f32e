"""A change as a share of what the others had, told beside the change and never against it."""

from analytics.body import Estimate
from analytics.judging.study import Study
from analytics.measurement import fieller
from analytics.measurement.cuped import Adjusted
from analytics.measurement.lift import Lift, NotMeasured
from analytics.metrics import Metric


def in_per_cent(study: Study, metric: Metric, versus: str, headline: Adjusted | Lift | NotMeasured) -> Estimate | None:
    """None where it has no end, and of plain shares of members, whose relative range is Koopman's."""
    if isinstance(headline, NotMeasured) or not study.of.is_random:
        return None
    if isinstance(headline, Adjusted):
        return _adjusted(study, metric, versus, headline)
    if metric.is_yes_or_no:
        return None
    reference = study.ratio(metric, versus) if metric.is_ratio else study.plain(metric, versus)
    return _told(headline, reference.mean, fieller.relative(headline, reference))


def _adjusted(study: Study, metric: Metric, versus: str, headline: Adjusted) -> Estimate | None:
    reference = study.paired_ratio(metric, versus).linear if metric.is_ratio else study.paired(metric, versus)
    ends = fieller.relative_adjusted(headline.lift, reference, headline.theta)
    return _told(headline.lift, reference.outcome.mean, ends)


def _told(lift: Lift, mean: float, ends: tuple[float, float] | None) -> Estimate | None:
    return Estimate(lift.estimate / abs(mean), *ends) if ends else None
