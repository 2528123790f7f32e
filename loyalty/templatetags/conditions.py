"""The features a condition can be about, as the options of a list."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

from loyalty.profiling.table import Feature

register = template.Library()


@register.simple_tag
def feature_options(themes: Iterable[tuple[str, list[Feature]]], chosen: str = "", before: str = "") -> SafeString:
    """All features under their themes; `before` is put ahead of each value. Every condition has such a list."""
    groups = ((theme, _options(features, chosen, before)) for theme, features in themes)
    return format_html_join("", '<optgroup label="{}">{}</optgroup>', groups)


def _options(features: Iterable[Feature], chosen: str, before: str) -> SafeString:
    rows = (
        (
            before + feature.name,
            mark_safe(" selected") if feature.name == chosen else "",
            feature.label,
            " (sensitive)" if feature.sensitive else "",
        )
        for feature in features
    )
    return format_html_join("", '<option value="{}"{}>{}{}</option>', rows)
