"""Settings, read from the environment; `.env.example` lists every name."""

import os
from pathlib import Path
from typing import Any

import dj_database_url
from environs import Env

from config import embedded
from config.schedule import SCHEDULE

BASE = Path(__file__).resolve().parent.parent
env = Env()
env.read_env(BASE / ".env", recurse=False)

DATA: Path = env.path("LIFTWELL_DATA", BASE / "var").absolute()
# Where compiled loops are kept: beside the code, as numba would, not everybody may write. Numba reads the name itself.
os.environ.setdefault("NUMBA_CACHE_DIR", str(DATA / "kernels"))
# A command beside a running demo belongs to that demo: the world's file in the embedded servers' directory says so.
DEMO: bool = env.bool("LIFTWELL_DEMO", "DATABASE_URL" not in os.environ and (DATA / "world.json").exists())
DEBUG: bool = env.bool("DEBUG", False)

RETAILER_NAME: str = env("RETAILER_NAME", "Liftwell")
RETAILER_CURRENCY: str = env("RETAILER_CURRENCY", "EUR")
RETAILER_SENSITIVE: list[str] = env.list("RETAILER_SENSITIVE", [])  # own columns that the law protects: diet, shoe_size
RETAILER_CLOSED: list[str] = env.list("RETAILER_CLOSED", [])  # days on which nobody can buy: 12-25, 2026-11-26
RETAILER_RFM: Any = env.json("RETAILER_RFM", {})  # cut points and names of cells: `loyalty.profiling.rfm`
RETAILER_SIZES: Any = env.json("RETAILER_SIZES", {})  # of what members may tell a size: {"Shoes": ["36", "37"]}
# Of each channel when it sends nothing, by the clocks of all zones that members may be in: {"app": ["21:00", "08:00"]}
QUIET_HOURS: Any = env.json("QUIET_HOURS", {})
MEMBER_TIME_ZONES: list[str] = env.list("MEMBER_TIME_ZONES", [])  # empty: where the retailer is
MOST_A_MINUTE: Any = env.json("MOST_A_MINUTE", {})  # messages by channel, over all campaigns: {"email": 600}
CLOCK = "config.demo.clock.now" if DEMO else "django.utils.timezone.now"

# -- secrets and hosts ------------------------------------------------------------------------------------------------
DEFAULT_SECRET_KEY = "only-for-the-demo-and-the-tests-" + "0" * 24
SECRET_KEY: str = env("SECRET_KEY", DEFAULT_SECRET_KEY)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

# -- what is installed ------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config",
    "analytics",
    "campaigns",
    "offers",
    "loyalty",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_celery_beat",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "drf_standardized_errors",
    "lucide",
    "rest_framework",
    "rest_framework_api_key",
    "rules",
    "template_partials.apps.SimpleAppConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.security.PageSecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.page",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.static",
                "django.contrib.humanize.templatetags.humanize",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "lucide.templatetags.lucide",
            ],
        },
    }
]
COTTON_DIR = "components"
COTTON_ISOLATE_BY_DEFAULT = True

# -- where data lives -------------------------------------------------------------------------------------------------
EMBEDDED = not (env("DATABASE_URL", "") and env("CELERY_BROKER_URL", ""))
_servers = embedded.urls(DATA)
DATABASES = {
    "default": dj_database_url.parse(
        env("DATABASE_URL", _servers.database_url), conn_max_age=60, conn_health_checks=True
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# -- workers (safety.md's table of faults is the reason for each of these) --------------------------------------------
CELERY_BROKER_URL: str = env("CELERY_BROKER_URL", _servers.broker_url)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env("CACHE_URL", CELERY_BROKER_URL.replace("redis+socket:", "unix:")),
        "KEY_PREFIX": "liftwell",
        "OPTIONS": {"serializer": "config.cache.JsonSerializer"},
    }
}
CELERY_TASK_DEFAULT_QUEUE: str = env("CELERY_QUEUE", "liftwell")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_IGNORE_RESULT = True
CELERY_IMPORTS = ["config.demo.tasks"] if DEMO else []
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = SCHEDULE

# -- time, money, language --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
TIME_ZONE: str = env("RETAILER_TIME_ZONE", "UTC")
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = True

# -- people -----------------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
ACCOUNT_ADAPTER = "config.access.StaffAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False

# -- who is one person (docs/decisions/0009) ---------------------------------------------------------------------------
IDENTITY_KEY: str = env("LIFTWELL_IDENTITY_KEY", "")  # of the hashes of addresses; derived from SECRET_KEY when empty
MERGE_FROM: float = env.float("LIFTWELL_MERGE_FROM", 0.99)  # the confidence from which a rule may merge; above 1: never
RETAILER_COUNTRY: str = env("RETAILER_COUNTRY", "")  # of phone numbers without a country code: GB, DE, …

# -- web --------------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
# Files are served from where they lie; set STATIC_ROOT (and run collectstatic) to serve them by another server.
STATIC_ROOT: str | None = env.str("STATIC_ROOT", None)
STATICFILES_DIRS = [BASE / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "config.staticfiles.PlotlyFinder",
]
WHITENOISE_USE_FINDERS = True
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("HTTPS_ONLY", not (DEBUG or DEMO))
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 2**20
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PERMISSION_CLASSES": ["config.machines.InScope"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "EXCEPTION_HANDLER": "drf_standardized_errors.handler.exception_handler",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Liftwell",
    "DESCRIPTION": "1:1 loyalty campaigns that prove their lift",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# -- mail -------------------------------------------------------------------------------------------------------------
MAILBOX: Path = DATA / "mailbox"
EMAIL_BACKEND: str = env("EMAIL_BACKEND", "config.mailbox.MailboxBackend")
EMAIL_HOST: str = env("EMAIL_HOST", "localhost")
EMAIL_PORT: int = env.int("EMAIL_PORT", 25)
EMAIL_HOST_USER: str = env("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD: str = env("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS: bool = env.bool("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL: str = env("DEFAULT_FROM_EMAIL", "loyalty@example.com")
PUBLIC_URL: str = env("PUBLIC_URL", "http://127.0.0.1:8000")
