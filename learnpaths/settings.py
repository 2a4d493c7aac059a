"""Django's settings, all decided from `learnpaths.environment`."""

from urllib.parse import urlsplit

import structlog
from csp.constants import NONCE, NONE, SELF

from learnpaths.environment import BASE_DIR, parse_database, parse_email, read

ENVIRONMENT = read()
EMBEDDED = ENVIRONMENT.mode == "embedded"
STATE_DIR = ENVIRONMENT.state_dir

SECRET_KEY = ENVIRONMENT.secret_key
SECRET_KEY_FALLBACKS = ENVIRONMENT.secret_key_fallbacks
DEBUG = ENVIRONMENT.debug
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
BASE_URL = ENVIRONMENT.base_url
SITE_NAME = "Learnpaths"
CONTACT = ENVIRONMENT.contact
IS_HTTPS = BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [BASE_URL]

INSTALLED_APPS = [
    "learnpaths.apps.ProjectConfig",
    "learnpaths.core",
    "learnpaths.accounts.apps.AccountsConfig",
    "learnpaths.catalog",
    "learnpaths.progress",
    "learnpaths.site_texts",
    "learnpaths.search",
    "exercises",
    "certification",
    "learnpaths.accounts.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "django_cotton",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "rest_framework.authtoken",  # its table is empty: the migration that hashed the tokens reads it
    "drf_spectacular",
    "django_prometheus",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "learnpaths.core.requestlog.request_log",
    "learnpaths.core.middleware.FramingMiddleware",
    "learnpaths.core.middleware.InsideMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "learnpaths.core.middleware.CompressionMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",  # below the static files, which need no policy and are many
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "learnpaths.core.zones.in_readers_zone",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "learnpaths.progress.kept_answers.AdoptedAnswersMiddleware",
    "learnpaths.core.middleware.ProblemMiddleware",
    "learnpaths.core.middleware.FormAddressMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "learnpaths.urls"
ASGI_APPLICATION = "learnpaths.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "learnpaths.core.context_processors.site",
            ],
        },
    }
]
COTTON_DIR = "components"

# --- data ---
DATABASES = {"default": parse_database(ENVIRONMENT.database_url)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Without these, two writers at once fail instead of waiting (measured: 637 of 931 writes).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = ENVIRONMENT.redis_url
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
MEDIA_ROOT = STATE_DIR / "media"
CONTENT_DIRS = ENVIRONMENT.content_dirs
RUNTIME_DIR = ENVIRONMENT.runtime_dir
CGROUPS = ENVIRONMENT.cgroups

# --- accounts ---
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
ACCOUNT_ADAPTER = "learnpaths.accounts.adapter.AccountAdapter"
MFA_ADAPTER = "learnpaths.accounts.factors.MFAAdapter"
MFA_TOTP_ISSUER = SITE_NAME
REQUIRE_STAFF_MFA = ENVIRONMENT.require_staff_mfa
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "signup": "learnpaths.accounts.forms.SignupForm",
    "change_password": "learnpaths.accounts.forms.ChangePasswordForm",
    "set_password": "learnpaths.accounts.forms.SetPasswordForm",
    "reset_password_from_key": "learnpaths.accounts.forms.ResetPasswordKeyForm",
}
ACCOUNT_EMAIL_VERIFICATION = "optional" if EMBEDDED else "mandatory"
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # only in the browser that signed up, and where it had been led from
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"[{SITE_NAME}] "
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if IS_HTTPS else "http"
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"

# --- e-mail ---
_email = parse_email(ENVIRONMENT.email_url)
vars().update(_email)
DEFAULT_FROM_EMAIL = ENVIRONMENT.email_from
SERVER_EMAIL = ENVIRONMENT.email_from

# --- static files ---
STATIC_URL = "/static/"
STATIC_ROOT = None if EMBEDDED else STATE_DIR / "static"  # the embedded mode serves them from where they are
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = EMBEDDED  # compression takes minutes: only in an image build
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- language and time ---
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "UTC"  # a reader's own comes with a cookie (core.zones)
USE_TZ = True
FORMAT_MODULE_PATH = ["learnpaths.core.formats"]

# --- security ---
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
if IS_HTTPS:
    SECURE_SSL_REDIRECT = True
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
    SECURE_HSTS_SECONDS = 31_536_000
TRUST_PROXY = ENVIRONMENT.trust_proxy
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # else a whole class behind the proxy shares one limit of sign-ins
CSRF_FAILURE_VIEW = "learnpaths.core.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 2**20  # a notebook is at most 2 MiB; JSON escapes make it longer
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- API ---
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "learnpaths.accounts.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
    "PAGE_SIZE": 50,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "learnpaths.core.problems.exception_handler",
    "DEFAULT_THROTTLE_RATES": {"submit": "60/min", "kernel_runs": "120/min", "kernel_asks": "600/min"},
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Learnpaths API",
    "VERSION": "1",
    "DESCRIPTION": "Read paths and exercises, submit notebooks, follow their grading, read certificates.",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "exercises.api.reference.add_event_stream",
    ],
}

# --- queues ---
_url = urlsplit(REDIS_URL)
CELERY_BROKER_URL = f"redis+socket://{_url.path}" if _url.scheme == "unix" else REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # kombu looks for unacknowledged tasks about every 100 s unless told otherwise.
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "visibility_timeout": 1800,
    "priority_steps": [0, 3, 6, 9],
    "queue_order_strategy": "priority",
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_ACKS_ON_FAILURE_OR_TIMEOUT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"  # short work: issuing certificates, sending mail, requeueing
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker outlives any outage of the broker
CELERY_BROKER_CHANNEL_ERROR_RETRY = True  # and a broker that answers but refuses to write, as one with a full disk does
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    # Rows, not messages, are the truth: these find what a lost message or a dead worker left behind.
    "look-after-submissions": {
        "task": "exercises.look_after_submissions",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "clear-sessions": {"task": "core.clear_sessions", "schedule": 6 * 3600.0, "options": {"expires": 3600}},
    "sign-pending": {"task": "certification.sign_pending", "schedule": 120.0},
}

# --- how much there may be ---
STREAMS = ENVIRONMENT.streams
WAITING_PER_PERSON = ENVIRONMENT.waiting

# --- kernels of the notebook in the page ---
KERNELS = ENVIRONMENT.kernels
KERNEL_IDLE_MINUTES = ENVIRONMENT.kernel_idle_minutes

# --- certificates ---
VERIFY_RATES = {"file": (120, 60), "code": (1200, 60)}  # checks in so many seconds from one address
ISSUER_NAME = ENVIRONMENT.issuer_name
SIGNING_KEY_FILE = ENVIRONMENT.signing_key_file

# --- logs ---
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer()
            if ENVIRONMENT.log_json
            else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
            "foreign_pre_chain": [
                structlog.stdlib.add_log_level,
                structlog.processors.TimeStamper(fmt="iso", utc=True),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"django.server": {"level": "WARNING"}, "celery.worker.strategy": {"level": "WARNING"}},
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
SILENCED_SYSTEM_CHECKS: list[str] = []
PROMETHEUS_EXPORT_MIGRATIONS = False
METRICS_TOKEN = ENVIRONMENT.metrics_token
