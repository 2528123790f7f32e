from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "campaigns"

    def ready(self) -> None:
        from loyalty.profiles import foreseen

        foreseen.add("campaigns.member_features.foreseen")
