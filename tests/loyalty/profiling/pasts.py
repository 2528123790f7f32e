"""What the members of small worlds bought and did: lines with products and stores, and events of any kind."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from loyalty.profiling.features import build
from loyalty.profiling.history import building, files
from loyalty.profiling.history.gathering import IndexFacts
from loyalty.profiling.history.index import History
from loyalty.profiling.history.records import Catalogue, EventRows, LineRows, Words
from loyalty.profiling.table import Profiles
from tests.loyalty.profiling.worlds import AS_OF, TODAY, VOCABULARIES, World, world

CATALOGUE = Catalogue(
    refs=("bag", "bean", "bun", "cup", "jar"),
    names=("Bag", "Beans, 1 kg", "Bun", "Cup of coffee", "Jar"),
    categories=("Grocery > Coffee > Whole", "Grocery>Coffee > Whole", "Grocery > Bakery", "Grocery > Coffee", "Home"),
    brands=("Alma", "Alma", "", "Bolt", "Bolt"),
)
WORDS = Words(VOCABULARIES["channel"], ("North", "South", "West"), ("app_open", "open", "view"), ("app", "email"))

Asked = Mapping[str, object]
Row = dict[str, object]
ByMember = dict[int, list[dict[str, int]]]


@dataclass(frozen=True)
class Past:
    members: int
    lines: LineRows
    events: EventRows

    def row(self, member: int) -> dict[str, Callable[[Asked], int]]:
        """How much or how often one member did what a condition asks about, by the key of its JSON."""
        return {
            "bought": lambda asked: self.bought(member, asked),
            "event": lambda asked: self.happened(member, asked),
        }

    def bought(self, member: int, asked: Asked) -> int:
        """In how many baskets, or else for how many ten-thousandths, line by line."""
        baskets: dict[tuple[int, int], int] = {}
        for line in _asked_days(self._lines[member], asked):
            if _is_asked_for(line["product"], asked) and _is_where(line, asked):
                basket = line["day"], line["basket"]
                baskets[basket] = baskets.get(basket, 0) + line["net_e4"]
        return sum(net > 0 for net in baskets.values()) if "times" in asked else sum(baskets.values())

    def happened(self, member: int, asked: Asked) -> int:
        """How many events, one by one."""
        return sum(
            _is_one(event["kind"], WORDS.events, asked, "event")
            and _is_one(event["channel"], WORDS.event_channels, asked, "channel")
            for event in _asked_days(self._events[member], asked)
        )

    @cached_property
    def _lines(self) -> ByMember:
        return _by_member(self.lines)

    @cached_property
    def _events(self) -> ByMember:
        return _by_member(self.events)


def lines(*rows: dict[str, int]) -> LineRows:
    """Lines with what is given, and else the first member's, yesterday's, a bag in a basket of its own, worth 1.00."""
    usual = {"member": 0, "day": TODAY - 1, "product": 0, "channel": 0, "store": 0, "net_e4": 10_000}
    full = [{**usual, "basket": number, **row} for number, row in enumerate(rows)]
    names = ("member", "day", "basket", "product", "channel", "store", "net_e4")
    return LineRows(*(np.array([row[name] for row in full], dtype=np.int64) for name in names))


def events(*rows: dict[str, int]) -> EventRows:
    """Events with what is given, and else the first member's, yesterday's, of the first kind and channel."""
    full = [{"member": 0, "day": TODAY - 1, "kind": 0, "channel": 0, **row} for row in rows]
    return EventRows(
        *(np.array([row[name] for row in full], dtype=np.int64) for name in ("member", "day", "kind", "channel"))
    )


NO_EVENTS = events()


def of(bought: LineRows) -> Past:
    """The past of four members who did nothing but buy."""
    return Past(4, bought, NO_EVENTS)


def past(world: World, seed: int) -> Past:
    """A past of a world's members, with the purchases of the world; a function of the world and the seed."""
    rng, bought = np.random.default_rng([seed, 1]), world.lines
    products, stores = rng.integers(-1, 5, len(bought)), rng.integers(-1, 3, len(bought))
    lines = LineRows(bought.member, bought.day, bought.basket, products, bought.channel, stores, bought.net_e4)
    members = len(world.members)
    count = int(rng.integers(0, max(90, 4 * members)))
    days = TODAY + 2 - rng.integers(0, int(rng.choice([40, 400])), count)
    return Past(
        members,
        lines,
        EventRows(rng.integers(-1, members, count), days, rng.integers(0, 3, count), rng.integers(-1, 2, count)),
    )


def index(
    a_past: Past, directory: Path, *, lines: Iterable[LineRows] = (), events: Iterable[EventRows] = ()
) -> History:
    """The index of a past, or of other blocks of the same, in a directory that is not there yet."""
    known = IndexFacts(a_past.members, CATALOGUE, WORDS, TODAY)
    index, workspace = directory / "index", directory / "workspace"
    building.build(lines or [a_past.lines], events or [a_past.events], known, index, workspace=workspace)
    return files.open_index(index)


def profiles(seed: int, directory: Path) -> tuple[Profiles, list[Row]]:
    """The profiles of a random world with what its members bought and did, and all that is known of each."""
    return _with_rows(world(seed, most_members=20, most_lines=200), seed, directory)


def crowd(seed: int, directory: Path) -> tuple[Profiles, list[Row]]:
    """The same of a world of 200 to 400 members."""
    a_world = world(seed, least_members=200, most_members=400, least_lines=1000, most_lines=3000)
    return _with_rows(a_world, seed, directory)


def _with_rows(a_world: World, seed: int, directory: Path) -> tuple[Profiles, list[Row]]:
    built, a_past = profiles_of(a_world, seed, directory), past(a_world, seed)
    return built, [{**built.row(member), **a_past.row(member)} for member in range(len(built))]


def profiles_of(a_world: World, seed: int, directory: Path) -> Profiles:
    built = build(a_world.members, a_world.lines, as_of=AS_OF, vocabularies=VOCABULARIES)
    return built.with_history(index(past(a_world, seed), directory))


def _by_member(columns: LineRows | EventRows) -> ByMember:
    rows: ByMember = defaultdict(list)
    for values in zip(*(column.tolist() for column in vars(columns).values()), strict=True):
        row = dict(zip(vars(columns), values, strict=True))
        rows[row["member"]].append(row)
    return rows


def _asked_days(rows: Iterable[dict[str, int]], asked: Asked) -> list[dict[str, int]]:
    """The lines or events before the day, as far back as is asked."""
    oldest = TODAY - asked.get("days", 10**6)
    return [row for row in rows if oldest <= row["day"] < TODAY]


def _is_where(line: Mapping[str, int], asked: Asked) -> bool:
    channel, store = line["channel"], line["store"]
    return _is_one(channel, WORDS.channels, asked, "channel") and _is_one(store, WORDS.stores, asked, "store")


def _is_one(code: int, words: tuple[str, ...], asked: Asked, name: str) -> bool:
    return name not in asked or (code >= 0 and words[code] == asked[name])


def _is_asked_for(product: int, asked: Asked) -> bool:
    if asked["bought"] == "anything":
        return True
    if product < 0:
        return False
    if asked["bought"] == "product":
        return CATALOGUE.refs[product] in asked["named"]
    if asked["bought"] == "brand":
        return CATALOGUE.brands[product] in asked["named"]
    path = [step.strip() for step in CATALOGUE.categories[product].split(">")]
    return any(path[: len(named.split(" > "))] == named.split(" > ") for named in asked["named"])
