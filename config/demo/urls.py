"""Pages of the demo alone: `config.urls` includes them nowhere else."""

from django.urls import path

from config.demo.views import outbox, passing, truth

urlpatterns = [
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<int:pk>/", outbox.message, name="outbox_message"),
    path("outbox/<int:pk>/letter/", outbox.letter, name="outbox_letter"),
    path("pass/", passing.page, name="demo_pass"),
    path("pass/begin/", passing.begin, name="demo_pass_begin"),
    path("truth/<str:ref>/", truth.truth, name="demo_truth"),
]
