from pathlib import Path

import dj_database_url

from config.embedded import layout

KERNEL_LIMIT = 107  # bytes of a socket's path: sun_path of unix(7)


def test_socket_paths_stay_short_however_long_the_data_directory_is() -> None:
    place = layout.at(Path("/" + "long/" * 100))
    assert len(str(place.postgres_sockets / ".s.PGSQL.5432")) <= KERNEL_LIMIT
    assert len(str(place.redis_socket)) <= KERNEL_LIMIT


def test_directories_have_sockets_of_their_own() -> None:
    assert layout.at(Path("/a")).postgres_sockets != layout.at(Path("/b")).postgres_sockets


def test_address_is_understood_by_the_settings() -> None:
    place = layout.at(Path("/data of mine/var"))
    parsed = dj_database_url.parse(place.urls().database_url)
    assert parsed["HOST"] == str(place.postgres_sockets)
    assert parsed["OPTIONS"] == {"passfile": "/data of mine/var/postgres.pass"}


def test_address_holds_no_secret() -> None:
    assert "password" not in layout.at(Path("/a")).urls().database_url
    assert ":" not in layout.at(Path("/a")).urls().database_url.removeprefix("postgresql:")
