"""Bodies of reports, complete and small: keyword arguments replace what a test is about."""

import datetime as dt
from dataclasses import replace
from typing import Any

from analytics import writing
from analytics.body import (
    Arm,
    Body,
    Check,
    Cost,
    Counted,
    Day,
    Effect,
    Estimate,
    Few,
    Given,
    Judged,
    Part,
    Promise,
    Reached,
    Slice,
    Verdict,
)
from analytics.models import Report
from campaigns.models import Run
from tests import making

CLOSED = making.NOON + 14 * making.DAY
TREATED, HELD_OUT = 9_000, 1_000


def effect(value: float = 0.21, *, half: float = 0.12, members: int = TREATED, mean: float = 10.0) -> Effect:
    """So much more per member, with an interval of that half width; the held out had `mean`."""
    each = Estimate(value, value - half, value + half, 0.0006)
    return Effect(each, _times(each, 1 / mean), _times(each, members))


def _times(each: Estimate, factor: float) -> Estimate:
    return Estimate(factor * each.value, factor * each.low, factor * each.high, each.p)


def judged(metric: str = "margin", label: str = "Margin per member", **facts: Any) -> Judged:
    """Treated against held out, adjusted and plain."""
    defaults: dict[str, Any] = {
        "kind": "money",
        "arm": "treated",
        "versus": "held_out",
        "headline": effect(),
        "plain": effect(0.19, half=0.2),
        "always": Estimate(0.21, 0.03, 0.39, 0.02),
        "r_squared": 0.42,
        "clip_at": 180.0,
    }
    return Judged(metric, label, **{**defaults, **facts})


SPEND = judged("spend", "Spend per member", headline=effect(0.9, half=0.5), q=0.003)
BOUGHT = judged(
    "purchasers",
    "Share who buy",
    kind="share",
    headline=effect(0.012, half=0.02, mean=0.3),
    plain=effect(0.01, half=0.03, mean=0.3),
    clip_at=None,
    q=0.24,
)
GENERIC = judged(arm="treated", versus="generic", headline=effect(0.05, half=0.09))
FEW = Few("generic", 30, 420)
PROMISE = Promise(
    hypothesis="They come back.",
    metric="margin",
    design="randomised",
    exit_criterion="No lift after two weeks.",
    outcome_days=14,
    detectable=0.15,
    detectable_relative=0.015,
    level=0.95,
    segments=("Lapsing buyers",),
    locked_at=making.NOON,
    digest="3f2a" * 16,
)
SIZES = Check("sample_ratio", "fine", "The arms have the sizes that were planned (p = 0.41).")
OVERLAP = Check("multiple_exposure", "look", "3.0 % of the members are in another campaign at the same time.")
BROKEN = Check(
    "sample_ratio", "stop", "The arms do not have the sizes that were planned: check the assignments that were loaded."
)
PAYS = Verdict("pays", "It pays: 9,000 members brought €1,890 more margin than they would have without it.")
UNKNOWN = Verdict(
    "not_yet_known",
    "Not yet known: after all costs it brought between −€300 and €900 in margin.",
    ("9 more days", "a holdout of 20 %"),
)


def body(**changes: Any) -> Body:
    """A report of a campaign that paid, read after its window closed."""
    day = making.NOON.date()
    whole = Body(
        campaign="spring",
        name="Spring",
        run=1,
        currency="EUR",
        since=making.NOON,
        until=CLOSED,
        closes=CLOSED,
        as_of=CLOSED + making.DAY,
        causal=True,
        verdict=PAYS,
        checks=(SIZES, OVERLAP),
        arms=(
            Arm("treated", TREATED, 0.9, 8_100, {"margin": 10.21, "spend": 40.9, "purchasers": 0.312}),
            Arm("held_out", HELD_OUT, 0.1, 905, {"margin": 10.0, "spend": 40.0, "purchasers": 0.3}),
        ),
        judged=(judged(), SPEND, BOUGHT),
        notes=("Late purchases restate this report until 30 March 2026.",),
        promise=PROMISE,
        personal_or_generic=(GENERIC,),
        reached=Reached(0.9, 0.905, effect(0.235, half=0.13)),
        days=tuple(
            Day(
                day + dt.timedelta(days=number),
                Estimate(0.015 * number, 0.015 * number - 0.1, 0.015 * number + 0.1),
                Estimate(0.015 * number, 0.015 * number - 0.2, 0.015 * number + 0.2),
            )
            for number in range(1, 15)
        ),
        segments=(Slice("Lapsing buyers", 900, 100, effect(0.4, half=0.5)),),
        deciles=tuple(Slice(f"{tenth}", 900, 100, effect(tenth / 20), tenth / 25) for tenth in range(1, 11)),
        parts=(
            Part("target", "More of what was offered", Estimate(0.5, 0.3, 0.7)),
            Part("cannibalised", "Less of the rest of its department", Estimate(-0.1, -0.2, 0.0)),
            Part("halo", "More from other departments", Estimate(0.05, -0.1, 0.2)),
            Part("rewards", "Rewards and messages", Estimate(-0.24, -0.25, -0.23)),
        ),
        engagement=(Counted("Opened the message", 3_100, 8_100, 120),),
        costs=(Cost("Rewards", 2_100.0), Cost("Messages", 81.0)),
        given=Given(2_100.0, Estimate(1_200.0, 900.0, 1_500.0), redemptions=700, extra=300),
    )
    return replace(whole, **changes)


def hidden() -> Body:
    """What is left where a check says stop: no number at all."""
    nothing: dict[str, Any] = dict.fromkeys(
        ("judged", "personal_or_generic", "days", "segments", "deciles", "parts", "engagement", "costs"), ()
    )
    arms = (Arm("treated", 9_000, 0.9, None, {}), Arm("held_out", 600, 0.1, None, {}))
    said = Verdict("not_yet_known", f"Nothing is told yet, because something is wrong. {BROKEN.sentence}")
    nothing["given"] = None
    return body(checks=(BROKEN, OVERLAP), verdict=said, reached=None, arms=arms, **nothing)


def frozen(run: Run, of: Body | None = None, *, version: int = 1, **facts: Any) -> Report:
    """A version of the run's report."""
    text = writing.written(of or body(run=run.pk, campaign=run.campaign.ref, name=run.campaign.name))
    defaults: dict[str, Any] = {
        "as_of": CLOSED + version * making.DAY,
        "last_line": 0,
        "code": "c0de",
        "is_final": False,
    }
    return Report.objects.create(
        campaign=run.campaign,
        run=run,
        version=version,
        body=text,
        digest=writing.digest(text),
        **{**defaults, **facts},
    )
