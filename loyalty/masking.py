"""Contact details as they stand on a page until somebody says why they need to see them."""

from loyalty.profiling import membership

HIDDEN = "•••"
SHOWN_DIGITS = 3


def email(address: str) -> str:
    """iris@example.com → i•••@e••••.com; nothing for what is no address."""
    name, at, host = address.partition("@")
    if not (name and at):
        return HIDDEN if address else ""
    site, dot, end = host.rpartition(".")
    return f"{name[0]}{HIDDEN}@{site[:1]}{HIDDEN}•{dot}{end if dot else ''}"


def phone(number: str) -> str:
    """+61 400 123 456 → •••• 456; a number too short to hide anything is hidden whole."""
    digits = [character for character in number if character.isdigit()]
    if len(digits) <= 2 * SHOWN_DIGITS:
        return f"{HIDDEN}•" if number else ""
    return f"{HIDDEN}• {''.join(digits[-SHOWN_DIGITS:])}"


def postcode(code: str) -> str:
    """LS2 7EE → LS•••, as much as an area takes; nothing for nothing."""
    return f"{membership.postcode_area(code)}{HIDDEN}" if code else ""


def year(number: int | None) -> str:
    """1980 → 198•, as much as a decade takes; nothing for nothing."""
    return f"{str(number)[:-1]}•" if number else ""


def name(first: str, last: str) -> str:
    """Iris Meyer → I••• M•••."""
    return " ".join(f"{each.strip()[0]}{HIDDEN}" for each in (first, last) if each.strip())
