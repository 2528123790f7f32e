from dataclasses import replace

import numpy as np
import pytest

from config.bench import race
from config.bench.race import Placed, together

ONE = Placed(share=0.9, lost=0.02, members=100, harmed=4, hurt=1, random_harm=0.5)
# Three members, two offers; what a member usually earns us is 10, so that more than 0.1 hurts.
TRUTH = np.array([[3.0, -1.0], [-0.05, 2.0], [1.0, -0.5]])


def test_what_is_given_counts_by_its_true_value():
    found = race._placed(TRUTH, np.array([1, 0, 0]), best=6.0, usual=10.0)
    assert found.share == pytest.approx((-1 - 0.05 + 1) / 6)
    assert found.lost == pytest.approx(1.05 / 6)
    assert (found.members, found.harmed, found.hurt) == (3, 2, 1)
    assert found.random_harm == 0.5


def test_who_is_given_nothing_is_not_harmed():
    found = race._placed(TRUTH, np.full(3, -1), best=6.0, usual=10.0)
    assert (found.share, found.harmed, found.hurt) == (0, 0, 0)


def test_exploring_harms_as_chance_does():
    assert ONE.harmed_exploring == pytest.approx(0.95 * 0.04 + 0.05 * 0.5)


def test_worlds_together_have_mean_shares_and_all_their_members():
    found = together([ONE, replace(ONE, share=0.7, members=300, harmed=2)])
    assert found.share == pytest.approx(0.8)
    assert (found.members, found.harmed, found.hurt) == (400, 6, 2)
