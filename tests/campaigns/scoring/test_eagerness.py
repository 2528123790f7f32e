import json
from dataclasses import asdict

import numpy as np
import pytest

from campaigns.scoring.eagerness import Eagerness

EAGERNESS = Eagerness((0.1, 0.5, -0.25), low=-1.0, high=0.75)


def _columns(members: int) -> np.ndarray:
    return np.vstack([np.ones(members), np.random.default_rng(1).normal(size=(2, members))]).astype(np.float32)


def test_it_is_a_product_over_what_members_do():
    columns = np.array([[1.0, 1.0], [0.2, 0.4], [0.4, 0.0]], dtype=np.float32)
    assert EAGERNESS.of(columns) == pytest.approx([np.exp(0.1 + 0.1 - 0.1), np.exp(0.1 + 0.2)])


def test_extremes_are_held():
    found = EAGERNESS.of(10 * _columns(1_000))
    assert found.min() == pytest.approx(np.exp(-1.0))
    assert found.max() == pytest.approx(np.exp(0.75))


def test_a_member_is_as_eager_in_any_company():
    columns = _columns(1_003)
    alone = [EAGERNESS.of(columns[:, [member]])[0] for member in (0, 500, 1_002)]
    assert alone == EAGERNESS.of(columns)[[0, 500, 1_002]].tolist()


def test_it_has_a_weight_per_column():
    with pytest.raises(ValueError, match="zip"):
        EAGERNESS.of(_columns(3)[:2])


def test_it_survives_being_stored():
    assert Eagerness.from_json(json.loads(json.dumps(asdict(EAGERNESS)))) == EAGERNESS
