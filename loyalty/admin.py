"""What stands in the tables, to look at: everything changes on pages of its own, by their rules."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from rest_framework_api_key.admin import APIKeyModelAdmin
from rest_framework_api_key.models import APIKey

from loyalty.models import (
    Consent,
    Linking,
    Load,
    MachineKey,
    Member,
    Merge,
    Pair,
    Product,
    Reveal,
    Scope,
    Segment,
    SegmentVersion,
    Snapshot,
    Store,
    Unmerge,
)


class ReadOnly(admin.ModelAdmin):
    """Shows rows and changes none, whoever asks: no approval, log or launch can be gone round here."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Member)
class MemberAdmin(ReadOnly):
    list_display = ["ref", "tier", "joined_on", "home_store"]
    list_select_related = ["home_store"]
    search_fields = ["ref"]


@admin.register(Consent)
class ConsentAdmin(ReadOnly):
    list_display = ["member", "purpose", "channel", "granted", "at", "source", "recorded_at"]
    list_select_related = ["member"]
    list_filter = ["purpose", "channel", "granted"]
    search_fields = ["member__ref"]


@admin.register(Linking)
class LinkingAdmin(ReadOnly):
    list_display = ["started_at", "finished_at", "done", "total", "pairs", "unlikely", "crowded", "merged"]


@admin.register(Pair)
class PairAdmin(ReadOnly):
    list_display = ["first", "second", "confidence", "answer", "answered_by", "answered_at"]
    list_select_related = ["first", "second", "answered_by"]
    list_filter = ["answer"]
    search_fields = ["first__ref", "second__ref"]


@admin.register(Merge)
class MergeAdmin(ReadOnly):
    list_display = ["other", "kept", "why", "confidence", "by", "at"]
    list_select_related = ["other", "kept", "by"]
    search_fields = ["other__ref", "kept__ref"]


@admin.register(Unmerge)
class UnmergeAdmin(ReadOnly):
    list_display = ["merge", "why", "by", "at"]
    list_select_related = ["merge", "by"]


@admin.register(Product)
class ProductAdmin(ReadOnly):
    list_display = ["ref", "name", "category", "price"]
    search_fields = ["ref", "name"]


@admin.register(Store)
class StoreAdmin(ReadOnly):
    list_display = ["ref", "name", "region"]
    search_fields = ["ref", "name"]


@admin.register(Load)
class LoadAdmin(ReadOnly):
    list_display = ["file_name", "kind", "state", "rows", "rejected", "loaded_by", "started_at"]
    list_select_related = ["loaded_by"]
    list_filter = ["kind", "state"]


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnly):
    list_display = ["as_of", "members", "columns", "seconds", "built_at"]


@admin.register(Segment)
class SegmentAdmin(ReadOnly):
    list_display = ["name", "created_by", "created_at"]
    list_select_related = ["created_by"]


@admin.register(SegmentVersion)
class SegmentVersionAdmin(ReadOnly):
    list_display = ["segment", "number", "matching", "saved_by", "saved_at"]
    list_select_related = ["segment", "saved_by"]


@admin.register(Reveal)
class RevealAdmin(ReadOnly):
    list_display = ["member", "by", "reason", "at"]
    list_select_related = ["member", "by"]
    list_filter = ["reason"]
    search_fields = ["member__ref", "by__username"]


class MachineKeyForm(forms.ModelForm):
    """What an administrator says of a key; the key itself is made, shown once, and kept as a hash."""

    scopes = forms.MultipleChoiceField(choices=Scope.choices, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = MachineKey
        fields = ["name", "scopes", "requests_per_minute", "expiry_date", "revoked"]


# Every key has scopes: the package's own, which open everything or nothing, are not made.
admin.site.unregister(APIKey)


@admin.register(MachineKey)
class MachineKeyAdmin(APIKeyModelAdmin):
    form = MachineKeyForm
    list_display = ("name", "prefix", "scopes", "requests_per_minute", "expiry_date", "revoked")
