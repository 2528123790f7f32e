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


@pytest.mark.xdist_group("together")
def test_tests_that_share_a_server_run_on_one_worker(request: pytest.FixtureRequest) -> None:
    """What deals tests out reads the group off their names, and says nothing where it finds none."""
    if not getattr(request.config.option, "loadgroup", False):
        pytest.skip("only where tests are dealt out by groups")
    assert request.node.nodeid.endswith("@together")
