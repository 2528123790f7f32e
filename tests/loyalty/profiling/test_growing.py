import numpy as np
import pytest

from loyalty.profiling import growing
from loyalty.profiling.growing import Growing


@pytest.fixture(params=["memory", "file"])
def path(request, tmp_path, monkeypatch):
    monkeypatch.setattr(growing, "ROWS_AT_ONCE", 2)
    return tmp_path / "column" if request.param == "file" else None


def test_rows_stand_where_they_were_put_and_nothing_in_between(path):
    array = Growing(np.array([-1], np.int16), 9, path=path)
    array.lay(1, np.array([5, 6]))
    array.lay(6, np.array([7]))
    assert array.whole().tolist() == [-1, 5, 6, -1, -1, -1, 7, -1, -1]
    assert array.whole().dtype == np.int16


def test_rows_may_be_wide(path):
    array = Growing(np.full((1, 2), np.nan), 3, path=path)
    array.lay(1, np.array([[1, 2]]))
    np.testing.assert_array_equal(array.whole(), [[np.nan] * 2, [1, 2], [np.nan] * 2])


@pytest.mark.parametrize("shape", [(1,), (1, 0)])
def test_no_rows_and_no_columns_are_an_empty_array(path, shape):
    array = Growing(np.zeros(shape), 0 if shape == (1,) else 4, path=path)
    assert array.whole().shape == ((0,) if shape == (1,) else (4, 0))


def test_rows_of_a_file_cannot_be_written_to(tmp_path):
    array = Growing(np.zeros(1), 3, path=tmp_path / "column").whole()
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1


def test_what_is_found_by_rows_is_the_same_as_of_all_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(growing, "ROWS_AT_ONCE", 3)
    numbers = np.arange(10)
    found = growing.by_rows(lambda rows: {"twice": numbers[rows] * 2}, rows=10, aside=tmp_path)
    assert found["twice"].tolist() == (numbers * 2).tolist()


def test_no_rows_are_found_in_no_rows():
    assert growing.by_rows(lambda rows: np.zeros(0)[rows], rows=0, aside=None).shape == (0,)
