import datetime as dt
import re

import pytest
from django.urls import reverse

from loyalty import profiles
from loyalty.models import Segment
from loyalty.segmentation import protecting
from tests import making
from tests.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]

TIERS = "?rows=tier&columns=lifecycle"


@pytest.fixture
def built(settings, tmp_path):
    settings.DATA = tmp_path
    for tier, days in (("Gold", 2), ("Gold", 5), ("Silver", 3)):
        making.purchase(making.member(tier=tier), at=making.NOON - days * making.DAY, product=making.product())
    return profiles.build(dt.date(2026, 3, 3), at=making.NOON)


@pytest.fixture
def browser(as_, mara):
    return as_(mara)


def page(browser, asking: str = TIERS, **headers: str) -> str:
    return browser.get(reverse("layers") + asking, headers=headers).content.decode()


def cells(shown: str) -> dict[str, str]:
    """What stands in each cell, by its words."""
    return dict(re.findall(r'name="cell" value="[\d.]+" aria-label="([^"]+)"[^>]*> ([\d,]+)', shown))


def test_without_profiles_the_page_says_what_to_load(browser):
    assert "build profiles of them" in page(browser)


def test_cells_show_their_members(browser, built):
    assert cells(page(browser)) == {"Gold, new": "2", "Silver, new": "1"}


def test_an_unknown_dimension_gives_way_to_the_usual_ones(browser, built):
    assert '<option value="rfm_cell" selected>' in page(browser, "?rows=weight&columns=lifecycle")


def test_a_third_dimension_makes_a_table_for_each_of_its_words(browser, built):
    shown = page(browser, "?rows=lifecycle&columns=channel_preference&within=tier")
    assert "Tier: Gold, 2 members" in shown
    assert "Tier: Silver, 1 member<" in shown


def test_small_cells_are_grey(browser, built):
    assert page(browser, TIERS + "&minimum=2").count("small-cell") > page(browser, TIERS + "&minimum=0").count(
        "small-cell"
    )


def test_chosen_cells_are_counted_as_they_are_ticked(browser, built):
    gold = re.search(r'value="([\d.]+)" aria-label="Gold, new"', page(browser))[1]
    counted = browser.post(
        reverse("layers") + TIERS, {"cell": gold}, headers={"HX-Request": "true", "HX-Target": "chosen"}
    ).content.decode()
    assert "<strong>2</strong> members in 1 cell" in counted
    assert "<table" not in counted


def test_a_row_is_all_of_its_cells(browser, built):
    row = re.search(r'name="row" value="([\d.]+)"> Gold', page(browser))[1]
    browser.post(reverse("layers") + TIERS, {"row": row, "name": "All gold", "do": "save"})
    assert Segment.objects.get().current().matching == 2


def test_a_column_is_all_of_its_cells(browser, built):
    column = re.search(r'name="column" value="([\d.]+)" aria-label="All of new"', page(browser))[1]
    browser.post(reverse("layers") + TIERS, {"column": column, "name": "All new", "do": "save"})
    assert Segment.objects.get().current().matching == 3


def test_the_foot_adds_each_column_up(browser, built):
    shown = page(browser)
    assert re.search(r'aria-label="All of new"> 3<', shown)
    assert re.search(r'<tfoot>.*<td class="number">3</td>\s*</tr>\s*</tfoot>', shown, re.DOTALL)


def test_the_heat_map_has_the_best_on_top_and_says_what_the_ends_mean(browser, built):
    shown = words(browser.get(reverse("layers") + "?rows=recency_score&columns=frequency_score"))
    assert "1, least often 2 3 4 5, most often All 5, most recent" in shown
    assert shown.index("5, most recent") < shown.index("1, longest ago")


def test_what_counts_as_not_known_says_why(browser, built):
    profiles.build(dt.date(2026, 4, 1), at=making.NOON + 30 * making.DAY)
    assert "The newest purchases are of" in page(browser)


def test_the_view_that_is_shown_is_marked(browser, built):
    assert page(browser, "?rows=recency_score&columns=frequency_score").count('aria-current="true">RFM heat map') == 1


def test_chosen_cells_become_a_segment(browser, built):
    silver = re.search(r'value="([\d.]+)" aria-label="Silver, new"', page(browser))[1]
    answer = browser.post(reverse("layers") + TIERS, {"cell": silver, "name": "New silver", "do": "save"})
    segment = Segment.objects.get()
    assert answer.url == reverse("segment", args=[segment.pk])
    assert (segment.name, segment.current().matching) == ("New silver", 1)


@pytest.mark.parametrize("cell", ["", "99.0", "-1.0", "a.b", "0"])
def test_no_segment_is_made_of_nothing(browser, built, cell):
    answer = browser.post(reverse("layers") + TIERS, {"cell": cell, "name": "Nobody", "do": "save"})
    assert answer.status_code == 409
    assert b"Choose at least one cell" in answer.content
    assert b'value="Nobody"' in answer.content


def test_only_a_marketer_makes_a_segment(as_, ana, built):
    assert as_(ana).post(reverse("layers"), {"cell": "0.0", "name": "x", "do": "save"}).status_code == 403


RELIGION = "?rows=attr_religion&columns=attr_diet"


@pytest.fixture
def believers(settings, tmp_path):
    settings.DATA = tmp_path
    settings.RETAILER_SENSITIVE = ["diet"]
    for number in range(53):
        making.member(attributes={"religion": "One" if number else "Other", "diet": "any"})
        making.member(attributes={"religion": "None", "diet": "none"})
    making.purchase(making.member(), at=making.NOON - making.DAY, product=making.product())
    profiles.build(dt.date(2026, 3, 3), at=making.NOON)


def save(browser, asking, label):
    value = re.search(rf'value="([\d.]+)" aria-label="{label}"', page(browser, asking))[1]
    return browser.post(reverse("layers") + asking, {"cell": value, "name": "Told", "do": "save"})


def test_what_is_sensitive_is_marked_where_it_is_chosen_and_laid_out(browser, believers):
    shown = words(browser.get(reverse("layers") + RELIGION))
    assert "Religion (sensitive)" in shown
    assert "Diet (sensitive)" in shown
    assert f"Sensitive Religion, Diet. {protecting.MEANING}" in shown
    assert "Sensitive Religion" not in words(browser.get(reverse("layers") + TIERS))


@pytest.mark.parametrize("minimum", ["", "&minimum=0", "&minimum=1"])
def test_a_small_cell_of_something_sensitive_is_not_made_a_segment_however_little_is_greyed(
    browser, believers, minimum
):
    answer = save(browser, RELIGION + minimum, "Other, any")
    assert answer.status_code == 409
    assert "Religion: sensitive, so it may not single out fewer than 50 members" in words(answer)
    assert not Segment.objects.exists()


def test_a_large_cell_of_something_sensitive_is(browser, believers):
    """The control of the test above."""
    assert save(browser, RELIGION, "One, any").status_code == 302


def test_the_file_of_a_segment_says_what_is_sensitive_in_it(browser, believers):
    save(browser, RELIGION, "One, any")
    told = browser.get(reverse("segment_rule", args=[Segment.objects.get().pk])).json()
    assert told["sensitive"] == ["Religion", "Diet"]
