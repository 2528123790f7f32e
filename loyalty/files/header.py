"""Reads the first line of a file and refuses, by name, columns that are missing, unknown or there twice."""

import csv
import difflib
import re
from collections import Counter
from collections.abc import Sequence

from loyalty.files.kinds import ATTRIBUTE_PREFIX, Column, Kind
from loyalty.files.mending import ROW, count_lines
from loyalty.files.refusal import FileRefused, quoted
from loyalty.files.returned import MARKS

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
MOST_COLUMNS = 500
_NAMES_SHOWN = 5
_ATTRIBUTE = re.compile(ATTRIBUTE_PREFIX + r"[a-z0-9_]{1,60}")
_NO_NAMES = "The first line cannot be read as the names of columns: check its quotes, and that it is a CSV file."
_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def split(piece: bytes) -> tuple[list[str], bytes, int]:
    """The names in the first line of a file's first piece, the bytes after it, and the line on which those begin."""
    text = piece.removeprefix(BYTE_ORDER_MARK)
    start = len(text) - len(text.lstrip(b"\r\n"))
    first = ROW.match(text + b"\n", start)
    if not text[start:]:
        raise FileRefused("The file is empty: it needs a first line that names its columns.")
    if first is None:
        raise FileRefused(_NO_NAMES)
    return _names(first[0]), text[first.end() :], 1 + count_lines(text[: first.end()])


def columns(names: Sequence[str], kind: Kind) -> list[Column]:
    """The kind's column for each name; refuses a header that does not fit the kind."""
    _refuse_too_many(names)
    _refuse_other_separator(names)
    _refuse_repeated(names)
    _refuse_unknown(names, kind)
    _refuse_missing(names, kind)
    return [found for name in names if (found := _column(name, kind))]


def _column(name: str, kind: Kind) -> Column | None:
    return Column(name) if name in MARKS else kind.column(name)


def _names(line: bytes) -> list[str]:
    if b"\0" in line:
        raise FileRefused(
            "The first line holds NUL bytes, as a file in UTF-16 does: save the file as UTF-8 and load it again."
        )
    try:
        text = line.decode()
    except UnicodeDecodeError:
        raise FileRefused("The first line is not UTF-8: save the file as “CSV UTF-8” and load it again.") from None
    try:
        return [name.strip() for name in next(csv.reader([text], strict=True))]
    except csv.Error:
        raise FileRefused(_NO_NAMES) from None


def _refuse_too_many(names: Sequence[str]) -> None:
    if len(names) > MOST_COLUMNS:
        raise FileRefused(
            f"The file has {len(names):,} columns, and at most {MOST_COLUMNS} can be read: leave out those not needed."
        )


def _refuse_other_separator(names: Sequence[str]) -> None:
    if len(names) > 1:
        return
    for separator, word in _OTHER_SEPARATORS.items():
        if separator in names[0]:
            raise FileRefused(f"The columns are separated by {word}: save the file with commas between them.")


def _refuse_repeated(names: Sequence[str]) -> None:
    repeated = [name for name, times in Counter(names).items() if times > 1 and name]
    if repeated:
        raise FileRefused(f"The file has the {_listed(repeated)} more than once: remove all but one.")


def _refuse_unknown(names: Sequence[str], kind: Kind) -> None:
    if "" in names:
        raise FileRefused(f"Column {names.index('') + 1} has no name: name it or remove it.")
    unknown = [name for name in names if not _is_known(name, kind)]
    if unknown:
        raise FileRefused(
            f"A {kind.name} file has no {_listed(unknown)}{_meant(unknown, kind)}: rename or remove what is not one of "
            f"{', '.join(column.name for column in kind.columns)}{' or attr_…' if kind.has_attributes else ''}."
        )


def _is_known(name: str, kind: Kind) -> bool:
    column = _column(name, kind)
    return column is not None and (column.type != "attribute" or bool(_ATTRIBUTE.fullmatch(name)))


def _refuse_missing(names: Sequence[str], kind: Kind) -> None:
    missing = [name for name in kind.required() if name not in names]
    if missing:
        raise FileRefused(f"The file lacks the {_listed(missing)}, which a {kind.name} file needs: add it.")


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{quoted(' '.join(name.split()))}”" for name in names[:_NAMES_SHOWN])
    more = f" and {len(names) - _NAMES_SHOWN:,} more" if len(names) > _NAMES_SHOWN else ""
    return f"{'column' if len(names) == 1 else 'columns'} {shown}{more}"


def _meant(unknown: Sequence[str], kind: Kind) -> str:
    if len(unknown) > 1:
        return ""
    close = difflib.get_close_matches(unknown[0].lower(), [column.name for column in kind.columns], n=1)
    return f" (did you mean “{close[0]}”?)" if close else ""
