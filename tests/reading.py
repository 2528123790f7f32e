"""What a reader sees of a page: its words in order, without markup."""

import html
import re

from django.http import HttpResponse

PART = {"HX-Request": "true"}


def words(response: HttpResponse) -> str:
    """The text of a page or part, with every run of white space as one space."""
    markup = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def is_part(response: HttpResponse) -> bool:
    """Whether a response is a piece to put into a page that is open already."""
    return "<html" not in response.content.decode()
