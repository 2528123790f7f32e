"""Files as no one should write them: every fault of the corpus, alone and together, in files of every kind and form.

A file is drawn from a `random.Random`, so that it is the same for the same seed.
"""

import csv
import gzip
import io
import random
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from loyalty.files.kinds import Column, Kind

MOST_ROWS = 12
CELL_FAULTS = (
    "", " ", "\t", "\u00a0", "NaN", "-Infinity", "-0", "1e309", "1e-400", "1,234.56", "1.234,56", "0x1F", "１２",
    "00123", "9223372036854775809", "-99999999999999.9999", "123456789012345", "0.00001", "1_000", "+1", "-",
    "2026-02-29", "02/03/2026", "31.12.2026", "9999-12-31", "0001-01-01", "1899-12-31T23:59:59", "2026-W10-1",
    "2026-03-29T02:30:00", "2026-10-25T02:30:00", "2026-03-02T24:00:00", "2026-03-02T10:00:00+99:00",
    "9999-12-31T23:59:59-14:00", "=cmd|'/c calc'!A0", "@SUM(1)", "+1+1", "-1+1", "＝1", "\ttab", "\rreturn",
    "e\u0301", "é", "ı", "İ", "A", "a ", "\u202eright to left", "zero\u200bwidth", "🎉👩‍👩‍👧", "\ufeffmark",
    "nul\0byte", "two\nlines", 'say "hi"', "a,b", "a;b", ";;", "A > B", "A >  > B", ">", "\\N", "NULL", "true", "{}",
    "\u2028", "\x7f", "x" * 201, "x" * 10_001, "' OR 1=1 --", "%s", "%(by)s", "$1",
)  # fmt: skip
ENCODINGS = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "shift-jis")
SEPARATORS = (";", "\t", "|", ", ", ":")
# References in files end in one of these, and what the database knows in one of the first few.
NUMBERS = (1, 1, 2, 2, 3, 7)

Row = list[str]


class Hostile(NamedTuple):
    """A file to be: the end of its name, its content, and how many rows it has if that can still be said."""

    suffix: str
    content: bytes
    rows: int | None
    damage: str


def made(kind: Kind, chance: random.Random) -> Hostile:
    """A file of that kind with some faults of cells, and perhaps one of the file as a whole."""
    columns = _columns(kind, chance)
    rate = chance.choice([0, 0.01, 0.05, 0.3])
    rows = [_row(columns, rate, chance) for _ in range(chance.choice([0, 1, 2, MOST_ROWS]))]
    rows += [list(chance.choice(rows)) for _ in range(chance.choice([0, 0, 3])) if rows]
    form = chance.choice([_as_csv, _as_csv, _as_csv, _as_gzip, _as_parquet])
    return form([column.name for column in columns], rows, chance)


def good_cell(column: Column, chance: random.Random) -> str:
    """A cell that is right for its column, though what it refers to may be unknown."""
    if column.type == "choice":
        return chance.choice((*column.choices, "") if column.may_be_empty else column.choices)
    return GOOD[column.type](column, chance)


def _columns(kind: Kind, chance: random.Random) -> list[Column]:
    columns = [column for column in kind.columns if column.required or chance.random() < 0.6]
    if kind.has_attributes and chance.random() < 0.5:
        columns.append(Column(f"attr_{chance.randint(1, 3)}", "attribute"))
    chance.shuffle(columns)
    return columns


def _row(columns: Sequence[Column], rate: float, chance: random.Random) -> Row:
    return [_cell(column, rate, chance) for column in columns]


def _cell(column: Column, rate: float, chance: random.Random) -> str:
    if chance.random() < rate:
        return chance.choice(CELL_FAULTS)
    return "" if not column.required and chance.random() < 0.2 else good_cell(column, chance)


def _reference(column: Column, chance: random.Random) -> str:
    return f"{column.name.removesuffix('_ref').removeprefix('home_')}-{chance.choice(NUMBERS)}"


def _within(column: Column, chance: random.Random) -> float:
    return chance.uniform(column.lowest or 0, min(column.highest or 100, 2050))


