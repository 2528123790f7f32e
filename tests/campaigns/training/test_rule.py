import pytest

from campaigns.scoring.intervals import Estimate
from campaigns.training.rule import InUse, Standing, ruled

SURE, UNSURE = Estimate(0.3, 0.1, 0.5), Estimate(0.3, -0.1, 0.7)
BETTER, WORSE = Estimate(0.2, -0.3, 0.7), Estimate(-0.1, -0.2, 0.0)
AFFINITY, UPLIFT = (
    InUse("scorer 1 (affinity)", "affinity", knows=True),
    InUse("scorer 2 (uplift)", "uplift", knows=True),
)
PRIOR = InUse("scorer 3 (affinity)", "affinity", knows=False)


def standing(own=SURE, over=BETTER, champion=SURE, **facts) -> Standing:
    return Standing("Qini", "it is {} above {}", "900 later decisions", own, over, champion, **facts)


UNJUDGED = standing(own=None, over=None, champion=None, unknown="Nothing is later.")


@pytest.mark.parametrize(
    ("kind", "found", "in_use", "comes"),
    [
        ("uplift", standing(), AFFINITY, True),
        ("uplift", standing(over=WORSE), AFFINITY, False),
        ("uplift", standing(over=Estimate(0, 0, 0)), AFFINITY, False),
        ("uplift", standing(own=UNSURE), AFFINITY, False),
        ("uplift", standing(own=UNSURE), None, False),
        ("uplift", standing(own=Estimate(0.1, 0.0, 0.2)), AFFINITY, False),
        ("uplift", standing(), None, True),
        ("uplift", standing(over=None), AFFINITY, False),
        ("uplift", UNJUDGED, None, False),
        ("uplift", UNJUDGED, PRIOR, False),
        ("affinity", UNJUDGED, None, True),
        ("affinity", UNJUDGED, PRIOR, True),
        ("affinity", UNJUDGED, AFFINITY, False),
        ("affinity", standing(own=UNSURE, over=BETTER), AFFINITY, True),
        ("affinity", standing(own=UNSURE, over=WORSE), UPLIFT, False),
        ("affinity", standing(own=UNSURE, over=WORSE, champion=UNSURE), UPLIFT, True),
    ],
)
def test_rule(kind, found, in_use, comes):
    assert ruled(found, kind=kind, in_use=in_use).comes is comes


def test_a_ruling_says_the_figure_its_interval_and_the_difference():
    assert ruled(standing(), kind="uplift", in_use=AFFINITY).why == (
        "In use: its Qini on 900 later decisions is 0.300 (0.100 to 0.500), and "
        "it is 0.200 (−0.300 to 0.700) above scorer 1 (affinity)."
    )


def test_a_refusal_says_what_is_missing():
    assert "an interval that includes 0 proves no gain" in ruled(standing(own=UNSURE), kind="uplift", in_use=None).why


def test_what_could_not_be_judged_says_why():
    assert ruled(UNJUDGED, kind="uplift", in_use=None).why == "Not in use: it could not be judged. Nothing is later."
