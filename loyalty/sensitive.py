"""Which of a retailer's own columns the law protects more than others: by their names, or because the retailer says."""

from django.conf import settings

from loyalty.profiling import families


def is_sensitive(column: str) -> bool:
    """Whether a column is sensitive, by its name with or without `attr_` ahead of it."""
    name = column.removeprefix("attr_")
    declared = {each.strip().removeprefix("attr_") for each in settings.RETAILER_SENSITIVE}
    return name in declared or families.is_sensitive(name)
