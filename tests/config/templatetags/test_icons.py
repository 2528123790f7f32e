from django_cotton import render_component
from lucide.templatetags.lucide import lucide

from config.templatetags import icons


def test_an_icon_is_drawn_as_lucide_draws_it():
    assert icons.icon("x", "big") == lucide("x", **{"class": "icon big", "aria_hidden": "true"})


def test_an_icon_is_drawn_once(monkeypatch):
    drawn = []
    monkeypatch.setattr(icons, "lucide", lambda name, **_: drawn.append(name) or name)
    icons._drawn.cache_clear()
    assert [icons.icon("x", "a"), icons.icon("x", "a"), icons.icon("x", "b")] == ["x"] * 3
    assert len(drawn) == 2
    icons._drawn.cache_clear()


def test_the_component_puts_the_icon_into_the_page_as_a_picture(rf):
    drawn = render_component(rf.get("/"), "icon", {"name": "plus", "class": "big"})
    assert drawn.strip() == icons.icon("plus", "big")
    assert drawn.strip().startswith("<svg")
