"""What stands in the tables, to look at; offers change on their own pages, by their rules."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from offers.models import Approval, Offer, Review, Terms


class ReadOnly(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Offer)
class OfferAdmin(ReadOnly):
    list_display = ["ref", "created_by", "created_at"]
    search_fields = ["ref"]


@admin.register(Terms)
class TermsAdmin(ReadOnly):
    list_display = ["offer", "number", "name", "kind", "state", "author"]
    list_filter = ["state", "kind"]
    search_fields = ["offer__ref", "name"]


@admin.register(Approval)
class ApprovalAdmin(ReadOnly):
    list_display = ["terms", "author", "approver", "at"]


@admin.register(Review)
class ReviewAdmin(ReadOnly):
    list_display = ["terms", "outcome", "reviewer", "at"]
