import json
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from config.kinds import TARGETS
from loyalty.files.kinds import KINDS
from loyalty.models import Load, Store
from tests.bringing import data

__all__ = ["data"]


@pytest.fixture
def stores(db, data):
    path = data / "stores.csv"
    path.write_text("store_ref,name\ns1,North\n,Nameless\n")
    return path


def test_every_kind_of_file_can_be_loaded():
    assert set(TARGETS) == set(KINDS)


def test_each_column_of_each_kind_goes_somewhere():
    for target in TARGETS.values():
        sources = {field.source for field in target.fields}
        assert {column.name for column in target.kind.columns} <= sources


def test_the_last_line_is_one_object(stores, capsys):
    call_command("load", "stores", stores, "--json")
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert list(told) == ["kind", "rows", "loaded", "updated", "unchanged", "rejected", "rejects_file", "quality"]
    assert (told["kind"], told["rows"], told["loaded"], told["rejected"]) == ("stores", 2, 1, 1)


def test_progress_goes_to_standard_error(stores, capsys):
    call_command("load", "stores", stores)
    assert "100%, 2 rows" in capsys.readouterr().err


def test_it_says_what_became_of_the_rows(stores, capsys):
    call_command("load", "stores", stores)
    out = capsys.readouterr().out
    assert "2 rows of stores: 1 loaded, 0 updated, 0 unchanged, 1 rejected (see " in out


def test_it_says_what_to_look_at_though_it_was_not_rejected(stores, capsys):
    stores.write_text("store_ref,name\ns1,North\ns1,South\n")
    call_command("load", "stores", stores)
    assert "\nLook at 1 with the same reference as a row before: the last one counts.\n" in capsys.readouterr().out


def test_a_dry_run_keeps_nothing(stores, capsys):
    call_command("load", "stores", stores, "--dry-run")
    assert "Nothing was kept" in capsys.readouterr().out
    assert not Store.objects.exists()
    assert not Load.objects.exists()


def test_a_file_that_cannot_be_read_is_one_sentence(db, data):
    path = data / "stores.csv"
    path.write_text("store_ref\ns1\n")
    with pytest.raises(CommandError, match=r"^The file lacks the column “name”.*\.$") as refused:
        call_command("load", "stores", path)
    assert refused.value.returncode == 1


def test_an_unknown_kind_is_an_error_of_the_command_line():
    ended = subprocess.run(
        [sys.executable, "manage.py", "load", "shops", "x.csv"], check=False, capture_output=True, text=True
    )
    assert ended.returncode == 2
    assert "stores" in ended.stderr
