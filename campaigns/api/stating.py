"""The limits of a campaign as a document: how each is written, and what is said of one that cannot be read."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from campaigns.building import OfferLimit
from campaigns.forms.limits import LONGEST_DAYS, MOST_CONTACTS, MOST_EACH
from campaigns.models import Campaign
from loyalty.models.consent import Channel

LARGEST = 2**63 - 1
MOST_EXPLORED = Decimal("0.5")
KINDS_OF_WRONG = (
    *("required", "null", "invalid", "min_value", "max_value", "max_string_length", "overflow"),
    *("max_digits", "max_decimal_places", "max_whole_digits", "blank", "not_a_dict", "not_a_list"),
)


def _said(sentence: str) -> Any:
    """Whatever is wrong with a field, what to send is the same."""
    return dict.fromkeys(KINDS_OF_WRONG, sentence)


def _count(name: str, *, least: int = 0, most: int = LARGEST, needed: bool = False) -> serializers.IntegerField:
    ends = f"from {least} to {most:,}" if most < LARGEST else f"of {least} or more"
    said = f"Send {name} as a whole number {ends}{'' if needed else ', or null for no limit'}."
    return serializers.IntegerField(min_value=least, max_value=most, allow_null=not needed, error_messages=_said(said))


def _amount(name: str, *, most: Decimal | None = None, needed: bool = False) -> serializers.DecimalField:
    ends = "of 0 or more" if most is None else f"from 0 to {most}"
    said = f"Send {name} as a number {ends} with at most four decimals{'' if needed else ', or null for no limit'}."
    return serializers.DecimalField(
        max_digits=18,
        decimal_places=4,
        min_value=Decimal(0),
        max_value=most,
        allow_null=not needed,
        normalize_output=True,
        error_messages=_said(said),
    )


class OfferLimits(serializers.Serializer[Any]):
    """What one offer of the campaign may use: members, and expected cost of redemptions."""

    offer_ref = serializers.CharField(
        source="offer.ref", error_messages=_said("Send offer_ref as it stands on the offer's page.")
    )
    least = _count("least")
    limit = _count("limit")
    budget = _amount("budget")


class LimitsDocument(serializers.Serializer[Campaign]):
    """What a campaign may use: over all offers, of one member, by channel and of each offer; and the share of the
    members whose offer is drawn at random. Money is in the retailer's currency, and `null` is no limit."""

    default_error_messages = {"invalid": "Send an object with all the limits, as you read them."}

    total_budget = _amount("total_budget")
    contact_limit = _count("contact_limit")
    contact_cost = _amount("contact_cost", needed=True)
    offers_each = _count("offers_each", least=1, most=MOST_EACH, needed=True)
    contacts_per_member = _count("contacts_per_member", least=1, most=MOST_CONTACTS)
    contact_days = _count("contact_days", least=1, most=LONGEST_DAYS, needed=True)
    share_explored = _amount("share_explored", most=MOST_EXPLORED, needed=True)
    capacities = serializers.DictField(
        child=_count("a capacity"), error_messages=_said("Send capacities as an object of numbers by channel.")
    )
    offers = OfferLimits(many=True, error_messages=_said("Send offers as a list of what each offer may use."))

    def validate_capacities(self, sent: dict[str, int | None]) -> dict[str, int]:
        """Only of the campaign's own channels; one without a number has no limit."""
        own = self._campaign.channels
        if strangers := [name for name in sent if name not in own]:
            raise serializers.ValidationError(
                f"{strangers[0]} is no channel of this campaign: send capacities of {_listed(own)} only."
            )
        return {name: most for name, most in sent.items() if most is not None}

    def validate_offers(self, sent: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Every offer of the campaign once: which offers it may give is not changed here."""
        named = [each["offer"]["ref"] for each in sent]
        if strangers := [ref for ref in named if ref not in self._keys]:
            raise serializers.ValidationError(f"{strangers[0]} is no offer of this campaign: leave it out.")
        if twice := [ref for ref in named if named.count(ref) > 1]:
            raise serializers.ValidationError(f"{twice[0]} is there twice: send every offer once.")
        if missing := [ref for ref in self._keys if ref not in named]:
            raise serializers.ValidationError(f"{missing[0]} is missing: send every offer of the campaign.")
        return sent

    def facts(self) -> dict[str, Any]:
        """What was sent of the campaign itself."""
        return {name: fact for name, fact in self.validated_data.items() if name != "offers"}

    def by_offer(self) -> dict[int, OfferLimit]:
        """What was sent of each offer, by its key."""
        return {
            self._keys[each["offer"]["ref"]]: OfferLimit(each["limit"], each["budget"], each["least"])
            for each in self.validated_data["offers"]
        }

    @property
    def _campaign(self) -> Campaign:
        assert isinstance(self.instance, Campaign)
        return self.instance

    @property
    def _keys(self) -> dict[str, int]:
        return {each.offer.ref: each.offer_id for each in self._campaign.offers.all()}


def _listed(channels: Sequence[str]) -> str:
    return " and ".join(Channel(each).value for each in channels) or "none, as it has no channel yet,"
