"""What the site calls itself."""

from __future__ import annotations

from django.apps import apps
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest

from django_pwdless.conf import conf


def site_name(request: HttpRequest) -> str:
    """Return ``SITE_NAME``, else the current site's name where there are sites, else nothing."""
    if conf.SITE_NAME is not None or not apps.is_installed("django.contrib.sites"):
        return conf.SITE_NAME or ""
    try:
        return str(get_current_site(request).name)
    except ObjectDoesNotExist:
        return ""
