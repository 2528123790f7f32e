from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

SENTENCE = "SECRET_KEY is the one printed in the source. Set SECRET_KEY to a long random text of your own."


@register(Tags.security)
def own_secret_key(**_: Any) -> list[CheckMessage]:
    """Refuse to run outside the demo with a secret that everybody knows."""
    if settings.DEMO or settings.SECRET_KEY != settings.DEFAULT_SECRET_KEY:
        return []
    return [Error(SENTENCE, id="liftwell.E001")]
