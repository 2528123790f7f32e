from pathlib import Path

from config import locks


def test_many_may_share_a_lock(tmp_path: Path) -> None:
    with locks.shared(tmp_path / "lock"), locks.shared(tmp_path / "lock"):
        assert locks.is_held(tmp_path / "lock")


def test_the_last_holder_can_take_it_alone(tmp_path: Path) -> None:
    with locks.shared(tmp_path / "lock") as file:
        assert locks.take(file)


def test_a_lock_shared_with_another_cannot_be_taken_alone(tmp_path: Path) -> None:
    with locks.shared(tmp_path / "lock"), locks.shared(tmp_path / "lock") as file:
        assert not locks.take(file)


def test_leaving_lets_go(tmp_path: Path) -> None:
    with locks.shared(tmp_path / "lock"):
        pass
    assert not locks.is_held(tmp_path / "lock")


def test_asking_creates_nothing(tmp_path: Path) -> None:
    assert not locks.is_held(tmp_path / "lock")
    assert not (tmp_path / "lock").exists()
