"""A file with good and bad rows, from the operator's disk to an account of every row."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Enter
from tests.journeys.steps import go_to

pytestmark = [pytest.mark.browser, pytest.mark.worker, pytest.mark.xdist_group("journeys")]

GOOD = 20_000
BAD = {
    "b1,,Coffee,2.50": "is empty, and must not be",
    "b2,Beans,Coffee,free": "is not a number",
    "b3,Beans,Coffee,2.50,more": "has 5 cells where the first line names 4 columns",
}


def test_operator_brings_a_file_in_and_learns_what_became_of_every_row(enter: Enter, tmp_path: Path) -> None:
    page = enter("otto").page
    page.goto("/")
    choose_a_file(page, write_products(tmp_path / "new products.csv"))
    look_at_the_first_rows(page)
    load_them(page)
    read_what_came_of_them(page)
    rejects = download_the_rejects(page)
    assert [reason for reason in BAD.values() if reason not in rejects] == []


def write_products(path: Path) -> Path:
    good = (f"p{number},Beans {number},Coffee,{number % 90 / 10}" for number in range(GOOD))
    path.write_text("\n".join(["product_ref,name,category,price", *BAD, *good]))
    return path


def choose_a_file(page: Page, path: Path) -> None:
    go_to(page, "Data")
    page.get_by_label("What it holds").select_option("products")
    page.get_by_label("File", exact=True).set_input_files(path)
    page.get_by_role("button", name="Look at it").click()


def look_at_the_first_rows(page: Page) -> None:
    rows = page.get_by_role("region", name="First rows of the file").get_by_role("row")
    for reason in BAD.values():
        expect(rows.filter(has_text=reason)).to_have_count(1)
    expect(rows.filter(has_text="Can be loaded").first).to_be_visible()


def load_them(page: Page) -> None:
    """The page reaches the end by itself."""
    page.get_by_role("button", name="Load it").click()
    expect(page.get_by_role("region", name="Progress")).to_be_visible()
    expect(page.locator(".lead .state")).to_have_text("Loaded")


def read_what_came_of_them(page: Page) -> None:
    expect(page.locator(".stat").filter(has_text="Rows in the file")).to_contain_text(f"{GOOD + len(BAD):,}")
    expect(page.locator(".stat").filter(has_text="Rejected")).to_contain_text(str(len(BAD)))
    for table in ("Rejected rows", "Why rows were rejected"):
        rows = page.get_by_role("region", name=table).get_by_role("row")
        for reason in BAD.values():
            expect(rows.filter(has_text=reason)).to_be_visible()


def download_the_rejects(page: Page) -> str:
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the rejected rows").click()
    return download.value.path().read_text()
