"""Where a run may be disturbed: before or after each thing that it writes. The product knows nothing of it."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any


@dataclass(frozen=True)
class Point:
    """A moment beside one call of the product: `owner` is the module or class that it is looked up in."""

    name: str
    owner: str
    called: str
    is_before: bool = False

    @property
    def stage(self) -> str:
        return self.name.partition(".")[0]


def before(name: str, owner: str, called: str) -> Point:
    return Point(name, owner, called, is_before=True)


def after(name: str, owner: str, called: str) -> Point:
    return Point(name, owner, called)


POINTS = (
    before("plan.begun", "campaigns.planning", "plan"),
    after("plan.column_saved", "numpy", "save"),
    after("plan.saved", "campaigns.plan.Plan", "save"),
    after("plan.recorded", "campaigns.run", "_record"),
    after("plan.table_made", "campaigns.decisions", "begin"),
    before("decide.begun", "campaigns.decisions", "log"),
    after("decide.copied", "loyalty.copying", "write"),
    after("decide.written", "campaigns.decisions", "log"),
    before("close.begun", "campaigns.decisions", "close"),
    before("close.indexed", "campaigns.decisions", "_check"),
    after("close.attached", "campaigns.decisions", "close"),
    before("deliver.begun", "campaigns.delivery", "deliver"),
    after("deliver.recorded", "campaigns.delivery", "_record"),
    after("deliver.message_made", "config.mailbox", "written"),
    after("deliver.sent", "campaigns.channels.email", "send"),
    after("deliver.uncommitted", "campaigns.delivery", "deliver"),
    # Of every stage: leased and not begun, and committed without looking at what follows.
    before("any.leased", "campaigns.chunks", "doing"),
    before("any.committed", "campaigns.run", "advance"),
    # Between stages: the chunks of the next are made and not committed, or are and nobody was told.
    after("next.made", "campaigns.chunks", "make"),
    before("next.untold", "campaigns.hints", "work_on"),
)


def watch(arrive: Callable[[str], None]) -> None:
    """Have `arrive` told the name of every point that this process comes to, from now on."""
    for point in POINTS:
        owner = found(point.owner)
        setattr(owner, point.called, watched(getattr(owner, point.called), point, arrive))


def watched(called: Callable[..., Any], point: Point, arrive: Callable[[str], None]) -> Callable[..., Any]:
    @wraps(called)
    def wrapper(*arguments: Any, **named: Any) -> Any:
        if point.is_before:
            arrive(point.name)
            return called(*arguments, **named)
        answer = called(*arguments, **named)
        arrive(point.name)
        return answer

    return wrapper


def found(dotted: str) -> Any:
    """The module, or the class in a module, of that name."""
    try:
        return importlib.import_module(dotted)
    except ModuleNotFoundError:
        module, _, name = dotted.rpartition(".")
        return getattr(importlib.import_module(module), name)
