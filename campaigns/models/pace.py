from django.db import models

from campaigns.models.run import Run
from loyalty.models.consent import Channel


class Pace(models.Model):
    """How many messages a channel took in its latest minute; whoever holds the row has the channel's turn."""

    channel = models.TextField(primary_key=True, choices=Channel.choices)
    minute = models.DateTimeField()
    taken = models.PositiveIntegerField(default=0, help_text="With those that held-out members would have been sent.")

    def __str__(self) -> str:
        return f"{self.taken} by {self.channel}"


class Wait(models.Model):
    """Until when a run sends nothing, and why: quiet hours, or a channel that took its messages of the minute."""

    run = models.OneToOneField(Run, on_delete=models.CASCADE, primary_key=True, related_name="+")
    until = models.DateTimeField()
    why = models.TextField()

    def __str__(self) -> str:
        return f"run {self.run_id} until {self.until}"
