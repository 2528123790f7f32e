"""What we could give: the offer, its numbered terms, their content per channel, and what reviewers said."""

from offers.models.offer import Offer
from offers.models.review import Approval, Review
from offers.models.terms import Content, Terms

__all__ = ["Approval", "Content", "Offer", "Review", "Terms"]
