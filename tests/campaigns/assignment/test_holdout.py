from hashlib import sha256

import numpy as np
import pytest
from scipy import stats

from campaigns.assignment.holdout import arms, uniforms

UNITS = [f"M-{number:06}" for number in range(100_000)]


def test_the_number_is_the_first_eight_bytes_of_the_hash_over_two_to_the_64():
    # printf 'spring-coffee|000123' | sha256sum begins 399017afb7242759; the others likewise.
    expected = [0x399017AFB7242759 / 2**64, 0xFC80631572BA7EBA / 2**64, 0x46CF70AF4A10FFA3 / 2**64]
    assert uniforms(["000123", "M-7", "Zoë"], salt="spring-coffee").tolist() == expected


def test_a_thousand_numbers_equal_pythons_whole_number_division():
    expected = [int(sha256(f"a|{unit}".encode()).hexdigest()[:16], 16) / 2**64 for unit in UNITS[:1000]]
    assert uniforms(UNITS[:1000], salt="a").tolist() == expected


def test_numbers_are_uniform():
    assert stats.kstest(uniforms(UNITS, salt="a"), "uniform").pvalue > 0.001


def test_the_share_is_honoured_within_the_binomial_bounds():
    held_out = int(arms(UNITS, salt="a", share_held_out=0.1).sum())
    low, high = stats.binom.interval(0.999, len(UNITS), 0.1)
    assert low <= held_out <= high


def test_a_unit_keeps_its_arm_whatever_the_company_it_comes_in():
    alone = [bool(arms([unit], salt="a", share_held_out=0.5)[0]) for unit in UNITS[:200]]
    assert arms(UNITS, salt="a", share_held_out=0.5)[:200].tolist() == alone


def test_a_larger_share_keeps_everyone_who_was_held_out():
    few, many = (arms(UNITS, salt="a", share_held_out=share) for share in (0.1, 0.2))
    assert many[few].all()


def test_another_salt_draws_an_unrelated_arm():
    one, other = (arms(UNITS, salt=salt, share_held_out=0.5) for salt in ("a", "b"))
    low, high = stats.binom.interval(0.999, len(UNITS), 0.5)
    assert low <= int((one == other).sum()) <= high


def test_nobody_is_held_out_at_0_and_everybody_at_1():
    none, everybody = (arms(UNITS, salt="a", share_held_out=share) for share in (0, 1))
    assert not none.any()
    assert everybody.all()


def test_no_units_need_no_arms():
    assert arms([], salt="a", share_held_out=0.1).shape == (0,)


@pytest.mark.parametrize("share", [-0.1, 1.1, np.nan])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(ValueError, match="give one between 0 and 1"):
        arms(UNITS[:1], salt="a", share_held_out=share)


def test_an_empty_salt_is_refused():
    with pytest.raises(ValueError, match="needs a salt of its own"):
        uniforms(UNITS[:1], salt="")
