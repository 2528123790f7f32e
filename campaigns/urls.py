from django.urls import path

from campaigns.views import builder, campaigns, comparison, member, members, review, runs, scorers

urlpatterns = [
    path("members/", members.members, name="members"),
    path("members/find/", members.find, name="members_find"),
    path("members.csv", members.export, name="members_export"),
    path("members/<path:ref>/reveal/", member.reveal, name="member_reveal"),
    path("members/<path:ref>/end-links/", member.end_links, name="member_end_links"),
    path("members/<path:ref>/", member.member, name="member"),
    path("campaigns/", campaigns.campaigns, name="campaigns"),
    path("campaigns/new/", campaigns.new, name="campaign_new"),
    path("campaigns/<str:ref>/", builder.campaign, name="campaign"),
    path("campaigns/<str:ref>/discard/", builder.discard, name="campaign_discard"),
    path("campaigns/<str:ref>/compare/", comparison.comparison, name="campaign_compare"),
    path("campaigns/<str:ref>/dry-run/", review.dry_run, name="campaign_dry_run"),
    path("campaigns/<str:ref>/rehearse/", review.rehearse, name="campaign_rehearse"),
    path("campaigns/<str:ref>/launch/", review.launch, name="campaign_launch"),
    path("campaigns/<str:ref>/review/", review.review, name="campaign_review"),
    path("campaigns/<str:ref>/step/<str:name>/", builder.step, name="campaign_step"),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/cancel/", runs.cancel, name="run_cancel"),
    path("runs/<int:pk>/decisions/", runs.decisions, name="decisions"),
    path("runs/<int:pk>/decisions/<path:member_ref>/", runs.decision, name="decision"),
    path("scorers/", scorers.scorers, name="scorers"),
    path("scorers/train/", scorers.train, name="scorers_train"),
    path("scorers/<int:pk>/", scorers.scorer, name="scorer"),
    path("scorers/<int:pk>/put-back/", scorers.put_back, name="scorer_put_back"),
]
