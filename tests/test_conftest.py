import pytest

from tests.conftest import find_public_data


def test_absent_public_data_skips_with_its_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"nowhere/nothing\.parquet is absent"):
        find_public_data("nowhere/nothing.parquet")


def test_absent_public_data_fails_under_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"nowhere/nothing\.parquet is absent"):
        find_public_data("nowhere/nothing.parquet")
