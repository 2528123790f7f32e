"""What holds for every template of the product."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django_cotton.compiler_regex import CottonCompiler, Tag

TEMPLATES: Path = settings.BASE / "templates"
COMPONENTS = TEMPLATES / "components"
PAGES = [path for path in TEMPLATES.rglob("*.html") if path.name != "message.html"]  # e-mail has rules of its own
INLINE = re.compile(r"<style|<script(?![^>]* src=)|\sstyle=|\son[a-z]+=|\shx-on|javascript:", re.IGNORECASE)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_nothing_is_inline(path: Path) -> None:
    assert INLINE.search(path.read_text()) is None


@pytest.mark.parametrize(
    "piece", ["<p style='x'>", "<script>", "<a onclick='x'>", "<p hx-on:click='x'>", "<a href='javascript:x'>"]
)
def test_what_is_inline_would_be_seen(piece: str) -> None:
    assert INLINE.search(piece)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_values_go_only_to_declared_attributes(path: Path) -> None:
    """A component writes attributes it does not declare as they are, so those must be escaped text, not values."""
    assert undeclared(path.read_text()) == []


def test_an_undeclared_value_would_be_seen() -> None:
    assert undeclared('<c-notice :kind="kind" :title="said" />') == ["notice :title"]


def test_every_static_file_is_there() -> None:
    named = {name for path in PAGES for name in re.findall(r"{% static ['\"]([^'\"]+)['\"] %}", path.read_text())}
    assert [name for name in sorted(named) if not finders.find(name)] == []


def test_every_component_that_is_used_exists() -> None:
    used = {name for path in PAGES for name, _ in _tags(path.read_text())}
    assert used - {path.stem.replace("_", "-") for path in COMPONENTS.glob("*.html")} == set()


def test_every_component_for_pages_is_documented() -> None:
    frame = {"form-errors", "mark", "nav-item", "page-link", "scheme", "word"}  # used by the frame and by components
    documented = set(re.findall(r"`([\w-]+)`", "".join(re.findall(r"^\| (`[^|]+)\|", _readme(), re.MULTILINE))))
    assert documented == {path.stem.replace("_", "-") for path in COMPONENTS.glob("*.html")} - frame


def undeclared(source: str) -> list[str]:
    """Attributes given as values to components that do not declare them."""
    return [
        f"{name} {attribute}"
        for name, attributes in _tags(source)
        for attribute in attributes
        if attribute.startswith(":") and attribute[1:].replace("-", "_") not in _declared(name)
    ]


def _tags(source: str) -> list[tuple[str, list[str]]]:
    html, _ = CottonCompiler().exclude_ignorables(source)
    tags = [Tag(match) for match in Tag.tag_pattern.finditer(html)]
    components = [tag for tag in tags if tag.tag_name not in ("c-vars", "c-slot")]
    return [(tag.tag_name[2:], _attributes(tag)) for tag in components if not tag.is_closing]


def _attributes(tag: Tag) -> list[str]:
    return [match[1] for match in Tag.attr_pattern.finditer(tag.attrs)]


def _declared(component: str) -> set[str]:
    source = (COMPONENTS / f"{component.replace('-', '_')}.html").read_text()
    declared = re.search(r"<c-vars(.*?)/>", source, re.DOTALL)
    return (
        {name.lstrip(":").replace("-", "_") for name in re.findall(r"([:\w-]+)=", declared[1])} if declared else set()
    )


def _readme() -> str:
    return (COMPONENTS / "README.md").read_text()
