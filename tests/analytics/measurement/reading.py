"""Take a result for what the test expects it to be, and fail with the other answer otherwise."""

from analytics.measurement.lift import Lift, NotMeasured


def lift_of(outcome: Lift | NotMeasured) -> Lift:
    assert isinstance(outcome, Lift), outcome
    return outcome


def reason_of(outcome: object) -> str:
    assert isinstance(outcome, NotMeasured), outcome
    return outcome.reason
