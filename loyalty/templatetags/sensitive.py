"""What it means that something is sensitive, as every page says it."""

from django import template

from loyalty.segmentation import protecting

register = template.Library()


@register.simple_tag
def sensitive_means() -> str:
    return protecting.MEANING
