from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"

    def ready(self) -> None:
        from campaigns import checks  # noqa: F401 - they register themselves
        from loyalty.profiles import foreseen

        foreseen.add("campaigns.member_features.foreseen")
