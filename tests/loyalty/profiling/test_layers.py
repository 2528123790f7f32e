from collections import Counter
from itertools import product

import numpy as np
import pytest

from loyalty.profiling import layers
from loyalty.profiling.features import build
from loyalty.profiling.layers import UNKNOWN, cross, dimensions, rule
from loyalty.profiling.segments import matching, parse
from loyalty.profiling.table import Profiles
from tests.loyalty.profiling.worlds import AS_OF, VOCABULARIES, world

CHOSEN = ("rfm_cell", "lifecycle", "affinity:Coffee")


@pytest.fixture
def profiles() -> Profiles:
    made = world(3, most_members=60, most_lines=900)
    return build(made.members, made.lines, as_of=AS_OF, vocabularies=VOCABULARIES)


def laid(profiles: Profiles, *names: str) -> layers.Layers:
    known = dimensions(profiles)
    return cross(profiles, [known[name] for name in names])


def test_scores_categories_and_departments_can_be_laid_over_one_another(profiles: Profiles) -> None:
    known = dimensions(profiles)
    assert {"recency_score", "rfm_cell", "lifecycle", "tier", "top_category", "affinity:Coffee"} <= set(known)
    assert "spend_365" not in known
    assert known["affinity:Coffee"].label == "Coffee shopper"


def test_every_member_is_in_exactly_one_cell(profiles: Profiles) -> None:
    assert laid(profiles, *CHOSEN).counts.sum() == len(profiles)


@pytest.mark.parametrize(
    "names", list(product(("rfm_cell", "recency_score", "tier"), ("lifecycle", "affinity:Coffee")))
)
def test_cells_count_whom_their_rules_match(profiles: Profiles, names: tuple[str, str]) -> None:
    found = laid(profiles, *names)
    for cell in found.cells():
        told = parse(rule(found.dimensions, [cell]), profiles.features, profiles.vocabularies)
        assert matching(told, profiles).sum() == found.counts[cell]


def test_several_cells_match_the_sum_of_their_members(profiles: Profiles) -> None:
    found = laid(profiles, *CHOSEN)
    some = [cell for number, cell in enumerate(found.cells()) if number % 3]
    told = parse(rule(found.dimensions, some), profiles.features, profiles.vocabularies)
    assert matching(told, profiles).sum() == sum(found.counts[cell] for cell in some)


def test_counts_are_those_of_a_slow_count(profiles: Profiles) -> None:
    found = laid(profiles, "tier", "lifecycle")
    slow = Counter((profiles.value("tier", at), profiles.value("lifecycle", at)) for at in range(len(profiles)))
    words = [{word: number for number, word in enumerate(each.words)} for each in found.dimensions]
    for (tier, stage), members in slow.items():
        assert found.counts[words[0][tier or UNKNOWN], words[1][stage or UNKNOWN]] == members


def test_cells_of_one_row_become_one_part(profiles: Profiles) -> None:
    chosen = laid(profiles, "rfm_cell", "lifecycle").dimensions
    assert rule(chosen, [(0, 1), (0, 0)]) == {
        "all": [
            {"feature": "rfm_cell", "is": "equals", "value": "Champion"},
            {"feature": "lifecycle", "is": "in", "value": ["new", "established"]},
        ]
    }


def test_what_is_known_of_everybody_has_no_word_for_the_unknown(profiles: Profiles) -> None:
    found = laid(profiles, "lifecycle", "tier")
    assert UNKNOWN not in found.dimensions[0].words
    assert UNKNOWN in found.dimensions[1].words
    assert np.all(profiles.column("lifecycle") >= 0)


def test_a_cell_that_is_not_there_is_refused(profiles: Profiles) -> None:
    with pytest.raises(IndexError):
        rule(laid(profiles, "tier", "lifecycle").dimensions, [(0, 99)])
