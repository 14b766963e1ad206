"""Where a person goes on: the step a login has come to, and ``next`` after it, if that is safe."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.views import RedirectURLMixin
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme

from django_pwdless.conf import conf
from django_pwdless.flows import steps
from django_pwdless.identifiers.characters import has_lone_surrogate
from django_pwdless.identifiers.methods import UNIVERSAL
from django_pwdless.pages.page_urls import page_url
from django_pwdless.session.pending_login import (
    FACTOR_ADD,
    FACTORS,
    IDENTITY_ADD,
    RECONFIRM,
    PendingLogin,
)

from .next_page import view_class_at

# Where the steps are shown that a pending login waits at.
PAGES = {
    steps.CODE: "verify",
    steps.LINK: "link_sent",
    steps.CHOOSE_FACTOR: "mfa",
    steps.ENROLL_FACTOR: "mfa_enroll",
    steps.ANSWER_FACTOR: "mfa_challenge",
    steps.WAIT_FOR_PUSH: "mfa_challenge",
}
# Longer targets than this are worth no session, and no header that a proxy would stumble over.
MAX_NEXT_LENGTH = 2000


class NextURLMixin(RedirectURLMixin):
    """Reads ``next``, and decides where a step, a login or a page leads on to."""

    #: Where a login that has just ended was to lead; None before.
    login_next: str | None = None
    request: HttpRequest

    def completed(self, pending: PendingLogin) -> HttpResponseRedirect:
        """Lead to the second factor, to new recovery codes, or to where the person wanted to go."""
        return self.lead_to(steps.step_after(self.request, pending), pending.next_url)

    def lead_to(self, step: str, next_url: str) -> HttpResponseRedirect:
        """Lead to the page of a step; ``next_url`` is where the login leads that has come to it."""
        if step == steps.SIGNED_IN:
            return self.signed_in(next_url)
        if step == steps.IDENTIFY:
            return HttpResponseRedirect(self.login_url(next_url))
        if step == steps.RECOVERY_CODES:
            return HttpResponseRedirect(self.with_next("recovery_codes", self.safe_url(next_url)))
        return HttpResponseRedirect(reverse(f"pwdless:{PAGES[step]}"))

    def signed_in(self, next_url: str) -> HttpResponseRedirect:
        """Lead a person who has just signed in to where they wanted to go."""
        self.login_next = next_url
        return HttpResponseRedirect(self.get_success_url())

    def get_success_url(self) -> str:
        """Return where the person goes on; ``login_next`` of a login, else ``next`` as sent."""
        next_url = self.login_next
        wanted = self.get_redirect_url() if next_url is None else self.next_page_url(next_url)
        return wanted or self.get_default_redirect_url()

    def get_default_redirect_url(self) -> str:
        """Return where a login without ``next`` leads."""
        target: Any = self.next_page or settings.LOGIN_REDIRECT_URL
        # A path, most often: to look for a view of that name first would take longer.
        is_path = isinstance(target, str) and target.startswith("/")
        return target if is_path else resolve_url(target)

    def get_redirect_url(self, request: HttpRequest | None = None) -> str:
        """Return ``next`` as it was sent, where it stays on this site; else an empty string."""
        name = self.redirect_field_name
        return self.next_page_url(self.request.POST.get(name, self.request.GET.get(name)))

    def next_page_url(self, url: str | None) -> str:
        """Return an address that somebody who has signed in can go on to, else an empty string.

        A step of signing in or out would say that it is over, or that they are signed out; what
        takes no GET is no page.
        """
        safe = self.safe_url(url)
        view_class = view_class_at(self.request, safe) if safe else None
        takes_get = "get" in getattr(view_class, "http_method_names", ("get",))
        return safe if takes_get and not getattr(view_class, "is_step", False) else ""

    def safe_url(self, url: str | None) -> str:
        """Return an address that stays on this site, else an empty string."""
        if not url or not _fits_a_header(url):
            return ""
        is_safe = url_has_allowed_host_and_scheme(
            url,
            allowed_hosts=self.get_success_url_allowed_hosts(),
            require_https=self.request.is_secure(),
        )
        return url if is_safe else ""

    def login_url(self, next_url: str = "") -> str:
        """Return the first step's address, leading on to ``next_url``."""
        return self.with_next("login", next_url)

    def with_next(self, name: str, next_url: str) -> str:
        """Return the address of one of our views with ``next``."""
        return page_url(name, **{self.redirect_field_name: next_url})

    def first_url(self, pending: PendingLogin | None) -> str:
        """Return the page where a pending login begins, which says whom it is for."""
        if pending is None:
            return self.login_url(self.get_redirect_url())
        if pending.kind == IDENTITY_ADD:
            return self.with_next("identity_add", pending.next_url)
        if page := {FACTORS: "factors", FACTOR_ADD: "factor_add"}.get(pending.kind):
            return reverse(f"pwdless:{page}")
        confirm = "1" if pending.kind == RECONFIRM else ""
        return page_url("login", confirm=confirm, **{self.redirect_field_name: pending.next_url})

    def universal_url(self, next_url: str, **query: str) -> str | None:
        """Return the address of Universal Login; None where it is off."""
        if not conf.offers(UNIVERSAL):
            return None
        return page_url("universal", **{self.redirect_field_name: next_url}, **query)

    def step_url(self, pending: PendingLogin) -> str:
        """Return the page of the step that a pending login waits at."""
        return reverse(f"pwdless:{PAGES[steps.step_of(self.request, pending)]}")


def _fits_a_header(url: str) -> bool:
    """Whether an address can be encoded, and stays short when it is."""
    is_long = len(url) > MAX_NEXT_LENGTH
    return not (is_long or has_lone_surrogate(url)) and len(iri_to_uri(url)) <= MAX_NEXT_LENGTH
