from django.urls import path

from loyalty.views import builder, layers, preferences, segments

urlpatterns = [
    path("segments/", segments.segments, name="segments"),
    path("segments/layers/", layers.show, name="layers"),
    path("segments/new/", builder.segment, name="segment_new"),
    path("segments/<int:pk>/", builder.segment, name="segment"),
    path("segments/<int:pk>/rule/", segments.segment_rule, name="segment_rule"),
    path("preferences/<str:token>/", preferences.show, name="preferences"),
    path("preferences/<str:token>/choose/", preferences.choose, name="preferences_choose"),
    path("preferences/<str:token>/unsubscribe/", preferences.unsubscribe, name="preferences_unsubscribe"),
]
