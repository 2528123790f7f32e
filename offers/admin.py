"""Offers as they stand in the tables, to look at."""

from django.contrib import admin

from loyalty.admin import ReadOnly
from offers.models import Approval, Offer, Review, Terms


@admin.register(Offer)
class OfferAdmin(ReadOnly):
    list_display = ["ref", "created_by", "created_at"]
    list_select_related = ["created_by"]
    search_fields = ["ref"]


@admin.register(Terms)
class TermsAdmin(ReadOnly):
    list_display = ["offer", "number", "name", "kind", "state", "author"]
    list_select_related = ["offer", "author"]
    list_filter = ["state", "kind"]
    search_fields = ["offer__ref", "name"]


@admin.register(Approval)
class ApprovalAdmin(ReadOnly):
    list_display = ["terms", "author", "approver", "at"]
    list_select_related = ["terms", "author", "approver"]


@admin.register(Review)
class ReviewAdmin(ReadOnly):
    list_display = ["terms", "outcome", "reviewer", "at"]
    list_select_related = ["terms", "reviewer"]
