from django import template

register = template.Library()


@register.filter
def words(name: str) -> str:
    """held_out → held out."""
    return name.replace("_", " ")
