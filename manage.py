#!/usr/bin/env python
"""Django's command line; brings the embedded servers up for commands that need them."""

import os
import sys
from contextlib import AbstractContextManager, nullcontext

# These touch neither the database nor the broker.
SERVERLESS = {"check", "collectstatic", "compilemessages", "diffsettings", "help", "makemessages", "version"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    command = next(iter(sys.argv[1:]), "help")
    if command == "demo":
        os.environ["LIFTWELL_DEMO"] = "1"
    from django.core.management import execute_from_command_line

    with servers_for(command):
        execute_from_command_line(sys.argv)


def servers_for(command: str) -> AbstractContextManager[object]:
    """The embedded servers for as long as the command runs, unless real ones are configured or none is needed."""
    from django.conf import settings

    from config import embedded

    # `demo` starts them itself, once it knows that nothing stands in its way.
    if not settings.EMBEDDED or command in SERVERLESS | {"demo"} or command.startswith("-") or is_question():
        return nullcontext()
    return embedded.for_command(settings.DATA)


def is_question() -> bool:
    return not {"-h", "--help"}.isdisjoint(sys.argv)


if __name__ == "__main__":
    main()
