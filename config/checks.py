from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

SENTENCE = "SECRET_KEY is the one printed in the source. Set SECRET_KEY to a long random text of your own."
SIZES_SENTENCE = 'RETAILER_SIZES is not understood. Write things and their sizes: {"Shoes": ["36", "37"]}.'


@register(Tags.security)
def own_secret_key(**_: Any) -> list[CheckMessage]:
    """Refuse to run outside the demo with a secret that everybody knows."""
    if settings.DEMO or settings.SECRET_KEY != settings.DEFAULT_SECRET_KEY:
        return []
    return [Error(SENTENCE, id="liftwell.E001")]


@register()
def sizes_of_things(**_: Any) -> list[CheckMessage]:
    """Refuse sizes that members could not be asked for."""
    sizes = settings.RETAILER_SIZES
    if isinstance(sizes, dict) and all(isinstance(each, list) and _are_words(each) for each in sizes.values()):
        return []
    return [Error(SIZES_SENTENCE, id="liftwell.E002")]


def _are_words(sizes: list[Any]) -> bool:
    return bool(sizes) and all(isinstance(size, str) and size.strip() for size in sizes)
