"""Numbers as somebody types them."""

from typing import Any


def number(text: str) -> float | int | str:
    """The number that was typed, whole where it can be; what is none stays text, for the parser to refuse."""
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        return text
    return int(value) if value.is_integer() else value


def written(value: Any) -> str:
    return value if isinstance(value, str) else f"{value:.10g}"
