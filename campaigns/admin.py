"""Campaigns and their runs as they stand in the tables, to look at; decisions have a page, since they are many."""

from django.contrib import admin

from campaigns.models import Campaign, Chunk, Draw, Ruling, Run, RunOffer, Scorer, Training
from loyalty.admin import ReadOnly


@admin.register(Campaign)
class CampaignAdmin(ReadOnly):
    list_display = ["ref", "name", "state", "created_by", "launched_by", "launched_at"]
    list_select_related = ["created_by", "launched_by"]
    list_filter = ["state", "imported"]
    search_fields = ["ref", "name"]


@admin.register(Draw)
class DrawAdmin(ReadOnly):
    list_display = ["begins", "ends", "universal_share", "generic_share", "drawn_by", "drawn_at"]
    list_select_related = ["drawn_by"]
    exclude = ["universal_threshold"]


@admin.register(Run)
class RunAdmin(ReadOnly):
    list_display = ["id", "campaign", "state", "doing", "started_at", "finished_at", "sentence"]
    list_select_related = ["campaign"]
    list_filter = ["state"]


@admin.register(RunOffer)
class RunOfferAdmin(ReadOnly):
    list_display = ["run", "offer", "limit", "budget", "assigned", "spend", "price"]
    list_select_related = ["run", "offer"]


@admin.register(Chunk)
class ChunkAdmin(ReadOnly):
    list_display = ["run", "stage", "number", "members", "attempts", "lease_until", "done_at"]
    list_select_related = ["run"]
    list_filter = ["stage"]


@admin.register(Scorer)
class ScorerAdmin(ReadOnly):
    list_display = ["id", "purpose", "kind", "state", "learned_from", "trained_at", "verdict"]
    list_filter = ["purpose", "state"]


@admin.register(Ruling)
class RulingAdmin(ReadOnly):
    list_display = ["scorer", "state", "why", "by", "at"]
    list_select_related = ["scorer", "by"]


@admin.register(Training)
class TrainingAdmin(ReadOnly):
    list_display = ["id", "asked_by", "started_at", "finished_at", "failed", "doing"]
    list_select_related = ["asked_by"]
