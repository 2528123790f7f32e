import json

from django import template
from django.core.serializers.json import DjangoJSONEncoder

register = template.Library()


@register.filter
def as_json(figure: object) -> str:
    """For an attribute: what is swapped into a page may bring no script, not even one that only holds numbers."""
    return json.dumps(figure, cls=DjangoJSONEncoder)
