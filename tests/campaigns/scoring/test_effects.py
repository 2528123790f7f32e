import numpy as np
import pytest

from campaigns.scoring.effects import FEWEST, PRIOR_EFFECT, Estimate, measured, shrunk, usual_margin
from campaigns.scoring.history import HELD_OUT, History
from offers.rules.terms import KINDS
from tests.campaigns.scoring.worlds import history, nothing


def _two_cells(margins: dict[str, list[float]], *, response: float = 1.0) -> dict[str, Estimate]:
    kind = np.concatenate([np.repeat([name], len(values)) for name, values in margins.items()])
    rows = len(kind)
    known = History(
        np.zeros(rows), kind, np.ones(rows), np.zeros(rows, dtype=bool), np.concatenate(list(margins.values()))
    )
    return measured(known, np.full(rows, response), KINDS)


def test_an_effect_is_treated_less_held_out_by_hand():
    found = _two_cells({"points": [4.0, 6.0] * 50, HELD_OUT: [1.0, 3.0] * 50})
    # Every margin is 1 from its mean: the variance within is 200 / 198, of the difference twice a hundredth of that.
    assert found == {"points": Estimate(pytest.approx(3.0), pytest.approx(200 / 198 * 2 / 100))}


def test_an_effect_is_of_an_average_member():
    found = _two_cells({"points": [4.0, 6.0] * 50, HELD_OUT: [1.0, 3.0] * 50}, response=2.0)
    assert found["points"] == Estimate(pytest.approx(1.5), pytest.approx(200 / 198 * 2 / 100 / 4))


def test_a_kind_with_too_few_members_is_not_measured():
    assert _two_cells({"points": [4.0, 6.0] * (FEWEST // 2 - 1), HELD_OUT: [1.0, 3.0] * 50}) == {}


def test_without_held_out_members_nothing_is_measured():
    assert _two_cells({"points": [4.0, 6.0] * 50, "service": [1.0, 3.0] * 50}) == {}


def test_margins_that_are_all_alike_prove_nothing():
    assert _two_cells({"points": [1.0] * 50, HELD_OUT: [0.0] * 50}) == {}


def test_a_kind_whose_members_are_all_alike_is_not_taken_for_certain():
    found = _two_cells({"points": [0.0] * 50, "service": [0.0, 9.0] * 50, HELD_OUT: [0.0, 9.0] * 50})
    assert found["points"].variance > 0.1


def test_members_are_compared_within_their_own_run():
    # In the second run everybody earns 100 more, and many more were treated: a comparison across runs would see 75.
    kind = np.concatenate([np.repeat(["points", HELD_OUT], [50, 50]), np.repeat(["points", HELD_OUT], [500, 50])])
    run = np.repeat([1, 2], [100, 550])
    margin = np.tile([0.0, 2.0], 325) + np.where(kind == "points", 1.0, 0.0) + np.where(run == 2, 100.0, 0.0)
    rows = len(kind)
    found = measured(History(run, kind, np.ones(rows), np.zeros(rows, dtype=bool), margin), np.ones(rows), KINDS)
    assert found["points"].effect == pytest.approx(1.0)


def test_the_interval_of_an_effect_covers_the_planted_one_as_often_as_it_says():
    covered = 0
    for seed in range(300):
        known = history({"points": 1.0}, seed=seed, per_cell=2_000)
        found = measured(known, known.affinity, KINDS)["points"]
        covered += abs(found.effect - 1.0) <= 1.96 * found.variance**0.5
    # 95 % of 300 is 285; 3 standard errors are 11.
    assert 274 <= covered <= 296


def test_without_measurements_every_kind_has_the_prior():
    assert [each.effect for each in shrunk({}, KINDS, usual_margin=0.0).values()] == pytest.approx([PRIOR_EFFECT] * 7)


def test_thin_evidence_stays_near_the_prior():
    found = shrunk({"points": Estimate(5.0, 25.0)}, KINDS, usual_margin=5.0)
    assert PRIOR_EFFECT < found["points"].effect < 1.0


def test_rich_evidence_is_believed():
    found = shrunk({"points": Estimate(2.0, 1e-4)}, KINDS, usual_margin=5.0)
    assert found["points"].effect == pytest.approx(2.0, rel=0.01)


def test_harm_is_believed_too():
    found = shrunk({"points": Estimate(-2.0, 1e-4)}, KINDS, usual_margin=5.0)
    assert found["points"].effect < -1.9


def test_a_kind_without_a_measurement_counts_as_what_the_others_have_in_common():
    found = shrunk({"points": Estimate(2.0, 0.01), "percent": Estimate(2.2, 0.01)}, KINDS, usual_margin=5.0)
    assert 1.0 < found["service"].effect < 2.1
    assert found["service"].variance > found["points"].variance


def test_shrunk_effects_are_nearer_the_truth_than_measured_ones():
    rng = np.random.default_rng(0)
    truths = rng.normal(0.1, 0.4, (300, 5))
    errors = rng.normal(0, 1, truths.shape)
    kinds = KINDS[:5]
    miss = np.array(
        [
            [
                shrunk(
                    {kind: Estimate(float(effect), 1.0) for kind, effect in zip(kinds, truth + error, strict=True)},
                    kinds,
                    usual_margin=5.0,
                )[kind].effect
                for kind in kinds
            ]
            - truth
            for truth, error in zip(truths, errors, strict=True)
        ]
    )
    assert (miss**2).mean() < 0.5 * (errors**2).mean()


def test_the_usual_margin_is_that_of_the_held_out():
    known = history({"points": 3.0}, seed=1, per_cell=500)
    assert usual_margin(known) == pytest.approx(known.margin[known.kind == HELD_OUT].mean())
    assert usual_margin(nothing()) == 0.0
