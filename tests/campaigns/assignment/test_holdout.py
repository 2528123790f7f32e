from decimal import Decimal, localcontext
from hashlib import sha256

import numpy as np
import pytest
from scipy import stats

from campaigns.assignment.holdout import Arm, Layer, Layers, arms, hashes, inside, layers, threshold, uniforms

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


# -- layers ------------------------------------------------------------------------------------------------------------

ALL = Layers(Layer("c", 0.1), universal=Layer("u", Decimal("0.05")), generic=Layer("g", Decimal("0.2")))
CAMPAIGNS = (("a", 0.1), ("b", 0.5))


def test_a_member_of_a_higher_layer_is_in_none_below_it():
    found = layers(UNITS, ALL)
    universal, generic = inside(UNITS, Layer("u", 0.05)), inside(UNITS, Layer("g", 0.2))
    held_out = arms(UNITS, salt="c", share_held_out=0.1)
    assert (universal & generic & held_out).any()  # somebody whom all three would take
    assert np.array_equal(found == Arm.UNIVERSAL, universal)
    assert np.array_equal(found == Arm.GENERIC, generic & ~universal)
    assert np.array_equal(found == Arm.HELD_OUT, held_out & ~generic & ~universal)


def test_every_arm_has_its_planned_share():
    counts = np.bincount(layers(UNITS, ALL), minlength=len(Arm))
    assert ALL.shares.sum() == pytest.approx(1)
    assert stats.chisquare(counts, ALL.shares * len(UNITS)).pvalue > 0.001


def test_shares_are_told_by_the_arms_names_and_nothing_of_arms_that_are_not_planned():
    assert ALL.by_name == pytest.approx({"treated": 0.684, "held_out": 0.076, "generic": 0.19, "universal": 0.05})
    assert Layers(Layer("c", 0.1)).by_name == {"treated": 0.9, "held_out": 0.1}


def test_without_layers_of_the_programme_a_campaign_holds_out_whom_it_always_did():
    alone, nobody = Layers(Layer("c", 0.1)), Layer("n", Decimal(0))
    expected = arms(UNITS, salt="c", share_held_out=0.1).tolist()
    assert layers(UNITS, alone).tolist() == expected
    assert layers(UNITS, Layers(Layer("c", 0.1), nobody, Layer("m", 0))).tolist() == expected


def test_another_campaign_leaves_the_layers_of_the_programme_as_they_are():
    one, other = (layers(UNITS, Layers(Layer(salt, share), ALL.universal, ALL.generic)) for salt, share in CAMPAIGNS)
    for arm in (Arm.UNIVERSAL, Arm.GENERIC):
        assert np.array_equal(one == arm, other == arm)
    assert not np.array_equal(one, other)


def test_whom_a_campaign_holds_out_has_nothing_to_do_with_the_layers_above():
    found = np.array([layers(UNITS, Layers(Layer(salt, 0.5), ALL.universal)) for salt in "ab"])
    both = found[:, (found != Arm.UNIVERSAL).all(axis=0)]
    assert stats.chi2_contingency(np.histogram2d(*both, bins=2)[0]).pvalue > 0.001


def test_layers_that_share_a_salt_are_refused():
    with pytest.raises(ValueError, match="draw another"):
        layers(UNITS[:1], Layers(Layer("c", 0.1), universal=Layer("c", 0.1)))


@pytest.mark.parametrize(("share", "expected"), [("0", 0), ("0.5", 2**63), ("0.0001", -(-(2**64) // 10_000))])
def test_the_threshold_is_the_share_of_all_hashes_rounded_up(share, expected):
    assert threshold(Decimal(share)) == expected


@pytest.mark.parametrize("share", [Decimal("-0.1"), Decimal(1), float("nan")])
def test_a_layer_cannot_be_everybody_or_less_than_nobody(share):
    with pytest.raises(ValueError, match="give one from 0 up to 1"):
        threshold(share)


def test_a_unit_is_inside_from_the_first_threshold_above_its_hash():
    """To the last bit, which a float of the share would have lost."""
    number = int(hashes(["M-7"], salt="u")[0, 0])
    with localcontext(prec=200):
        below, above = (Layer("u", Decimal(number + more) / 2**64) for more in (0, 1))
    assert [bool(inside(["M-7"], layer)[0]) for layer in (below, above)] == [False, True]