def _list(column: Column, chance: random.Random) -> str:
    return ";".join(chance.sample(column.choices or ("alcohol", "private_label"), chance.randint(0, 2)))


GOOD: Mapping[str, Callable[[Column, random.Random], str]] = {
    "reference": _reference,
    "text": lambda _, chance: chance.choice(["Ada", "Zoë", "blue", "a b"]),
    "word": lambda _, chance: chance.choice(["view", "search", "survey_answer", "own_kind"]),
    "category": lambda _, chance: chance.choice(["Grocery > Coffee", "Pets"]),
    "list": _list,
    "attribute": lambda _, chance: chance.choice(["1.5", "true", "text", "007"]),
    "flag": lambda _, chance: chance.choice(["true", "false", "0", "1"]),
    "integer": lambda column, chance: str(round(_within(column, chance))),
    "number": lambda column, chance: f"{_within(column, chance):.4f}",
    "quantity": lambda _, chance: chance.choice(["1", "2.5", "0.385"]),
    "money": lambda _, chance: f"{chance.uniform(0, 100):.2f}",
    "date": lambda _, chance: f"2026-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}",
    "time": lambda _, chance: f"2026-0{chance.randint(1, 9)}-11T1{chance.randint(0, 9)}:00:00",
}


# -- CSV ---------------------------------------------------------------------------------------------------------------


def _as_csv(names: Sequence[str], rows: list[Row], chance: random.Random) -> Hostile:
    damage = chance.choice([None] * 6 + list(CSV_DAMAGE))
    end = chance.choice(["\n", "\n", "\r\n", "\r"])
    # A line end outside quotes would be one.
    has_line_ends = any(set("\r\n") & set(cell) for row in rows for cell in row)
    quoting = csv.QUOTE_ALL if has_line_ends else chance.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    if damage is None:
        # A row of one empty cell is a blank line where nothing is quoted, and no row.
        counted = None if len(names) == 1 else len(rows)
        return Hostile(".csv", _written([list(names), *rows], end, quoting).encode(), counted, "")
    return Hostile(".csv", CSV_DAMAGE[damage](list(names), rows, end, chance), None, damage)


def _written(rows: Sequence[Row], end: str = "\n", quoting: int = csv.QUOTE_MINIMAL, separator: str = ",") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end, quoting=quoting, delimiter=separator[:1]).writerows(rows)  # type: ignore[arg-type]
    return text.getvalue()


def _plain(names: Row, rows: list[Row], end: str) -> bytes:
    return _written([names, *rows], end).encode()


def _in_another_encoding(names: Row, rows: list[Row], end: str, chance: random.Random) -> bytes:
    return _written([names, *rows, ["é", "注文"]], end).encode(chance.choice(ENCODINGS), errors="replace")


