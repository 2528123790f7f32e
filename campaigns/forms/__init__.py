"""The builder's steps: each form holds one step's fields of a campaign and says what is wrong in a sentence."""

from campaigns.forms.brief import BriefForm, NewForm
from campaigns.forms.chance import DatesForm, HoldoutForm, dates_of
from campaigns.forms.limits import LimitsForm
from campaigns.forms.reach import AudienceForm, OffersForm

__all__ = ["AudienceForm", "BriefForm", "DatesForm", "HoldoutForm", "LimitsForm", "NewForm", "OffersForm", "dates_of"]
