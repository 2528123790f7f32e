import os
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.demo.state import MEMBERS


class Command(BaseCommand):
    help = "Start Liftwell with a simulated retailer: servers, world, web server and workers. Ctrl-C ends it."
    requires_system_checks = []  # the tables may not be there yet

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--members", type=members, help=f"size of the world, or 0 for none (default {MEMBERS})")
        parser.add_argument("--port", type=port, default=8000, help="where the web server listens (default 8000)")
        parser.add_argument("--reset", action="store_true", help="delete the demo's database and files first")

    def handle(self, *, members: int | None, port: int, reset: bool, **_: Any) -> None:
        os.environ["LIFTWELL_DEMO"] = "1"
        from config.demo.console import Console
        from config.demo.launch import Options, launch
        from config.embedded import EmbeddedError

        try:
            launch(Options(members, port, reset), Console(self.stdout))
        except EmbeddedError as error:
            raise CommandError(str(error)) from error


def port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ArgumentTypeError(f"{text} is not a port: give a number from 1 to 65535")
    return int(text)


def members(text: str) -> int:
    if not text.isdecimal() or 0 < int(text) < 1000:
        raise ArgumentTypeError(f"{text} is too few: give 1000 or more, or 0 for a house of your own data")
    return int(text)
