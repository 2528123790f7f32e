"""Normal forms: the same address, however it was written, is the same text."""

import re
import unicodedata
from functools import lru_cache

import phonenumbers

# Mail for `name+tag` arrives at `name` there, and nowhere else that we know of.
_IGNORE_TAGS = frozenset(
    {"gmail.com", "outlook.com", "hotmail.com", "live.com", "icloud.com", "me.com", "mac.com"}
    | {"fastmail.com", "proton.me", "protonmail.com"}
)
_IGNORE_DOTS = frozenset({"gmail.com"})
_SAME_AS = {"googlemail.com": "gmail.com"}

_DOMAIN = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)+")
_SEPARATORS = re.compile(r"[\s().\-/]+")
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{7,14}")
_NO_LETTERS = re.compile(r"[\W\d_]+")


def email(written: str) -> str | None:
    """The mailbox that an address leads to: NFKC, lower case, the domain in ASCII (IDNA 2003, RFC 3490).

    Tags and dots are dropped only where the provider is known to ignore them. None for what is no address.
    """
    local, _, domain = _plain(written).lower().rpartition("@")
    domain = _ascii(domain)
    if not (local and domain) or "@" in local or any(letter.isspace() for letter in local):
        return None
    local = local.partition("+")[0] if domain in _IGNORE_TAGS else local
    local = local.replace(".", "") if domain in _IGNORE_DOTS else local
    return f"{local}@{domain}" if local else None


def phone(written: str, country: str) -> str | None:
    """A phone number as E.164 (+441234567890); one without a country is read as of `country` (ISO 3166, two letters).

    None for what is no number, for an extension of one, and for one without a country where none is given.
    """
    digits = _SEPARATORS.sub("", _plain(written))
    if _INTERNATIONAL.fullmatch(digits):  # as most files have it; the library is thirty times slower
        return digits
    try:
        number = phonenumbers.parse(_plain(written), country or None)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def name(written: str) -> str:
    """The letters of a name, without case, accents and what stands between them."""
    apart = unicodedata.normalize("NFKD", written)
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return _NO_LETTERS.sub("", bare.casefold())


def postcode(written: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", written)).upper()


@lru_cache(maxsize=100_000)
def _ascii(domain: str) -> str:
    """A domain as mail servers know it; empty for what is none."""
    try:
        plain = domain.rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return _SAME_AS.get(plain, plain) if _DOMAIN.fullmatch(plain) else ""


def _plain(written: str) -> str:
    """Compatible forms as one, and nothing invisible."""
    if written.isascii() and written.isprintable():
        return written.strip()
    shown = (letter for letter in unicodedata.normalize("NFKC", written) if unicodedata.category(letter) != "Cf")
    return "".join(shown).strip()
