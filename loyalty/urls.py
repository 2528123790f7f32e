from django.urls import path

from loyalty.views import builder, layers, merges, preferences, profiles, same_person, segments, telling, words

urlpatterns = [
    path("profiles/", profiles.show, name="profiles"),
    path("profiles/build/", profiles.build, name="profiles_build"),
    path("segments/", segments.segments, name="segments"),
    path("segments/layers/", layers.show, name="layers"),
    path("segments/new/", builder.segment, name="segment_new"),
    path("segments/words/", words.segment_words, name="segment_words"),
    path("segments/<int:pk>/", builder.segment, name="segment"),
    path("segments/<int:pk>/rule/", segments.segment_rule, name="segment_rule"),
    path("same-person/", same_person.show, name="same_person"),
    path("same-person/<int:pk>/same/", same_person.same, name="same_person_same"),
    path("same-person/<int:pk>/different/", same_person.different, name="same_person_different"),
    path("same-person/<int:pk>/later/", same_person.later, name="same_person_later"),
    path("merges/", merges.merges, name="merges"),
    path("merges/<int:pk>/undo/", merges.undo, name="merge_undo"),
    path("preferences/<str:token>/", preferences.show, name="preferences"),
    path("preferences/<str:token>/choose/", preferences.choose, name="preferences_choose"),
    path("preferences/<str:token>/tell/", telling.tell, name="preferences_tell"),
    path("preferences/<str:token>/told.json", telling.told, name="preferences_told"),
    path("preferences/<str:token>/forget/", telling.forget, name="preferences_forget"),
    path("preferences/<str:token>/unsubscribe/", preferences.unsubscribe, name="preferences_unsubscribe"),
]
