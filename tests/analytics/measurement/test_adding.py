import numpy as np
import pytest

from analytics.measurement import adding


def test_where_the_compiler_is_not_to_be_had_numpy_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(adding, "import_module", missing)
    monkeypatch.setattr(adding, "_compiled", adding._compiled.__wrapped__)
    assert adding.fastest(adding.WORTH_VALUES) is adding.by_numpy


def test_few_values_are_left_to_numpy() -> None:
    assert adding.fastest(adding.WORTH_VALUES - 1) is adding.by_numpy


@pytest.mark.parametrize("kind", [np.uint16, np.int64, np.bool_])
def test_whole_numbers_of_other_kinds_stay_whole(kind: type) -> None:
    assert adding.ready(np.array([0, 1], dtype=kind)).dtype == np.int64


def test_a_column_in_pieces_is_put_together() -> None:
    assert adding.ready(np.arange(20.0)[::2]).flags.c_contiguous
