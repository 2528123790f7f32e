"""A body as canonical JSON, so that the same findings are the same bytes, and back."""

from hashlib import sha256

import msgspec

from analytics.body import Body


def written(body: Body) -> str:
    """JSON with the fields in their order, keys of mappings sorted, and no spaces. Raises for what is not finite."""
    return msgspec.json.encode(body, order="deterministic").decode()


def read(text: str) -> Body:
    return msgspec.json.decode(text, type=Body)


def digest(text: str) -> str:
    """SHA-256 of the text in UTF-8, hexadecimal."""
    return sha256(text.encode()).hexdigest()
