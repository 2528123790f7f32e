"""Serves plotly.js from the installed plotly package, so that no copy of it lies in the repository."""

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

PREFIX = "plotly"
FILE = "plotly.min.js"


class PlotlyFinder(BaseFinder):
    """Finds one file, `plotly/plotly.min.js`, without importing plotly."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.storage = FileSystemStorage(location=_package_data())
        self.storage.prefix = PREFIX  # type: ignore[attr-defined] # collectstatic reads it

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:
        """The file's path, a list of it if all are wanted, or an empty list if another file is meant."""
        if path != f"{PREFIX}/{FILE}":
            return []
        found = self.storage.path(FILE)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[Any]:
        return [(FILE, self.storage)]


def _package_data() -> Path:
    spec = find_spec("plotly")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("The plotly package is not installed; figures cannot be drawn without its plotly.js.")
    return Path(spec.origin).parent / "package_data"
