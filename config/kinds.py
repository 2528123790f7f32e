"""The ten kinds of file, each with what it becomes, in the order in which a retailer can load them."""

from collections.abc import Mapping
from types import MappingProxyType

from campaigns.intake import ASSIGNMENTS, CAMPAIGNS
from loyalty.events.rules import FILED as EVENTS
from loyalty.intake.catalogue import PRODUCTS, STOCK, STORES
from loyalty.intake.consents import CONSENTS
from loyalty.intake.members import MEMBERS
from loyalty.intake.purchases import PURCHASES
from loyalty.staging.target import Target
from offers.intake import OFFERS

TARGETS: Mapping[str, Target] = MappingProxyType(
    {
        target.kind.name: target
        for target in (
            STORES,
            PRODUCTS,
            STOCK,
            MEMBERS,
            CONSENTS,
            PURCHASES,
            EVENTS,
            OFFERS,
            CAMPAIGNS,
            ASSIGNMENTS,
        )
    }
)
