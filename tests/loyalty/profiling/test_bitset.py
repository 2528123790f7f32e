import numpy as np
import pytest

from loyalty.profiling.bitset import STRETCH_WORDS, WORD_BITS, Bitset, counts_without

SIZES = [0, 1, 63, 64, 65, 128, 1000, 4097]
SEVERAL_STRETCHES = 2 * STRETCH_WORDS * WORD_BITS + 65


def random_mask(size: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng([size, seed]).random(size) < 0.3


@pytest.mark.parametrize("size", SIZES)
def test_a_set_is_the_mask_it_was_made_of(size: int) -> None:
    mask = random_mask(size)
    made = Bitset.of_mask(mask)
    assert np.array_equal(made.mask(), mask)
    assert made.count == mask.sum()


@pytest.mark.parametrize("size", [*SIZES, SEVERAL_STRETCHES])
def test_sets_combine_as_masks_do(size: int) -> None:
    first, second = random_mask(size, 1), random_mask(size, 2)
    one, two = Bitset.of_mask(first), Bitset.of_mask(second)
    assert np.array_equal((one & two).mask(), first & second)
    assert np.array_equal((one | two).mask(), first | second)
    assert np.array_equal((~one).mask(), ~first)
    assert one.counts_with([two, one]) == [(first & second).sum(), first.sum()]


@pytest.mark.parametrize("parts", [1, 2, 3, 5])
@pytest.mark.parametrize("size", [*SIZES, SEVERAL_STRETCHES])
def test_many_sets_combine_as_masks_do_and_stay_as_they_were(size: int, parts: int) -> None:
    masks = np.array([random_mask(size, seed) for seed in range(parts)])
    sets = [Bitset.of_mask(mask) for mask in masks]
    assert np.array_equal(Bitset.all_of(sets).mask(), masks.all(axis=0))
    assert np.array_equal(Bitset.any_of(sets).mask(), masks.any(axis=0))
    assert all(np.array_equal(made.mask(), mask) for made, mask in zip(sets, masks, strict=True))


@pytest.mark.parametrize("parts", [2, 3, 5])
@pytest.mark.parametrize("size", [*SIZES, SEVERAL_STRETCHES])
def test_counts_without_each_set_are_those_of_the_others(size: int, parts: int) -> None:
    masks = np.array([np.random.default_rng([size, seed]).random(size) < 0.8 for seed in range(parts)])
    sets = [Bitset.of_mask(mask) for mask in masks]
    others = [np.delete(masks, number, axis=0) for number in range(parts)]
    assert counts_without(sets, every=True) == [rest.all(axis=0).sum() for rest in others]
    assert counts_without(sets, every=False) == [rest.any(axis=0).sum() for rest in others]


@pytest.mark.parametrize("size", SIZES)
def test_nobody_hides_past_the_last_row(size: int) -> None:
    assert (~Bitset.nobody(size)).count == Bitset.everybody(size).count == size


@pytest.mark.parametrize("size", SIZES)
def test_positions_are_the_rows_that_are_in(size: int) -> None:
    mask = random_mask(size)
    made = Bitset.of_positions(np.flatnonzero(mask)[::-1], size)
    assert np.array_equal(made.positions(), np.flatnonzero(mask))
    assert [row in made for row in range(size)] == mask.tolist()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("most", [1, 2, 10, 10_000])
def test_a_spread_is_even_over_those_who_are_in(size: int, most: int) -> None:
    inside = np.flatnonzero(random_mask(size))
    count = min(most, len(inside))
    expected = inside[np.linspace(0, len(inside) - 1, count, dtype=np.int64)]
    assert np.array_equal(Bitset.of_mask(random_mask(size)).spread(most), expected)
