from django.urls import path

from offers.views import offer, offers, reviews

urlpatterns = [
    path("offers/", offers.show, name="offers"),
    path("offers/export/", offers.export, name="offers_export"),
    path("offers/new/", offers.new, name="offer_new"),
    path("offers/<path:ref>/save/", offer.save, name="offer_save"),
    path("offers/<path:ref>/submit/", offer.submit, name="offer_submit"),
    path("offers/<path:ref>/revise/", offer.revise, name="offer_revise"),
    path("offers/<path:ref>/discard/", offer.discard, name="offer_discard"),
    path("offers/<path:ref>/", offer.show, name="offer"),
    path("reviews/", reviews.show, name="reviews"),
    path("reviews/<int:terms_id>/approve/", reviews.approve, name="review_approve"),
    path("reviews/<int:terms_id>/return/", reviews.return_, name="review_return"),
]
