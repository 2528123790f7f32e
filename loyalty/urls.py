from django.urls import path

from loyalty.views import preferences

urlpatterns = [
    path("preferences/<str:token>/", preferences.show, name="preferences"),
    path("preferences/<str:token>/choose/", preferences.choose, name="preferences_choose"),
    path("preferences/<str:token>/unsubscribe/", preferences.unsubscribe, name="preferences_unsubscribe"),
]
