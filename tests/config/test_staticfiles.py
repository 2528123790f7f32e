from pathlib import Path

from django.contrib.staticfiles import finders

from config.staticfiles import PlotlyFinder


def test_plotly_comes_from_its_package() -> None:
    found = finders.find("plotly/plotly.min.js")
    assert found is not None
    assert "site-packages" in Path(str(found)).parts
    assert "plotly.js" in Path(str(found)).read_text()[:100]


def test_nothing_else_of_the_package_is_served() -> None:
    assert finders.find("plotly/widgetbundle.js") is None
    assert [name for name, _ in PlotlyFinder().list(None)] == ["plotly.min.js"]


def test_collecting_puts_it_where_pages_look() -> None:
    [(name, storage)] = PlotlyFinder().list(None)
    assert f"{storage.prefix}/{name}" == "plotly/plotly.min.js"
    assert storage.exists(name)


def test_all_places_can_be_asked_for() -> None:
    assert len(PlotlyFinder().find("plotly/plotly.min.js", find_all=True)) == 1
