"""Just enough for the Django plugin of mypy to know the models."""

from __future__ import annotations

SECRET_KEY = "only types are looked at"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django_pwdless",
]
ROOT_URLCONF = "consumer.urls"
