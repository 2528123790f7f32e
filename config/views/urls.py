from django.urls import path

from config.views import loads, quality

urlpatterns = [
    path("data/", loads.loads, name="loads"),
    path("data/upload/", loads.upload, name="load_upload"),
    path("data/quality/", quality.show, name="quality"),
    path("data/<int:pk>/", loads.load, name="load"),
    path("data/<int:pk>/start/", loads.start, name="load_start"),
    path("data/<int:pk>/discard/", loads.discard, name="load_discard"),
    path("data/<int:pk>/again/", loads.again, name="load_again"),
    path("data/<int:pk>/rejects/", loads.rejects, name="load_rejects"),
]
