import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import embedded
from config.embedded import cluster, layout, postgres
from config.embedded.directories import SYSTEM_HOME
from config.embedded.layout import Layout
from tests import folders
from tests.proc import marked

pytestmark = pytest.mark.xdist_group("embedded")
root_only = pytest.mark.skipif(os.getuid() != 0, reason="only root runs PostgreSQL as another user")


@pytest.fixture
def system_home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A stand-in for the system's directory, which every user can reach."""
    with folders.open_to_all() as home:
        monkeypatch.setattr(cluster, "SYSTEM_HOME", home)
        yield home


@pytest.fixture
def closed(tmp_path: Path) -> Layout:
    """A data directory that nobody but its owner can reach."""
    data = tmp_path / "closed" / "data"
    data.mkdir(parents=True)
    data.parent.chmod(0o700)
    return layout.at(data)


@root_only
def test_cluster_lies_where_nobody_can_reach_it(closed: Layout, system_home: Path) -> None:
    assert cluster.home(closed) == system_home / closed.key
    assert (closed.data / "pg").resolve() == system_home / closed.key


@root_only
def test_cluster_of_a_deleted_data_directory_is_not_taken_over(closed: Layout, system_home: Path) -> None:
    left_behind = system_home / closed.key / "cluster"
    left_behind.mkdir(parents=True)
    cluster.home(closed)
    assert not left_behind.exists()


@root_only
def test_cluster_outside_is_found_again(closed: Layout, system_home: Path) -> None:
    (cluster.home(closed) / "cluster").mkdir()
    assert (cluster.home(closed) / "cluster").exists()


@root_only
def test_servers_run_for_a_directory_that_nobody_can_reach(closed: Layout) -> None:
    try:
        with embedded.start(closed.data, durable=False):
            assert postgres.is_ready(closed)
    finally:
        shutil.rmtree(SYSTEM_HOME / closed.key)
    assert marked(str(closed.data)) == set()


def test_half_made_cluster_is_made_anew(place: Layout) -> None:
    whole = place.data / "pg/cluster"
    whole.rename(whole.with_name("cluster.new"))
    (whole.with_name("cluster.new") / "PG_VERSION").unlink()
    with embedded.start(place.data, durable=False):
        assert postgres.is_ready(place)
    assert not whole.with_name("cluster.new").exists()


def test_password_given_to_initdb_is_not_left_lying_about(place: Layout) -> None:
    assert [path.name for path in (place.data / "pg").iterdir()] == ["cluster"]
