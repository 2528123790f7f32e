"""`.env.example` against what the settings read."""

import re

from django.conf import settings


def read_by_settings() -> set[str]:
    return set(re.findall(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"', (settings.BASE / "config/settings.py").read_text()))


def named_in_example() -> set[str]:
    return set(re.findall(r"^# ([A-Z_]+)=", (settings.BASE / ".env.example").read_text(), flags=re.MULTILINE))


def test_example_names_every_setting_and_no_other() -> None:
    assert named_in_example() == read_by_settings()


def test_tests_keep_their_data_apart_from_the_demos() -> None:
    assert settings.DATA.name == "test"
