"""All settings. Everything that may differ between two installations comes from the environment.

Variables that the environment lacks are read from a file `.env`; each may stand in a file of its
own, which the variable's name with `_FILE` names. `DEBUG=1` is development. Without
it this is production: `SECRET_KEY`, `ALLOWED_HOSTS` and `DATABASE_URL` must be set, and start-up
ends with one line that names what is missing or wrong. docs/settings.md lists every variable.
"""

import logging
from datetime import timedelta
from pathlib import Path
from typing import Any

import pghistory
from csp.constants import NONE, SELF
from django.conf import global_settings
from environs import validate as check

from billing import logs
from billing.environment import (
    Environment,
    check_database,
    limits_of,
    refusing_to_start,
    replicas_of,
    require_extras,
    validate_not_blank,
    validate_strong,
)

BASE_DIR = Path(__file__).resolve().parent.parent
# A checkout has templates/ and fixtures/ at its top. The wheel carries them in this folder.
_BUNDLED = BASE_DIR / "billing" / "bundled"
_IS_CHECKOUT = not _BUNDLED.is_dir()
RESOURCES_DIR = BASE_DIR if _IS_CHECKOUT else _BUNDLED
# Where this copy reads `.env` and writes what it makes. Nothing is written to site-packages.
STATE_DIR = BASE_DIR if _IS_CHECKOUT else Path.cwd()

env = Environment()
env.read_env(STATE_DIR / ".env", recurse=False)

DEBUG = env.bool("DEBUG", False)
# Where there is no default, the variable must be set.
SECRET_KEY = "for development only" if DEBUG else env.str("SECRET_KEY", validate=validate_strong)
# Former ones: what they have signed and encrypted still holds.
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", [])
ALLOWED_HOSTS = (
    env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
    if DEBUG
    else env.list("ALLOWED_HOSTS", validate=validate_not_blank)
)
# Unset in development: the checkout's private PostgreSQL.
DATABASE: dict[str, Any] | None = (
    env.dj_db_url("DATABASE_URL") if env.str("DATABASE_URL", "") or not DEBUG else None
)
# Standbys that may answer the reads of APIs.
REPLICA_URLS: list[str] = env.list("DATABASE_REPLICA_URLS", [])
DATABASE_CONN_MAX_AGE = env.int("DATABASE_CONN_MAX_AGE", 60)
# How long the database may take for each kind of work, like `statement=5,lock=2,idle=10`; seconds,
# 0 for no limit. What is not given is as in `billing.environment.LIMITS`.
limits_given: dict[str, Any] = {
    "api": env.dict("API_LIMITS", {}, subcast_values=float),
    "page": env.dict("PAGE_LIMITS", {}, subcast_values=float),
    "import": env.dict("IMPORT_LIMITS", {}, subcast_values=float),
    "command": env.dict("COMMAND_LIMITS", {}, subcast_values=float),
}
# How long a migration waits for a table, in milliseconds, before it is rolled back and tried again,
# and for how many seconds it is tried.
MIGRATION_LOCK_TIMEOUT = env.int("MIGRATION_LOCK_TIMEOUT", 300, validate=check.Range(0, 60_000))
MIGRATION_PATIENCE = env.int("MIGRATION_PATIENCE", 300, validate=check.Range(0, 86_400))
# A pooler in transaction mode may need this off: each of its connections serves several of ours.
DATABASE_PREPARED_STATEMENTS = env.bool("DATABASE_PREPARED_STATEMENTS", True)
# How long a worker accepts a credential without looking it up again; 0 to look it up each time.
CREDENTIAL_CACHE_SECONDS = env.int(
    "CREDENTIAL_CACHE_SECONDS", 0 if DEBUG else 10, validate=check.Range(0, 30)
)
# True behind a proxy that sets X-Forwarded-Proto, X-Forwarded-Host and X-Request-Id itself.
# For how many days events are served to those who follow them; 0 for as long as the history goes.
EVENT_DAYS = env.int("EVENT_DAYS", 30, validate=check.Range(0, 36_500))

