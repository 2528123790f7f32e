import os
import socket
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from config import locks
from config.demo import ground


def test_taken_port_is_refused_by_name_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CommandError, match=rf"Port {port} cannot be used .*--port {port + 1}"):
            ground.require_free_port("127.0.0.1", port)


def test_free_port_is_accepted() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    ground.require_free_port("127.0.0.1", port)


def test_second_demo_on_the_same_data_is_told_where_the_first_is(tmp_path: Path) -> None:
    with (
        ground.only_demo(tmp_path, "http://127.0.0.1:8000"),
        pytest.raises(CommandError, match=rf"already running .* http://127.0.0.1:8000 \(process {os.getpid()}\)"),
        ground.only_demo(tmp_path, "http://127.0.0.1:9000"),
    ):
        pass


def test_demo_may_start_after_another_ended(tmp_path: Path) -> None:
    for _ in range(2):
        with ground.only_demo(tmp_path, "http://127.0.0.1:8000"):
            pass


@pytest.fixture
def demo_data(tmp_path: Path) -> Path:
    data = tmp_path / "var"
    for name in ("pg/cluster", "snapshots/1", "test", "mine"):
        (data / name).mkdir(parents=True)
    for name in ("postgres.pass", "world.json", "snapshots/1/age.npy", "mine/letter.txt"):
        (data / name).write_text("x")
    return data


def test_reset_deletes_what_the_demo_owns_and_nothing_else(demo_data: Path) -> None:
    ground.reset(demo_data, report=lambda _: None)
    assert sorted(path.name for path in demo_data.iterdir()) == ["mine", "test"]


def test_reset_says_what_is_lost(demo_data: Path) -> None:
    said: list[str] = []
    ground.reset(demo_data, report=said.append)
    assert all(name in said[0] for name in ("pg", "snapshots", "world.json", str(demo_data)))


def test_reset_of_nothing_says_nothing(tmp_path: Path) -> None:
    said: list[str] = []
    ground.reset(tmp_path, report=said.append)
    assert said == []


def test_reset_while_the_database_is_in_use_is_refused_and_loses_nothing(demo_data: Path) -> None:
    with (
        locks.shared(demo_data / "servers.users.lock"),
        pytest.raises(CommandError, match="Another command is using the database"),
    ):
        ground.reset(demo_data, report=lambda _: None)
    assert (demo_data / "snapshots/1/age.npy").exists()


def test_reset_follows_the_link_to_a_cluster_outside(tmp_path: Path) -> None:
    outside, data = tmp_path / "outside", tmp_path / "var"
    outside.mkdir()
    data.mkdir()
    (data / "pg").symlink_to(outside)
    ground.reset(data, report=lambda _: None)
    assert not outside.exists()
    assert not os.path.lexists(data / "pg")
