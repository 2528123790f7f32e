"""What a marketer fills in: a new offer, the terms of one, and what to look for in the list."""

from offers.forms.offers import NewOfferForm, WantedForm
from offers.forms.terms import TermsForm

__all__ = ["NewOfferForm", "TermsForm", "WantedForm"]
