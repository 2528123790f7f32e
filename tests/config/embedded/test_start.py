"""The embedded servers as their users meet them: real servers in a directory of their own."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from config import embedded, locks
from config.embedded import EmbeddedError, Urls, postgres, redis
from config.embedded.layout import Layout
from tests.proc import descendants, eventually, is_alive, marked

pytestmark = pytest.mark.xdist_group("embedded")

USER = """
import sys, time
from pathlib import Path
from config import embedded
with embedded.start(Path(sys.argv[1]), durable=False):
    print("up", flush=True)
    sys.stdin.read()
"""


def another_user(place: Layout) -> subprocess.Popen[str]:
    """A process that uses the servers until its input ends."""
    pipe = subprocess.PIPE
    user = subprocess.Popen([sys.executable, "-c", USER, place.data], stdin=pipe, stdout=pipe, text=True)
    assert user.stdout is not None
    assert user.stdout.readline() == "up\n"
    return user


def ask(urls: Urls, question: str) -> object:
    with psycopg.connect(urls.database_url) as connection:
        cursor = connection.execute(question)
        return cursor.fetchone()[0] if cursor.description else None


def guardian_of(place: Layout) -> int:
    return int(place.guardian_lock.read_text())


def test_addresses_are_known_before_anything_runs(tmp_path: Path) -> None:
    embedded.urls(tmp_path / "data")
    assert list(tmp_path.iterdir()) == []


def test_servers_answer_inside_the_block(place: Layout) -> None:
    with embedded.start(place.data, durable=False) as urls:
        assert ask(urls, "SELECT current_setting('server_version_num')::int / 10000") == 18
        assert redis.is_ready(place)


def test_nothing_runs_after_the_block(place: Layout) -> None:
    with embedded.start(place.data, durable=False):
        running = {guardian_of(place)} | descendants(guardian_of(place))
        assert len(running) > 3
    assert [pid for pid in running if is_alive(pid)] == []
    assert not place.postgres_sockets.exists()
    assert not place.redis_sockets.exists()


def test_data_outlives_the_servers(place: Layout) -> None:
    with embedded.start(place.data, durable=False) as urls:
        ask(urls, "CREATE TABLE IF NOT EXISTS kept (n int)")
    with embedded.start(place.data, durable=False) as urls:
        assert ask(urls, "SELECT count(*) FROM kept") == 0


def test_time_zone_is_utc_and_texts_sort_by_code_point(place: Layout) -> None:
    with embedded.start(place.data, durable=False) as urls:
        assert ask(urls, "SELECT current_setting('TimeZone')") == "UTC"
        assert ask(urls, "SELECT 'Z' < 'a'") is True


def test_servers_stay_for_the_other_user(place: Layout) -> None:
    other = another_user(place)
    with embedded.start(place.data, durable=False):
        pass
    assert postgres.is_ready(place)
    other.communicate("")
    assert not locks.is_held(place.guardian_lock)


def test_killed_user_leaves_no_process(place: Layout) -> None:
    user = another_user(place)
    running = {user.pid} | descendants(user.pid)
    user.kill()
    user.communicate()
    assert len(running) > 5
    assert eventually(lambda: not any(map(is_alive, running)))
    assert eventually(lambda: marked(str(place.data)) == set())


def test_killed_guardian_takes_its_servers_along(place: Layout) -> None:
    user = another_user(place)
    servers = descendants(guardian_of(place))
    os.kill(guardian_of(place), signal.SIGKILL)
    assert eventually(lambda: not any(map(is_alive, servers)))
    user.communicate("")


def test_killed_server_is_started_again(place: Layout) -> None:
    with embedded.start(place.data, durable=False) as urls:
        postmaster = int((place.data / "pg/cluster/postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        assert eventually(lambda: not is_alive(postmaster))
        assert eventually(lambda: postgres.is_ready(place))
        assert ask(urls, "SELECT 1") == 1


def test_password_is_required(place: Layout) -> None:
    with embedded.start(place.data, durable=False) as urls:
        stranger = urls.database_url.partition("?")[0]
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(stranger, passfile=os.devnull)


def test_only_the_owner_can_read_the_password(place: Layout) -> None:
    assert place.password_file.stat().st_mode & 0o777 == 0o600
    assert place.password_file.stat().st_uid == os.getuid()


def test_servers_listen_on_no_network(place: Layout) -> None:
    with embedded.start(place.data, durable=False) as urls:
        assert ask(urls, "SELECT current_setting('listen_addresses')") == ""


@pytest.mark.parametrize("stale", ["", "12", "{pid}\n/elsewhere\n"], ids=["empty", "cut short", "another process"])
def test_pid_file_that_means_nothing_is_dropped(place: Layout, stale: str) -> None:
    cluster = place.data / "pg/cluster"
    (cluster / "postmaster.pid").write_text(stale.format(pid=os.getpid()))
    with embedded.start(place.data, durable=False) as urls:
        assert ask(urls, "SELECT 1") == 1


def test_directory_of_somebody_else_is_refused(place: Layout) -> None:
    shutil.rmtree(place.redis_sockets, ignore_errors=True)  # a killed guardian leaves them
    place.redis_sockets.symlink_to(place.data)
    try:
        with (
            pytest.raises(EmbeddedError, match=r"belongs to somebody else: remove it"),
            embedded.start(place.data, durable=False),
        ):
            pass
    finally:
        place.redis_sockets.unlink(missing_ok=True)


def test_cluster_of_another_version_is_refused(place: Layout) -> None:
    version = place.data / "pg/cluster/PG_VERSION"
    version.write_text("17\n")
    try:
        with (
            pytest.raises(EmbeddedError, match="made by PostgreSQL 17, this is 18"),
            embedded.start(place.data, durable=False),
        ):
            pass
    finally:
        version.write_text("18\n")


def test_server_that_cannot_start_says_why(place: Layout) -> None:
    control = place.data / "pg/cluster/global/pg_control"
    hidden = control.rename(control.with_suffix(".hidden"))
    try:
        with pytest.raises(EmbeddedError, match="pg_control"), embedded.start(place.data, durable=False):
            pass
    finally:
        hidden.rename(control)
