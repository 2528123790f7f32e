from django.urls import path

from loyalty.views import layers, preferences, segments

urlpatterns = [
    path("segments/", segments.segments, name="segments"),
    path("segments/layers/", layers.show, name="layers"),
    path("segments/new/", segments.segment, name="segment_new"),
    path("segments/<int:pk>/", segments.segment, name="segment"),
    path("preferences/<str:token>/", preferences.show, name="preferences"),
    path("preferences/<str:token>/choose/", preferences.choose, name="preferences_choose"),
    path("preferences/<str:token>/unsubscribe/", preferences.unsubscribe, name="preferences_unsubscribe"),
]
