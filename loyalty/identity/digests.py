"""Keyed hashes of addresses: two that are equal can be found, and nobody without the key can tell whose they are."""

import hmac
import uuid
from hashlib import sha256

from django.conf import settings

BYTES_KEPT = 16  # by the birthday bound, 20 million addresses meet by chance once in 10**24 retailers


def key() -> bytes:
    """The key of its own that addresses are hashed with, or else one derived from the project's secret.

    When either changes, the next linking writes every hash anew.
    """
    secret = settings.IDENTITY_KEY or f"loyalty.identity|{settings.SECRET_KEY}"
    return sha256(secret.encode()).digest()


def digest(kind: str, value: str, *, key: bytes) -> uuid.UUID:
    """The first 128 bits of the HMAC-SHA-256 of an address in its normal form; kinds never meet."""
    return uuid.UUID(bytes=hmac.digest(key, f"{kind}\0{value}".encode(), "sha256")[:BYTES_KEPT])
