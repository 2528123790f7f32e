import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from campaigns import training
from campaigns.models import Scorer
from loyalty import clock


class Command(BaseCommand):
    help = "Trains scorers from what past decisions brought; those that prove better on later ones come into use."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one object on the last line")

    def handle(self, **options: Any) -> None:
        newest = Scorer.objects.first()
        sentences = training.train(at=clock.now(), report=self.stderr.write)
        for sentence in sentences:
            self.stdout.write(sentence)
        if options["json"]:
            trained = Scorer.objects.filter(pk__gt=newest.pk if newest else 0).order_by("pk")
            self.stdout.write(json.dumps({"sentences": sentences, "scorers": [_told(each) for each in trained]}))


def _told(scorer: Scorer) -> dict[str, Any]:
    facts = ("pk", "purpose", "kind", "state", "verdict", "basis", "learned_from", "code", "card")
    return {name: getattr(scorer, name) for name in facts}
