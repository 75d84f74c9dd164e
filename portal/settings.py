"""Settings, read from the environment and put together here; each subject has a module.

With nothing set the portal runs on services that it starts itself, on loopback.
``.env.example`` lists every variable.
"""

from __future__ import annotations

from environs import Env

from portal.account_settings import *  # noqa: F403
from portal.browser_settings import *  # noqa: F403
from portal.database_settings import *  # noqa: F403
from portal.front_end_settings import *  # noqa: F403
from portal.installation_settings import *  # noqa: F403
from portal.installation_settings import DATA, DEMO, PRODUCTION
from portal.interface_settings import *  # noqa: F403
from portal.logs import logging_settings
from portal.program_settings import *  # noqa: F403
from portal.queue_settings import *  # noqa: F403
from portal.sign_in_limits import *  # noqa: F403
from portal.sign_in_settings import *  # noqa: F403
from portal.single_sign_on_settings import *  # noqa: F403
from portal.single_sign_on_settings import SINGLE_SIGN_ON_APPS

env = Env()

INSTALLED_APPS = [
    "portal.apps.PortalConfig",
    "cases.apps.CasesConfig",
    "sharing.apps.SharingConfig",
    "agencies.apps.AgenciesConfig",
    "ledger.apps.LedgerConfig",
    "allauth",
    "allauth.account",
    *SINGLE_SIGN_ON_APPS,
    "allauth.mfa",
    "guardian",
    "oauth2_provider",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "portal.metrics.measure_answers",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.session_limits.SessionLimitsMiddleware",
    "agencies.middleware.ActorMiddleware",
    "agencies.vouched_sessions.VouchedSessionMiddleware",
    "agencies.visits.VisitMiddleware",
    "portal.lost_session.SignInMiddleware",
    "agencies.enrolment.EnrolmentMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "portal.frame.FrameMiddleware",
    "portal.refusals.RefusalMiddleware",
]

if DEMO:
    MIDDLEWARE.append("portal.demo.strip.OfferMiddleware")

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
CSRF_FAILURE_VIEW = "portal.refusals.csrf_failed"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

# Mail holds ids and links, never content.  Without a server the demo writes it to the data folder.
EMAIL_URL: str = env.str("EMAIL_URL", "")
EMAIL_FILE_PATH = str(DATA / "mail")
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", "liaison@localhost")
if EMAIL_URL:
    globals().update(env.dj_email_url("EMAIL_URL"))

# How long whoever approves on a page can take it back; until then nothing is live.  0: no undo.
APPROVAL_UNDO_SECONDS: int = env.int("APPROVAL_UNDO_SECONDS", 10)
SEARCH_SECONDS: int = env.int("SEARCH_SECONDS", 20)

METRICS_TOKEN: str = env.str("METRICS_TOKEN", "")
LOGGING = logging_settings(production=PRODUCTION, level=env.str("LOG_LEVEL", "WARNING"))
