"""Checks of the admin: whether its second factor is asked for, and can be given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.contrib.admin import AdminSite
from django.contrib.admin.sites import all_sites
from django.core.checks import CheckMessage, Error
from django.urls import get_script_prefix, resolve, reverse

from django_pwdless.checks.settings.values import about
from django_pwdless.contrib.admin import PwdlessAdminSiteMixin


def is_served(site: AdminSite) -> bool:
    """Whether the URLconf leads to this site, and not to another of its name."""
    try:
        url = reverse(f"{site.name}:index").removeprefix(get_script_prefix())
        view = resolve(f"/{url}").func
    except Exception:  # no such URL, or a URLconf that is Django's to report
        return False
    return getattr(view, "admin_site", None) is site


@about("ADMIN_MFA")
def check_admin_sites(is_on: bool) -> Iterator[CheckMessage]:
    """Each admin asks for the second factor that the setting promises."""
    if not is_on:
        return
    served = [site for site in all_sites if is_served(site)]
    if not served or not all(isinstance(site, PwdlessAdminSiteMixin) for site in served):
        yield Error(
            'PWDLESS["ADMIN_MFA"] is on, but an admin site does not ask for a second factor.',
            hint='Write "django_pwdless.contrib.admin.AdminConfig" in INSTALLED_APPS in place of '
            '"django.contrib.admin", give each admin site of yours '
            "django_pwdless.contrib.admin.PwdlessAdminSiteMixin, and have the URLconf lead there.",
            id="pwdless.E100",
        )


@about("ADMIN_MFA", "CUSTOMIZE_MFA", "METHODS")
def check_admin_factors(is_on: bool, customizes: bool, methods: Sequence[str]) -> Iterator[Error]:
    """Somebody can give a second factor."""
    if is_on and not customizes and "universal" not in methods:
        yield Error(
            'PWDLESS["ADMIN_MFA"] is on, but nobody can give a second factor, on this site or on '
            "Auth0's pages.",
            hint='Write "CUSTOMIZE_MFA": True, or add "universal" to "METHODS".',
            id="pwdless.E101",
        )