TRUST_PROXY_HEADERS = env.bool("TRUST_PROXY_HEADERS", False)
HTTPS_ONLY = env.bool("HTTPS_ONLY", not DEBUG)
# How long browsers shall refuse plain HTTP. Whether also for other hosts below this one, and for
# good in the browsers' own lists, is for the owner of the domain to say.
HSTS_SECONDS = env.int(
    "HSTS_SECONDS", 365 * 24 * 60 * 60 if HTTPS_ONLY else 0, validate=check.Range(0, 2**31)
)
HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_INCLUDE_SUBDOMAINS", False)
HSTS_PRELOAD = env.bool("HSTS_PRELOAD", False)
# Requests of one credential, and requests for a token from one address; empty for no limit.
_rate = check.Regexp(r"([1-9]\d*/(second|minute|min|hour|day))?\Z", error="Not like 120/min.")
RATE_LIMIT = env.str("RATE_LIMIT", "" if DEBUG else "1200/min", validate=_rate)
TOKEN_RATE_LIMIT = env.str("TOKEN_RATE_LIMIT", "" if DEBUG else "120/min", validate=_rate)
# Wrong API keys and access tokens from one address; empty for no limit.
FAILED_KEY_RATE_LIMIT = env.str("FAILED_KEY_RATE_LIMIT", "" if DEBUG else "30/min", validate=_rate)
# Failures to sign in from one address, with all names, within 15 minutes.
SIGN_IN_FAILURES_PER_ADDRESS = env.int(
    "SIGN_IN_FAILURES_PER_ADDRESS", 20, validate=check.Range(5, 1_000_000)
)
# Where `collectstatic` puts the static files, and where they are served from.
STATIC_ROOT = STATE_DIR / (env.str("STATIC_ROOT", "") or "static")
# Where the documentation is, once `make docs` has built it; `/docs/` serves it.
DOCS_ROOT = STATE_DIR / "site" / "html"
# For `manage.py demo`: its address, and the host names it accepts if other machines can reach it.
HOST = env.str("HOST", "127.0.0.1")
PORT = env.int("PORT", 8000)
DEMO_ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["*"])
# For `manage.py serve`: processes, and the threads of each for the APIs and for pages. A thread
# works on one request at a time and has one connection to the database.
WORKERS = env.int("WORKERS", 2, validate=check.Range(1, 256))
API_THREADS = env.int("API_THREADS", 2, validate=check.Range(1, 256))
PAGE_THREADS = env.int("PAGE_THREADS", 2, validate=check.Range(1, 256))
# The server that sends email; empty for none: then people copy the links that they would be sent.
EMAIL_HOST = env.str("EMAIL_HOST", "")
EMAIL_PORT = env.int("EMAIL_PORT", 587, validate=check.Range(1, 65_535))
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", "")
email_security = env.str(
    "EMAIL_SECURITY", "starttls", validate=check.OneOf(["starttls", "tls", "none"])
)
EMAIL_USE_TLS, EMAIL_USE_SSL = email_security == "starttls", email_security == "tls"
EMAIL_TIMEOUT = 10  # seconds
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", f"registry@{EMAIL_HOST or 'localhost'}")
# Whether webhooks may be sent without encryption, and, in development only, to this machine itself.
WEBHOOK_ALLOW_HTTP = env.bool("WEBHOOK_ALLOW_HTTP", DEBUG)
WEBHOOK_ALLOW_LOOPBACK = DEBUG and env.bool("WEBHOOK_ALLOW_LOOPBACK", True)
# For how many days what was sent, and each attempt at it, is kept.
WEBHOOK_KEPT_DAYS = env.int("WEBHOOK_KEPT_DAYS", 30, validate=check.Range(1, 3650))
LOG_LEVEL = env.log_level("LOG_LEVEL", logging.INFO)
LOG_FORMAT = env.str("LOG_FORMAT", "line", validate=check.OneOf(["line", "json"]))
# A line for each request.
ACCESS_LOG = env.bool("ACCESS_LOG", not DEBUG)
# `/metrics` for Prometheus, and the Bearer token that it has to show.
METRICS = env.bool("METRICS", False)
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
# Where errors and traces are sent to.
SENTRY_DSN = env.str("SENTRY_DSN", "")
OTEL_EXPORTER_OTLP_ENDPOINT = env.str("OTEL_EXPORTER_OTLP_ENDPOINT", "")

