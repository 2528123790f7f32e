"""Layers: how many members stand where two or three dimensions meet, and segments made of such cells."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from loyalty import clock, numerals, roles, segmentation
from loyalty.htmx import HtmxRequest
from loyalty.profiling import layers
from loyalty.profiling.layers import Cell, Dimension, Layers
from loyalty.profiling.table import Profiles
from loyalty.refusal import Refused

TEMPLATE = "loyalty/layers.html"
PARTS = {"layers": "#table", "chosen": "#chosen"}
USUAL = ("rfm_cell", "lifecycle")
SMALL, HEATS = 50, 6
# What the lowest and the highest score of each kind mean.
ENDS = {
    "recency_score": ("longest ago", "most recent"),
    "frequency_score": ("least often", "most often"),
    "monetary_score": ("least spent", "most spent"),
}
VIEWS = (
    ("RFM × lifecycle", "rows=rfm_cell&columns=lifecycle"),
    ("RFM heat map", "rows=recency_score&columns=frequency_score"),
    ("RFM × lifecycle × favourite department", "rows=rfm_cell&columns=lifecycle&within=top_category"),
)


class Square(NamedTuple):
    """A cell as the page shows it; `heat` is 0 for nobody to `HEATS` for the fullest cell."""

    value: str
    label: str
    column: str
    members: int
    heat: int
    is_small: bool
    is_chosen: bool


class Line(NamedTuple):
    """A row, or the foot of a column: ticked as a whole by its value."""

    value: str
    label: str
    members: int
    squares: list[Square]


class Table(NamedTuple):
    """The rows under one word of the third dimension, or all there are."""

    title: str
    members: int
    rows: list[Line]

    @property
    def feet(self) -> list[Line]:
        """The columns: their words, and all the members in each."""
        columns = zip(*(row.squares for row in self.rows), strict=True)
        return [self._foot(list(squares)) for squares in columns]

    @staticmethod
    def _foot(squares: list[Square]) -> Line:
        value = squares[0].value.partition(".")[2]
        return Line(value, squares[0].column, sum(square.members for square in squares), squares)


@dataclass(frozen=True)
class Sheet:
    """What is laid over what, what came of it, which cells are chosen, and from which size on a cell stands alone."""

    profiles: Profiles
    known: dict[str, Dimension]
    found: Layers
    chosen: frozenset[Cell]
    minimum: int

    @property
    def rows(self) -> Dimension:
        return self.found.dimensions[0]

    @property
    def columns(self) -> Dimension:
        return self.found.dimensions[1]

    @property
    def within(self) -> Dimension | None:
        return self.found.dimensions[2] if len(self.found.dimensions) > 2 else None

    @property
    def members(self) -> int:
        return sum(int(self.found.counts[cell]) for cell in self.chosen)

    @property
    def share(self) -> float:
        return self.members / len(self.profiles) if len(self.profiles) else 0.0

    def tables(self) -> Iterator[Table]:
        """A table for each word of the third dimension that anybody has, or one."""
        deeper: list[tuple[str, Cell]] = [("", ())]
        if self.within:
            deeper = [(word, (number,)) for number, word in enumerate(self.within.words)]
        for title, end in deeper:
            rows = [self._row(number, word, end) for number, word in _best_first(self.rows)]
            if members := sum(row.members for row in rows):
                yield Table(title, members, rows)

    @property
    def sensitive(self) -> list[str]:
        """What is laid out that the law protects more than other details."""
        return [each.label for each in self.found.dimensions if self.is_sensitive(each)]

    def is_sensitive(self, dimension: Dimension) -> bool:
        return self.profiles.features[dimension.name].sensitive

    def options(self) -> list[tuple[str, str]]:
        """What can be laid out, with its label."""
        marks = {each.name: " (sensitive)" if self.is_sensitive(each) else "" for each in self.known.values()}
        return [(name, each.label + marks[name]) for name, each in self.known.items()]

    @property
    def stale(self) -> list[str]:
        """Why what is laid out counts as unknown, where it does."""
        features = self.profiles.features
        return sorted({features[each.name].stale for each in self.found.dimensions if features[each.name].stale})

    def _row(self, row: int, word: str, end: Cell) -> Line:
        squares = [self._square((row, column, *end), word, other) for column, other in enumerate(self.columns.words)]
        return Line(_value((row, *end)), _said(self.rows, word), sum(each.members for each in squares), squares)

    def _square(self, cell: Cell, row: str, column: str) -> Square:
        members, fullest = int(self.found.counts[cell]), max(1, int(self.found.counts.max()))
        # By the square root, so that the middle-sized can be told from the small beside one large cell.
        heat = int(np.ceil(HEATS * np.sqrt(members / fullest)))
        label, said = f"{row}, {column}", _said(self.columns, column)
        return Square(_value(cell), label, said, members, heat, members < self.minimum, cell in self.chosen)


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HtmxRequest) -> HttpResponse:
    """The cross-table. A POST counts the chosen cells, or saves them as a segment."""
    try:
        sheet = _sheet(request, segmentation.current_profiles(on=clock.today()))
    except Refused as refusal:
        return render(request, TEMPLATE, {"no_profiles": str(refusal)})
    return _save(request, sheet) if request.POST.get("do") == "save" else _page(request, sheet)


@roles.only(roles.MARKETER)
def _save(request: HtmxRequest, sheet: Sheet) -> HttpResponse:
    assert isinstance(request.user, User)
    name = request.POST.get("name", "")
    try:
        if not sheet.chosen:
            raise Refused("Choose at least one cell: the segment is made of the members in it.")
        rule = layers.rule(sheet.found.dimensions, sheet.chosen)
        version = segmentation.save(None, name=name, rule=rule, by=request.user, at=clock.now())
    except Refused as refusal:
        return _page(request, sheet, refusal=str(refusal), name=name)
    messages.success(request, f"Saved: {version}.")
    response = redirect("segment", version.segment_id)
    return HttpResponseClientRedirect(response.url) if request.htmx else response


def _page(request: HtmxRequest, sheet: Sheet, **said: str) -> HttpResponse:
    part = PARTS.get(request.htmx.target or "", "") if request.htmx else ""
    views = [(label, asking, request.META["QUERY_STRING"] == asking) for label, asking in VIEWS]
    told = {"sheet": sheet, "views": views, **said}
    return render(request, TEMPLATE + part, told, status=409 if "refusal" in said else 200)


def _sheet(request: HtmxRequest, members: Profiles) -> Sheet:
    """What the address asks for; an unknown or repeated dimension gives way to the usual ones."""
    known, asked = layers.dimensions(members), request.GET
    names = [asked.get("rows", ""), asked.get("columns", "")]
    if len(set(names)) < 2 or not set(names) <= set(known):
        names = list(USUAL)
    if asked.get("within") in known.keys() - names:
        names.append(asked["within"])
    found = layers.cross(members, [known[name] for name in names])
    minimum = numerals.whole(asked.get("minimum", ""))
    return Sheet(members, known, found, _chosen(request.POST, found), SMALL if minimum is None else minimum)


def _chosen(ticked: QueryDict, found: Layers) -> frozenset[Cell]:
    """The cells that were ticked, alone or with their row or column; what the table does not have is left out."""
    cells, rows, columns = (frozenset(map(_cell, ticked.getlist(name))) for name in ("cell", "row", "column"))
    return frozenset(
        cell
        for cell in found.cells()
        if cell in cells or (cell[0], *cell[2:]) in rows or (cell[1], *cell[2:]) in columns
    )


def _best_first(rows: Dimension) -> list[tuple[int, str]]:
    """The rows as they are read from the top: the highest score first, and what is not known last."""
    numbered = list(enumerate(rows.words))
    if rows.name not in ENDS:
        return numbered
    return sorted(numbered, key=lambda each: (each[1] == layers.UNKNOWN, -each[0]))


def _said(of: Dimension, word: str) -> str:
    """A word as a head of the table: the ends of a score say what they mean."""
    lowest, highest = ENDS.get(of.name, ("", ""))
    meaning = {"1": lowest, "5": highest}.get(word, "")
    return f"{word}, {meaning}" if meaning else word


def _cell(text: str) -> Cell:
    numbers = (numerals.whole(number) for number in text.split("."))
    return tuple(-1 if number is None else number for number in numbers)


def _value(cell: Cell) -> str:
    return ".".join(map(str, cell))
