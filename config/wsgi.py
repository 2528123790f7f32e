"""The web server's way in: `granian --interface wsgi config.wsgi:application`."""

import os
from importlib import import_module

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from config.checks import own_secret_key

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# What pages are made of takes seconds to read: now, and not while somebody waits for the first one.
import_module(settings.ROOT_URLCONF)

# Commands run the system checks; a web server does not.
for refusal in own_secret_key():
    raise ImproperlyConfigured(refusal.msg)
