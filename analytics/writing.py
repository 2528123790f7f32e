"""What a report says as canonical JSON, so that the same findings are the same bytes, and back."""

from hashlib import sha256
from typing import TypeVar

import msgspec
import numpy as np

from analytics.body import Told

Kind = TypeVar("Kind", bound=Told)


def written(told: Told) -> str:
    """JSON with the fields in their order, keys of mappings sorted, and no spaces.

    Raises ValueError for numbers that JSON does not have: what is not known has to be None.
    """
    text = msgspec.json.encode(told, order="deterministic", enc_hook=_number).decode()
    if read(text, type(told)) != told:
        raise ValueError("A report holds a number that is not finite.")
    return text


def _number(value: object) -> float | int:
    if isinstance(value, np.generic):
        return value.item()  # type: ignore[no-any-return]
    raise NotImplementedError


def read(text: str, kind: type[Kind]) -> Kind:
    return msgspec.json.decode(text, type=kind)


def digest(text: str) -> str:
    """SHA-256 of the text in UTF-8, hexadecimal."""
    return sha256(text.encode()).hexdigest()