with refusing_to_start():
    env.seal()
    check_database(DATABASE)
    REPLICA_DATABASES = replicas_of(REPLICA_URLS)
    DATABASE_LIMITS = limits_of(limits_given)
    require_extras(
        METRICS=METRICS,
        SENTRY_DSN=SENTRY_DSN,
        OTEL_EXPORTER_OTLP_ENDPOINT=OTEL_EXPORTER_OTLP_ENDPOINT,
    )

# --- Application ---------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "django_countries",
    "django_filters",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "oauth2_provider",
    "pghistory",
    "pgtrigger",
    "procrastinate.contrib.django",
    "rest_framework",
    "billing",
    "customers",
    "customers.webhooks",
    "customers.staff",  # the last: it gives permissions of the others to groups
]

MIDDLEWARE = [
    "billing.watch.health.Health",
    "billing.watch.requests.Observed",
    "customers.rest.middleware.CacheHeaders",
    "customers.rest.middleware.RequestId",
    "customers.rest.middleware.ContractErrors",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "billing.page_middleware.CSPMiddleware",
    "billing.page_middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "billing.page_middleware.AuthenticationMiddleware",
    "billing.page_middleware.OTPMiddleware",
    "billing.page_middleware.SecondFactor",
    "billing.page_middleware.TypedText",
    "billing.page_middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "billing.page_middleware.StaffHistory",
    "billing.page_middleware.ReaderTimeZone",
    "axes.middleware.AxesMiddleware",
    "billing.page_middleware.DatabaseAway",
]

ROOT_URLCONF = "billing.urls"
WSGI_APPLICATION = "billing.wsgi.application"
APPEND_SLASH = False  # the contracts have no trailing slashes, and a redirect would lose the body

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [RESOURCES_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# A widget's template may be among the project's.
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database ------------------------------------------------------------------------------------

# The private server's engine fills in the rest.
database: dict[str, Any] = (
    {**DATABASE, "ENGINE": "billing.postgres"}
    if DATABASE
    else {"ENGINE": "billing.embedded_postgres"}
)
REPLICAS = list(REPLICA_DATABASES)
DATABASES: dict[str, dict[str, Any]] = {
    alias: {
        **given,
        "CONN_MAX_AGE": DATABASE_CONN_MAX_AGE,
        "CONN_HEALTH_CHECKS": True,
        # If the database is gone, a request must fail in seconds, not hang.
        "OPTIONS": {
            "connect_timeout": 2,
            "tcp_user_timeout": 3000,
            **given.get("OPTIONS", {}),
        },
        "TEST": {"MIRROR": "default"} if alias != "default" else {},
    }
    for alias, given in {"default": database, **REPLICA_DATABASES}.items()
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [RESOURCES_DIR / "fixtures"]
SERIALIZATION_MODULES = {"json": "customers.dumps.json", "jsonl": "customers.dumps.jsonl"}

# --- History: written by triggers, never changed afterwards --------------------------------------

PGHISTORY_APPEND_ONLY = True
PGHISTORY_BASE_MODEL = "customers.models.base.HistoryEvent"
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_CREATED_AT_FUNCTION = "CLOCK_TIMESTAMP()"
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)

# --- Webhooks ------------------------------------------------------------------------------------

# The task is imported by the command that runs it, and by no web server.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = None

# --- Staff ---------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "customers.staff.backends.StaffBackend",
]
AUTH_USER_MODEL = "staff.StaffUser"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "staff:login"
LOGIN_REDIRECT_URL = "backoffice:start"
LOGOUT_REDIRECT_URL = "staff:login"
SESSION_COOKIE_AGE = 8 * 60 * 60

