"""What the import linter cannot see: keys between tables, which are written as strings."""

from itertools import pairwise

import pytest
from django.apps import apps
from django.db import models

UPWARDS = ("loyalty", "offers", "campaigns", "analytics", "config")


def keys() -> list[models.Field]:
    ours = [model for model in apps.get_models() if model._meta.app_label in UPWARDS]
    return [field for model in ours for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)]


def points_up(field: models.Field) -> bool:
    ends = (field.model._meta.app_label, field.related_model._meta.app_label)
    return all(end in UPWARDS for end in ends) and UPWARDS.index(ends[1]) > UPWARDS.index(ends[0])


@pytest.mark.parametrize("field", keys(), ids=str)
def test_no_key_points_up(field):
    assert not points_up(field)


@pytest.mark.parametrize("field", keys(), ids=str)
def test_a_lower_table_does_not_know_who_points_at_it(field):
    if field.model._meta.app_label != field.related_model._meta.app_label:
        assert field.remote_field.related_name == "+"


def test_a_key_that_points_up_would_be_found():
    """The negative control: the same question about a key the other way round."""
    found = next(field for field in keys() if field.model.__name__ == "Terms" and field.name == "product")
    turned = type("Turned", (), {"model": found.related_model, "related_model": found.model})
    assert points_up(turned)


@pytest.mark.parametrize(("lower", "upper"), list(pairwise(UPWARDS[:3])))
def test_tables_of_neighbours_are_joined_downwards(lower, upper):
    """That the walk above sees keys between apps at all."""
    assert any(key.model._meta.app_label == upper and key.related_model._meta.app_label == lower for key in keys())
