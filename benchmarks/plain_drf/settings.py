"""The project's settings, with the middleware and the REST framework as a tutorial sets them."""

from billing.settings import *  # noqa: F403
from billing.settings import DATABASES as PROJECT_DATABASES

ROOT_URLCONF = "benchmarks.plain_drf.urls"
WSGI_APPLICATION = "benchmarks.plain_drf.wsgi.application"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
# Connections are kept, which the defaults of Django would not do.
DATABASES = {"default": {**PROJECT_DATABASES["default"], "CONN_HEALTH_CHECKS": False}}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["benchmarks.plain_drf.authentication.KeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
}
