import datetime as dt

import numpy as np
import pytest

from config.demo.retailer.responses import Contacts
from config.demo.retailer.world import EMAIL, World, create

FIRST_DAY = dt.date(2024, 11, 1)


@pytest.fixture(scope="session")
def world() -> World:
    return create(11, 2000, FIRST_DAY)


@pytest.fixture(scope="session")
def campaign(world: World) -> Contacts:
    """Everybody is sent some offer by e-mail, four weeks before the history ends."""
    member = np.arange(len(world))
    offer = (member * 7 + 3) % len(world.offers)
    return Contacts.at_once(member, offer, day=world.end - 28, channel=EMAIL)
