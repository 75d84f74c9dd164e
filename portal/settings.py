"""Settings, read from the environment in one place.

With nothing set the portal runs on services that it starts itself, on loopback.
``.env.example`` lists every variable.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from environs import Env

from portal.broker import broker_settings, cache_settings
from portal.logs import logging_settings
from portal.program_settings import *  # noqa: F403
from portal.secret import stored_secret
from portal.sign_in_limits import *  # noqa: F403
from portal.sign_in_settings import *  # noqa: F403
from portal.single_sign_on_settings import *  # noqa: F403
from portal.single_sign_on_settings import SINGLE_SIGN_ON_APPS

env = Env()
ROOT = Path(__file__).resolve().parent.parent
DATA = Path(env.str("LIAISON_DATA", str(ROOT / ".data"))).resolve()

DEMO: bool = env.bool("LIAISON_DEMO", False)
DEBUG: bool = env.bool("DEBUG", False)
PRODUCTION: bool = not (DEMO or DEBUG)
SECRET_KEY: str = env.str("SECRET_KEY", "") or stored_secret(DATA)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
PORTAL_URL: str = env.str("PORTAL_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = [PORTAL_URL]

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
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [
            ROOT / "templates",
            *([ROOT / "portal" / "demo" / "templates"] if DEMO else []),
            *([ROOT / "portal" / "components" / "templates"] if DEBUG else []),
        ],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["portal.templatetags.addresses"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.frame.frame",
                *(["portal.demo.strip.strip"] if DEMO else []),
            ],
        },
    }
]

# Databases: the application's role, and the owner that migrates.
DATABASE_URL: str = env.str("DATABASE_URL", "postgres:///liaison")
DATABASES: dict[str, dict[str, Any]] = {
    "default": env.dj_db_url(
        "DATABASE_URL", DATABASE_URL, conn_max_age=60, conn_health_checks=True
    ),
    "owner": env.dj_db_url("DATABASE_OWNER_URL", DATABASE_URL),
}
for database in DATABASES.values():
    database.setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
    # Statements are short and many: none is worth compiling, and prepared ones keep their plan.
    # What is asked often is in memory or on a disk that does not seek: an index costs little more.
    plans = "-c jit=off -c plan_cache_mode=force_generic_plan -c random_page_cost=1.1"
    database["OPTIONS"].setdefault("options", plans)
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSERT_ONLY_TABLES = ["ledger_event", "ledger_seal"]
READ_ONLY_TABLES = [
    "guardian_userobjectpermission",
    "guardian_groupobjectpermission",
    "agencies_person_user_permissions",
    "agencies_person_groups",
    "auth_group_permissions",
]

# Broker and cache. Losing either loses nothing: the outbox is in the database.
REDIS_URL: str = env.str("REDIS_URL", "")
CACHES = cache_settings(REDIS_URL)
CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS = broker_settings(REDIS_URL, DATA / "queue")
CELERY_BROKER_CONNECTION_TIMEOUT = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 100
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "portal.heartbeat:BeatingScheduler"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    task: {"task": task, "schedule": seconds, "options": {"expires": seconds}}
    for task, seconds in {
        "ledger.tasks.deliver_messages": 5,
        "ledger.tasks.seal_events": 5,
        "sharing.tasks.sweep_grants": 60,
        "agencies.tasks.warn_of_credentials": 3600,
        "agencies.tasks.forget_sign_ins": 3600,
        "sharing.tasks.send_digests": 300,
        "cases.tasks.forget_staged_imports": 600,
        "agencies.tasks.recertify_agencies": 3600,
        "portal.tasks.forget_idempotency_keys": 3600,
        "portal.tasks.forget_program_tokens": 3600,
    }.items()
}

# People and sessions.  CJISSECPOL 6.0: 12 hours absolute, no longer than the browser.
AUTH_USER_MODEL = "agencies.Person"
AUTHENTICATION_BACKENDS = [
    "sharing.backends.RecordBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "agencies.backends.AdministratorBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = GUARDIAN_MONKEY_PATCH_GROUP = False
# Permissions are answered by a backend of our own, from the one rule.
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
LOGIN_URL = "personas" if DEMO else "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = LOGIN_URL
ACCOUNT_ADAPTER = "agencies.accounts.PortalAccounts"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "[Liaison] "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = PORTAL_URL.partition(":")[0]
# A shift of officers signs in from one address; failures of an account are counted in the database.
ACCOUNT_RATE_LIMITS = {"login": "120/m/ip", "login_failed": "20/m/ip"}
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.refusals.csrf_failed"

# The browser is told to trust nothing but this origin.
SECURE_CSP = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    "font-src": [SELF],
    "connect-src": [SELF],
    "manifest-src": [SELF],
    "form-action": [SELF],
    "frame-ancestors": [NONE],
    "base-uri": [NONE],
}
CONTENT_SECURITY_POLICY = {"DIRECTIVES": SECURE_CSP}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
if env.bool("BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

# Mail holds ids and links, never content.  Without a server the demo writes it to the data folder.
EMAIL_URL: str = env.str("EMAIL_URL", "")
EMAIL_FILE_PATH = str(DATA / "mail")
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", "liaison@localhost")
if EMAIL_URL:
    globals().update(env.dj_email_url("EMAIL_URL"))

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

# Front-end packages come from their registry and are served from where they were installed.
STATIC_URL = "static/"
STATIC_ROOT = ROOT / "staticfiles"
PACKAGES = {"uswds": ROOT / "node_modules" / "@uswds" / "uswds" / "dist"}
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [ROOT / "static"]
STATICFILES_DIRS += [(prefix, folder) for prefix, folder in PACKAGES.items() if folder.is_dir()]
HASHED = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": HASHED if PRODUCTION else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
MEDIA_ROOT = DATA / "media"

# The interface for programs, closed until a view says who may.
REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["portal.api.authentication.BearerToken"],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api.permissions.Nobody"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["portal.api.parsing.StrictJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "portal.api.schema.Description",
    "EXCEPTION_HANDLER": "portal.api.problems.answer_problem",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Liaison",
    "VERSION": "1",
    "DESCRIPTION": "Case files shared record by record. Code values are those of `codes/NAME`.",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "PREPROCESSING_HOOKS": ["portal.api.schema.of_the_interface"],
    "POSTPROCESSING_HOOKS": ["portal.api.schema.closed_objects"],
}
API_REQUESTS_PER_MINUTE: int = env.int("API_REQUESTS_PER_MINUTE", 6000)

# How long whoever approves on a page can take it back; until then nothing is live.  0: no undo.
APPROVAL_UNDO_SECONDS: int = env.int("APPROVAL_UNDO_SECONDS", 10)

METRICS_TOKEN: str = env.str("METRICS_TOKEN", "")

LOGGING = logging_settings(production=PRODUCTION, level=env.str("LOG_LEVEL", "WARNING"))