# Five failures with one name from one address lock it for 15 minutes, and so do failures with
# several names (SIGN_IN_FAILURES_PER_ADDRESS) that address. Trying does not extend them.
AXES_HANDLER = "customers.staff.lockout.LockoutHandler"
AXES_FAILURE_LIMIT = 5
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "customers.staff.lockout.address"
AXES_USERNAME_CALLABLE = "customers.staff.lockout.user_name"
AXES_LOCKOUT_CALLABLE = "customers.staff.lockout.locked_out"
AXES_VERBOSE = False

OTP_TOTP_ISSUER = "Customer registry"

# --- API -----------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    # Each contract's views set theirs; a view that sets none denies everyone.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["customers.rest.authentication.DenyAll"],
    "UNAUTHENTICATED_USER": None,
    # For rate limits by address: without a proxy anyone can write X-Forwarded-For.
    "NUM_PROXIES": 1 if TRUST_PROXY_HEADERS else 0,
    "URL_FORMAT_OVERRIDE": None,
}

OAUTH2_PROVIDER_APPLICATION_MODEL = "customers.OAuthClient"
OAUTH2_PROVIDER = {
    "ACCESS_TOKEN_EXPIRE_SECONDS": 3600,
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_AUTHZ_RESPONSE_ISS": True,
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
    "OAUTH2_VALIDATOR_CLASS": "customers.rest.oauth.ClientValidator",
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "SCOPES_BACKEND_CLASS": "customers.models.scopes.ClientScopes",
}

SPECTACULAR_SETTINGS = {
    "ENUM_NAME_OVERRIDES": {
        "EventTypeEnum": "customers.insights.events.TYPES",
        "PaymentMethodTypeEnum": "customers.models.PaymentMethod.Type",
    },
    "COMPONENT_SPLIT_PATCH": False,
    # It would check one document for all contracts, which does not exist.
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # The validator badge would send the document's address to another host.
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "validatorUrl": None},
}

# --- Pages ---------------------------------------------------------------------------------------

STATIC_URL = "static/"
STORAGES = {
    **global_settings.STORAGES,
    # In production a file has a name of its content, by which browsers keep it for ever.
    **({} if DEBUG else {"staticfiles": {"BACKEND": "billing.static_files.HashedFiles"}}),
}
STATICFILES_DIRS = [BASE_DIR / "customers" / "assets"]
# In development files are served from where they are; in production, from STATIC_ROOT.
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
# Not in ISO 3166-1, but a country to the European Union and payment systems.
COUNTRIES_OVERRIDE = {"XK": {"name": "Kosovo", "alpha3": "XKX"}}

FILE_UPLOAD_HANDLERS = [
    "customers.imports.upload_handler.WithinLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# A customer with many users is one large form in the admin.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# --- Security ------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
    }
}
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "customers.staff.errors.form_refused"
# Without HTTPS a browser would send no secure cookie, and nobody could sign in.
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_HSTS_SECONDS = HSTS_SECONDS
SECURE_HSTS_INCLUDE_SUBDOMAINS = HSTS_INCLUDE_SUBDOMAINS
SECURE_HSTS_PRELOAD = HSTS_PRELOAD
# The deployment check asks for the two that are the owner's decision.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
X_FRAME_OPTIONS = "DENY"
if TRUST_PROXY_HEADERS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    USE_X_FORWARDED_HOST = True

# --- Logging -------------------------------------------------------------------------------------

LOGGING = logs.configuration(LOG_LEVEL, style=LOG_FORMAT, access=ACCESS_LOG)
