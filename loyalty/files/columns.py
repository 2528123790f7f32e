"""Text columns → typed columns, each cell at fault with its reason.

| type of column | type in the table | what is taken |
| --- | --- | --- |
| reference | string | exactly as written, 200 characters at most |
| text | string | without blanks around it, 10,000 characters at most |
| word, choice, category | string | lower-case name; one of a list; a path, written `Grocery > Coffee` |
| list, attribute | list of string; JSON | entries between semicolons; number, true, false or text; as long as text |
| flag, integer, number | bool; int64; float64 | true, false, 1, 0; no infinities and no NaN |
| quantity, money | decimal128(18, 4) | four decimals at the most, a point as separator |
| date, time | date32; timestamp in UTC | ISO 8601 between 1900 and 2099 |
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from loyalty.files import times
from loyalty.files.cells import (
    read_attribute,
    read_category,
    read_choice,
    read_date,
    read_decimal,
    read_flag,
    read_integer,
    read_list,
    read_number,
    read_word,
)
from loyalty.files.decimals import DECIMAL, decimals
from loyalty.files.kinds import Column, Type
from loyalty.files.parsing import Converted, Parser, parse, parse_distinct

LONGEST_REFERENCE, LONGEST_TEXT = 200, 10_000
TEXT, TEXTS = pa.string(), pa.list_(pa.string())

_UNKNOWN = pa.scalar(None, TEXT)
_FIRST_VISIBLE, _LAST_VISIBLE = b"!~"

Convert = Callable[[pa.Array], Converted]


def convert_column(texts: pa.Array, column: Column, *, time_zone: str) -> Converted:
    """The column in its type; `time_zone` is that of times which do not state one."""
    return _converter(column, time_zone)(texts)


def rows_where(mask: pa.Array) -> list[int]:
    rows: list[int] = pc.indices_nonzero(mask).to_pylist()
    return rows


def _converter(column: Column, time_zone: str) -> Convert:
    if column.type == "time":
        return partial(parse, parser=times.parser(time_zone))
    if column.type == "choice":
        return partial(parse_distinct, read=partial(read_choice, choices=column.choices), result=TEXT)
    if column.type == "word":
        return partial(parse_distinct, read=partial(read_word, known=column.choices), result=TEXT)
    if column.type == "list":
        return partial(_words, read=partial(read_list, choices=column.choices), result=TEXTS)
    return _CONVERT[column.type]


def _reference(texts: pa.Array) -> Converted:
    known = texts if _begin_visibly(texts) else _unless(pc.utf8_is_space(texts), texts)
    return Converted(known, _unstorable(known, longest=LONGEST_REFERENCE))


def _text(texts: pa.Array) -> Converted:
    trimmed = pc.utf8_trim_whitespace(texts)
    known = _unless(pc.equal(trimmed, ""), trimmed)
    return Converted(known, _unstorable(known, longest=LONGEST_TEXT))


def _attribute(texts: pa.Array) -> Converted:
    known, faults = _text(texts)
    return Converted(parse_distinct(known, read_attribute, TEXT).values, faults)


def _words(texts: pa.Array, read: Callable[[str], Any], result: pa.DataType) -> Converted:
    """Texts of any words, which say nothing of how many or which characters they hold."""
    values, faults = parse_distinct(texts, read, result)
    return Converted(values, faults | _unstorable(texts, longest=LONGEST_TEXT))


def _unless(is_blank: pa.Array, texts: pa.Array) -> pa.Array:
    return pc.if_else(is_blank, _UNKNOWN, texts) if is_blank.true_count else texts


def _begin_visibly(texts: pa.Array) -> bool:
    """Whether each text's first byte is ASCII and no blank, of whatever kind: then none is blank."""
    characters, borders = _inside(texts)
    starts, lengths = borders[:-1], np.diff(borders)
    first = characters[starts if lengths.all() else starts[lengths > 0]]
    return not (first - np.uint8(_FIRST_VISIBLE) > _LAST_VISIBLE - _FIRST_VISIBLE).any()


def _unstorable(texts: pa.Array, *, longest: int) -> dict[int, str]:
    characters, borders = _inside(texts)
    faults = {}
    if np.diff(borders).max(initial=0) > longest:
        too_long = rows_where(pc.greater(pc.utf8_length(texts), longest))
        faults = dict.fromkeys(too_long, f"is longer than {longest:,} characters")
    if characters.min(initial=1) == 0:
        faults |= dict.fromkeys(rows_where(pc.match_substring(texts, "\0")), "holds a NUL byte")
    return faults


def _inside(texts: pa.Array) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32]]:
    """The bytes of all texts, and where each begins and the one before it ends."""
    _, borders, characters = texts.buffers()
    bytes_ = np.frombuffer(characters, np.uint8) if characters else np.empty(0, np.uint8)
    return bytes_, np.frombuffer(borders, np.int32)[texts.offset : texts.offset + len(texts) + 1]


def _parser(read: Callable[[str], Any], result: pa.DataType) -> Parser:
    return Parser(lambda texts: texts.cast(result), read, lambda values: pa.array(values, result))


def _finite(texts: pa.Array) -> pa.Array:
    values = texts.cast(pa.float64())
    if pc.all(pc.is_finite(values)).as_py() is False:
        raise pa.ArrowInvalid("not finite")
    return values


_EXACT = Parser(decimals, read_decimal, lambda values: pa.array(values, DECIMAL))
_NUMBER = Parser(_finite, read_number, lambda values: pa.array(values, pa.float64()))

_CONVERT: dict[Type, Convert] = {
    "reference": _reference,
    "text": _text,
    "attribute": _attribute,
    "category": partial(_words, read=read_category, result=TEXT),
    "flag": partial(parse_distinct, read=read_flag, result=pa.bool_()),
    "integer": partial(parse_distinct, read=read_integer, result=pa.int64()),
    "number": partial(parse, parser=_NUMBER),
    "quantity": partial(parse, parser=_EXACT),
    "money": partial(parse, parser=_EXACT),
    "date": partial(parse, parser=_parser(read_date, pa.date32())),
}
