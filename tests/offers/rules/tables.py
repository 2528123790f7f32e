"""Terms and profiles with only what a test is about."""

from datetime import date

import numpy as np

from loyalty.profiling.table import Feature, Profiles
from offers.rules.terms import ALWAYS, FOREVER, TermsTable

DEFAULTS = {
    "kinds": ("percent", str),
    "departments": (None, object),
    "value": (10.0, np.float64),
    "minimum_spend": (0.0, np.float64),
    "reward_cost": (0.0, np.float64),
    "valid_from": (ALWAYS, np.int32),
    "valid_until": (FOREVER, np.int32),
    "limit_per_member": (0, np.int32),
    "limit_total": (-1, np.int64),
    "budget": (np.nan, np.float64),
    "rules": (None, object),
    "age_restricted": (False, np.bool_),
    "channels": (frozenset({"email"}), object),
    "contains": (frozenset(), object),
}


def terms(offers: int, **columns: list) -> TermsTable:
    """A table of offers in which only the columns given differ from a plain, unlimited offer."""
    filled = {name: columns.get(name, [default] * offers) for name, (default, _) in DEFAULTS.items()}
    arrays = {
        name: np.array(values, dtype=DEFAULTS[name][1]) if issubclass(DEFAULTS[name][1], np.generic) else values
        for name, values in filled.items()
    }
    refs = [f"O{number}" for number in range(1, offers + 1)]
    return TermsTable(terms_ids=np.arange(1, offers + 1), offer_refs=refs, names=refs, **arrays)


def profiles(members: int, **columns: list) -> Profiles:
    """Members with these float columns, as of new year 2026; nan is unknown."""
    return Profiles(
        as_of=date(2026, 1, 1),
        member_ids=np.arange(1, members + 1),
        columns={name: np.array(values, dtype=np.float32) for name, values in columns.items()},
        vocabularies={},
        features={name: _feature(name) for name in columns},
    )


def _feature(name: str) -> Feature:
    return Feature(name, label=name, unit="", kind="number", source="test", purpose="test", sentence="{value}")
