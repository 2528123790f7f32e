import importlib.util
import shutil
import subprocess
from pathlib import Path

import pytest

from config.embedded import binaries


@pytest.fixture
def packages() -> Path:
    spec = importlib.util.find_spec(binaries.PACKAGE)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent.parent


def test_copied_programs_run_and_can_be_reached_by_all(
    packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "SYSTEM_HOME", tmp_path / "home")
    (tmp_path / "home").mkdir(mode=0o700)
    program = binaries.copy(packages) / binaries.FOLDERS[0] / "bin" / "initdb"
    said = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
    assert said.startswith("initdb (PostgreSQL) 18")
    assert program.stat().st_mode & 0o005 == 0o005
    assert (tmp_path / "home").stat().st_mode & 0o005 == 0o005


def test_half_copied_programs_are_copied_anew(packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "SYSTEM_HOME", tmp_path)
    half = tmp_path / "postgresql-18.new"
    half.mkdir()
    (half / "junk").touch()
    assert not (binaries.copy(packages) / "junk").exists()


def test_finding_the_programs_imports_nothing_of_the_package() -> None:
    assert binaries.command("postgres", "-D", Path("/x"))[1:] == ["-D", "/x"]
    assert shutil.which(binaries.command("postgres")[0])
    import sys

    assert binaries.PACKAGE not in sys.modules
