import numpy as np
from scipy import stats

from config.demo.retailer.chance import climb, ladder, uniforms


def test_numbers_are_spread_evenly() -> None:
    drawn = uniforms("evenly", np.arange(100_000))
    # A sound generator fails this for one purpose in 10,000; the purpose is fixed.
    assert stats.kstest(drawn, "uniform").pvalue > 1e-4
    assert drawn.min() > 0
    assert drawn.max() < 1


def test_neighbouring_counters_have_nothing_in_common() -> None:
    grid = uniforms("neighbours", np.arange(1000)[:, None], np.arange(1000)[None, :])
    # 4.5 standard errors of a correlation over about a million pairs.
    for before, after in ((grid[1:], grid[:-1]), (grid[:, 1:], grid[:, :-1])):
        assert abs(np.corrcoef(before.ravel(), after.ravel())[0, 1]) < 4.5e-3


def test_swapping_two_counters_gives_other_numbers() -> None:
    assert uniforms("swap", np.array([3]), np.array([5])) != uniforms("swap", np.array([5]), np.array([3]))


def test_answer_does_not_depend_on_what_else_is_asked() -> None:
    many = uniforms("same", np.arange(50)[:, None], np.arange(20, 40)[None, :])
    assert uniforms("same", np.array([7]), np.array([25])) == many[7, 5]


def test_purposes_are_unrelated() -> None:
    counters = np.arange(100_000)
    # 4.5 standard errors of a correlation over 100,000 pairs.
    assert abs(np.corrcoef(uniforms("a", counters), uniforms("b", counters))[0, 1]) < 0.0142


def test_climbing_a_ladder_draws_by_weight() -> None:
    steps = ladder(np.array([[1.0, 3.0], [2.0, 2.0]]))
    drawn = climb(steps, np.repeat([0, 1], 4), np.array([0.1, 0.2, 0.3, 0.9] * 2), width=2)
    assert drawn.tolist() == [0, 0, 1, 1, 0, 0, 0, 1]