def _with_bytes_changed(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        if changed:
            changed[chance.randrange(len(changed))] = chance.choice(b'"",\n\r\0\xff\xc0\xed\x80 =')
    return bytes(changed)


def _ragged(names: Row, rows: list[Row], end: str, chance: random.Random) -> bytes:
    return _plain(names, [row[: chance.randint(0, len(row))] + ["x"] * chance.randint(0, 2) for row in rows], end)


def _cut_short(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _renamed(names: Row, rows: list[Row], end: str, chance: random.Random) -> bytes:
    name = chance.choice(["", "colour", names[-1], names[0].upper(), "attr_", "attr_É", f" {names[0]} ", "x" * 5000])
    return _plain([name, *names[1:]], rows, end)


def _mixed_ends(names: Row, rows: list[Row], end: str, chance: random.Random) -> bytes:
    return "".join(_written([row], chance.choice(["\n", "\r\n", "\r", "\n\n"])) for row in [names, *rows]).encode()


def _zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../etc/passwd", content)
    return packed.getvalue()


CSV_DAMAGE: Mapping[str, Callable[[Row, list[Row], str, random.Random], bytes]] = {
    "byte order mark": lambda names, rows, end, _: b"\xef\xbb\xbf" + _plain(names, rows, end),
    "encoding": _in_another_encoding,
    "separator": lambda names, rows, end, chance: _written(
        [names, *rows], end, separator=chance.choice(SEPARATORS)
    ).encode(),
    "mixed line ends": _mixed_ends,
    "stray quote": lambda names, rows, end, chance: _plain(names, rows, end) + b'"a,' + _plain(names, rows, end),
    "bytes changed": lambda names, rows, end, chance: _with_bytes_changed(_plain(names, rows, end), chance),
    "ragged rows": _ragged,
    "cut short": lambda names, rows, end, chance: _cut_short(_plain(names, rows, end), chance),
    "header": _renamed,
    "column missing": lambda names, rows, end, _: _plain(names[1:], [row[1:] for row in rows], end),
    "many columns": lambda names, rows, end, _: _plain([*names, *(f"c{number}" for number in range(600))], rows, end),
    "nothing": lambda *_: b"",
    "blank lines": lambda names, rows, end, _: b"\n\r\n" + _plain(names, rows, end) + b"\n\n",
    "zip": lambda names, rows, end, _: _zipped(_plain(names, rows, end)),
    "a long line": lambda names, rows, end, _: _plain(names, rows, end) + b"x" * (2**20 + 100),
    "header again": lambda names, rows, end, _: _plain(names, [names, *rows, names], end),
}


# -- packed, and Parquet -----------------------------------------------------------------------------------------------


def _as_gzip(names: Sequence[str], rows: list[Row], chance: random.Random) -> Hostile:
    inside = _as_csv(names, rows, chance)
    packed = gzip.compress(inside.content, 1)
    damage = chance.choice([None] * 6 + list(GZIP_DAMAGE))
    if damage is None:
        return inside._replace(suffix=".csv.gz", content=packed)
    return Hostile(".csv.gz", GZIP_DAMAGE[damage](packed, chance), None, f"{damage} {inside.damage}")


GZIP_DAMAGE: Mapping[str, Callable[[bytes, random.Random], bytes]] = {
    "packed, cut short": _cut_short,
    "packed, bytes changed": _with_bytes_changed,
    "packed twice": lambda packed, _: gzip.compress(packed),
    "more behind it": lambda packed, _: packed + b"more",
    "two in one": lambda packed, _: packed + packed,
    "a bomb": lambda packed, _: gzip.compress(b"member_ref\n" + b"\n" * 20 * 2**20, 1),
}


def _as_parquet(names: Sequence[str], rows: list[Row], chance: random.Random) -> Hostile:
    columns = {name: _parquet_column([row[place] for row in rows], chance) for place, name in enumerate(names)}
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file, compression=chance.choice(["none", "snappy", "zstd"]))
    content, damage = file.getvalue(), chance.choice([None] * 4 + ["Parquet cut short", "Parquet bytes changed"])
    if damage is None:
        return Hostile(".parquet", content, len(rows), "")
    spoil = _cut_short if "short" in damage else _with_bytes_changed
    return Hostile(".parquet", spoil(content, chance), None, damage)


def _parquet_column(texts: Sequence[str], chance: random.Random) -> pa.Array:
    column = pa.array([text or chance.choice([None, ""]) for text in texts], pa.string())
    return column if chance.random() < 0.8 else chance.choice(PARQUET_TYPES)(column)


def _if_it_fits(of_type: pa.DataType) -> Callable[[pa.Array], pa.Array]:
    def cast(texts: pa.Array) -> pa.Array:
        try:
            return texts.cast(of_type)
        except pa.ArrowInvalid:
            return texts

    return cast


PARQUET_TYPES: Sequence[Callable[[pa.Array], pa.Array]] = (
    *(_if_it_fits(each) for each in (pa.int64(), pa.float64(), pa.timestamp("ns"), pa.date32(), pa.bool_())),
    lambda texts: pa.array([float("nan")] * len(texts)),
    lambda texts: pa.array([None if text is None else text.encode("cp1252", "ignore") for text in texts.to_pylist()]),
    lambda texts: pa.array([[text] for text in texts.to_pylist()], pa.list_(pa.string())),
    lambda texts: texts.dictionary_encode(),
    lambda texts: pa.nulls(len(texts)),
)
