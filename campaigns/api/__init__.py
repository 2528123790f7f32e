"""What machines ask of campaigns, with a machine key: a member's inbox, and what a draft may use."""

from campaigns.api import inbox, limits

urlpatterns = [*inbox.urlpatterns, *limits.urlpatterns]
