"""How much the campaign may cost and give: over all offers, to one member, by channel and of each offer."""

from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.core.validators import MinValueValidator

from campaigns import launching, limits
from campaigns.building import OfferLimit
from campaigns.limits import Promise
from campaigns.models import Campaign, CampaignOffer
from loyalty import clock
from loyalty.models.consent import Channel
from offers.models import Terms

CENT = Decimal("0.01")
NONE_OR = "Enter {} or more, or nothing for no limit."
NEGATIVE = {"min_value": NONE_OR.format(0)}
NONE_LEAST = {"min_value": "Enter 0 or more, or nothing for no minimum."}
MOST_EACH, MOST_CONTACTS, LONGEST_DAYS = 20, 1_000, 366


OF_AN_OFFER = ("least", "limit", "budget")


class Row(NamedTuple):
    """An offer of the campaign with its three fields."""

    offer: CampaignOffer
    fields: list[forms.BoundField]


class LimitsForm(forms.ModelForm):
    """The limits over all offers, one field for each channel, and three for each offer of the campaign."""

    offers_each = forms.IntegerField(
        label="Offers for one member",
        min_value=1,
        max_value=MOST_EACH,
        help_text="At the most, and never two of one department.",
        error_messages={
            "required": "Say how many offers one member may get: 1 or more.",
            "min_value": "Enter 1 or more: with none, nobody would get anything.",
        },
    )
    contacts_per_member = forms.IntegerField(
        label="Offers from all campaigns",
        min_value=1,
        max_value=MOST_CONTACTS,
        required=False,
        help_text="What one member may get at the most, whoever sends it.",
        error_messages={"min_value": NONE_OR.format(1)},
    )
    contact_days = forms.IntegerField(
        label="Within",
        min_value=1,
        max_value=LONGEST_DAYS,
        help_text="Counted back from the run.",
        error_messages={"required": "Say over how many days offers from all campaigns are counted: 7 is a week."},
    )

    class Meta:
        model = Campaign
        fields = [
            "total_budget",
            "contact_limit",
            "contact_cost",
            "offers_each",
            "contacts_per_member",
            "contact_days",
        ]
        labels = {
            "total_budget": "Total budget",
            "contact_limit": "Offers in all",
            "contact_cost": "Cost of one message",
        }
        help_texts = {
            "total_budget": "Expected cost of redemptions over all offers; never exceeded.",
            "contact_limit": "At the most, over all offers and members.",
            "contact_cost": "Taken off the margin that an offer is expected to bring.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("total_budget", "contact_cost"):
            self.fields[name].validators.append(MinValueValidator(0, NEGATIVE["min_value"]))
            self.initial[name] = _short(self.initial[name])
        self.fields["contact_cost"].error_messages["required"] = "Enter what one message costs, or 0."
        self.chosen = list(self.instance.offers.named())
        self.fields |= {f"capacity_{channel}": self._capacity(channel) for channel in self.instance.channels}
        own = {terms.offer_id: terms for terms in launching.usable_terms(self.instance, on=clock.today())}
        for each in self.chosen:
            self.fields |= _of_an_offer(each, each.name, own.get(each.offer_id))

    def clean(self) -> dict[str, Any]:
        """Refuse by name what cannot hold together, where every field by itself is in order."""
        told = super().clean() or {}
        if not self.errors:
            for conflict in limits.conflicts(self._asked()):
                self.add_error(conflict.field, conflict.sentence)
        return told

    def capacities(self) -> list[forms.BoundField]:
        """A field for each channel of the campaign."""
        return [self[f"capacity_{channel}"] for channel in self.instance.channels]

    def rows(self) -> list[Row]:
        """Each offer with its fields, for the table of limits."""
        return [Row(each, [self[f"{name}_{each.offer_id}"] for name in OF_AN_OFFER]) for each in self.chosen]

    def carried(self) -> dict[str, int]:
        """The capacities that were entered, by channel."""
        told = {channel: self.cleaned_data[f"capacity_{channel}"] for channel in self.instance.channels}
        return {channel: most for channel, most in told.items() if most is not None}

    def by_offer(self) -> dict[int, OfferLimit]:
        """What was entered of each offer, by its key."""
        told = self.cleaned_data
        return {
            each.offer_id: OfferLimit(**{name: told[f"{name}_{each.offer_id}"] for name in OF_AN_OFFER})
            for each in self.chosen
        }

    def _capacity(self, channel: str) -> forms.IntegerField:
        return forms.IntegerField(
            label=f"{Channel(channel).label} can carry",
            min_value=0,
            required=False,
            initial=self.instance.capacities.get(channel),
            error_messages=NEGATIVE,
        )

    def _asked(self) -> limits.Limits:
        told, entered = self.cleaned_data, self.by_offer()
        return limits.Limits(
            offers_each=told["offers_each"],
            contacts=told["contact_limit"],
            contacts_per_member=told["contacts_per_member"],
            channels=self.instance.channels,
            capacities=self.carried(),
            offers=[
                Promise(each.offer_id, each.name, entered[each.offer_id].least, entered[each.offer_id].limit)
                for each in self.chosen
            ],
        )


def _of_an_offer(each: CampaignOffer, name: str, own: Terms | None) -> dict[str, forms.Field]:
    """Its minimum, limit and budget; where it states none, what its `own` terms allow stands there in grey."""
    return {
        f"least_{each.offer_id}": forms.IntegerField(
            label=f"{name}: members at the least",
            min_value=0,
            required=False,
            initial=each.least,
            error_messages=NONE_LEAST,
        ),
        f"limit_{each.offer_id}": forms.IntegerField(
            label=f"{name}: members at the most",
            min_value=0,
            required=False,
            initial=each.limit,
            error_messages=NEGATIVE,
            widget=_hinting(own.limit_total if own else None),
        ),
        f"budget_{each.offer_id}": forms.DecimalField(
            label=f"{name}: budget",
            min_value=Decimal(0),
            decimal_places=2,
            required=False,
            initial=_short(each.budget),
            error_messages=NEGATIVE,
            widget=_hinting(own.budget if own else None),
        ),
    }


def _hinting(most: int | Decimal | None) -> forms.NumberInput:
    return forms.NumberInput({"placeholder": f"{most:,.0f}"} if most is not None else {})


def _short(amount: Decimal | None) -> Decimal | None:
    """Two decimal places where they say all."""
    return amount if amount is None or amount != amount.quantize(CENT) else amount.quantize(CENT)
