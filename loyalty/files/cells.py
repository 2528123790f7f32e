"""Reads one cell at a time: what whole-column parsing could not take, and what is worth reading once per distinct text.

Each function takes the text of a cell and returns its value, or raises ValueError with what is wrong with it.
"""

import datetime as dt
import json
import math
import re
from decimal import Decimal

WHOLE_DIGITS = 14
# Reasons give forms and no examples: whoever mends many rows types an example in as it stands.
TIME = "YYYY-MM-DDThh:mm:ss"
_DAY = "YYYY-MM-DD"

_STEP = Decimal("0.0001")
_LARGEST_INTEGER = 2**63 - 1
_DIGITS_OF_FLOATS = 15

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_NOT_FINITE = re.compile(r"[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_WITH_COMMA = re.compile(r"[+-]?[0-9][0-9.,'’\u00a0\u202f ]*")
_ISO_TIME = re.compile(r"[0-9W-]{7,10}(?:[Tt ][0-9:.,]+(?:[Zz]|[+-][0-9:]+)?)?")
_SLASHED_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,59}")


def read_decimal(cell: str) -> Decimal:
    """An exact number: at most 14 digits before the point and four after it."""
    value = Decimal(_numeral(cell))
    if value and value.adjusted() >= WHOLE_DIGITS:
        raise ValueError(f"has more than {WHOLE_DIGITS} digits before the decimal point")
    exact = value.quantize(_STEP)
    if exact != value:
        raise ValueError("has more than four decimals")
    return exact


def read_number(cell: str) -> float:
    value = float(_numeral(cell))
    if not math.isfinite(value):
        raise ValueError("is larger than any number that can be kept")
    return value


def read_integer(cell: str) -> int:
    value = Decimal(_numeral(cell))
    if abs(value) > _LARGEST_INTEGER:
        raise ValueError("is larger than any number that can be kept")
    if value != value.to_integral_value():
        raise ValueError("is not a whole number")
    return int(value)


def read_date(cell: str) -> dt.date:
    moment = read_time(cell, form=_DAY)
    if moment.time() != dt.time() or moment.tzinfo:
        raise ValueError(f"is a time where a date belongs: write the day alone, in the form {_DAY}")
    return moment.date()


def read_time(cell: str, *, form: str = TIME) -> dt.datetime:
    """A moment, without a zone where the text has none; a day alone is its beginning."""
    text = cell.strip()
    if not _ISO_TIME.fullmatch(text):
        raise ValueError(_how_to_write(text, form))
    try:
        moment = dt.datetime.fromisoformat(text)
        return moment.astimezone(dt.UTC) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        raise ValueError(f"is not in the calendar or on the clock: write when it was, in the form {form}") from None


def read_flag(cell: str) -> bool:
    known = {"true": True, "1": True, "false": False, "0": False}.get(cell.strip().lower())
    if known is None:
        raise ValueError("is neither true nor false")
    return known


def read_word(cell: str, *, known: tuple[str, ...] = ()) -> str:
    """A name from an open list, and none that is a known one but for a slip of the fingers."""
    if not _WORD.fullmatch(cell):
        raise ValueError("is not a name of at most 60 lower-case letters, digits and “_”")
    meant = None if cell in known else next((name for name in known if _is_a_slip(cell, name)), None)
    if meant:
        raise ValueError(f"is not known: did you mean “{meant}”? (Give one of your own a name less like it.)")
    return cell


def _is_a_slip(cell: str, name: str) -> bool:
    """Whether one letter is missing, too many or another, or two beside each other are swapped."""
    start = next((place for place, (one, other) in enumerate(zip(cell, name, strict=False)) if one != other), None)
    if start is None:
        return abs(len(cell) - len(name)) == 1
    rest, other = cell[start:], name[start:]
    return other in (rest[1:], rest[1::-1] + rest[2:]) or other[1:] in (rest, rest[1:])


def read_choice(cell: str, *, choices: tuple[str, ...]) -> str:
    if cell not in choices:
        raise ValueError(f"is not one of {', '.join(choices)}")
    return cell


def read_category(cell: str) -> str:
    parts = [part.strip() for part in cell.split(">")]
    if not all(parts):
        raise ValueError("has an empty part: write each part of the path, with one “>” between two")
    return " > ".join(parts)


def read_list(cell: str, *, choices: tuple[str, ...]) -> list[str]:
    """The entries of a list such as `alcohol;private_label`, each once."""
    entries = list(dict.fromkeys(entry.strip() for entry in cell.split(";") if entry.strip()))
    return [read_choice(entry, choices=choices) for entry in entries] if choices else entries


def read_attribute(cell: str) -> str:
    """The value as JSON: a number if a float keeps all its digits, true or false, and otherwise text."""
    if cell in ("true", "false"):
        return cell
    if _JSON_NUMBER.fullmatch(cell) and sum(map(str.isdigit, cell)) <= _DIGITS_OF_FLOATS and math.isfinite(float(cell)):
        return cell
    return json.dumps(cell, ensure_ascii=False)


def is_numeral(cell: str) -> bool:
    return _NUMBER.fullmatch(cell) is not None


def _numeral(cell: str) -> str:
    text = cell.strip()
    if _NUMBER.fullmatch(text):
        return text
    if _NOT_FINITE.fullmatch(text):
        raise ValueError("is not a finite number: leave the cell empty if it is unknown")
    if _WITH_COMMA.fullmatch(text):
        raise ValueError(
            "has a comma or a blank in it: write a point before the decimals, and nothing between the thousands"
        )
    raise ValueError("is not a number")


def _how_to_write(text: str, form: str) -> str:
    slashed = _SLASHED_DAY.match(text)
    days = _possible_days(*map(int, slashed.groups())) if slashed else []
    if len(days) > 1:
        return f"could be {days[0]} or {days[1]}: write which it is, in the form {form}"
    if days and slashed and slashed[0] == text:
        return f"is not written by ISO 8601: write it as {days[0]}"
    return f"is not written by ISO 8601: write it in the form {form}"


def _possible_days(first: int, second: int, year: int) -> list[dt.date]:
    days = []
    for day, month in {(first, second), (second, first)}:
        try:
            days.append(dt.date(year, month, day))
        except ValueError:
            continue
    return sorted(days)
