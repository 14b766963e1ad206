"""One mail: in the person's language, as text and as HTML that say the same."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch
from django.utils import timezone, translation

from django_pwdless.conf import conf
from django_pwdless.models.user_agents import browser_family
from django_pwdless.pages.page_urls import absolute_url, on_own_origin
from django_pwdless.pages.site_name import site_name


@dataclass(frozen=True)
class Notice:
    """One of ``NOTICES``, for the user of this primary key; ``language`` is the request's."""

    name: str
    user_pk: Any
    addresses: tuple[str, ...] = field(repr=False)
    request: HttpRequest = field(repr=False)
    language: str | None
    at: datetime
    time_zone: tzinfo


def mail(notice: Notice, address: str) -> None:
    """Render and send it to one address; raises whatever goes wrong."""
    with translation.override(notice.language), timezone.override(notice.time_zone):
        context = _context(notice)
        subject = " ".join(_render(notice, "_subject.txt", context).split())
        text = _render(notice, ".txt", context).strip() + "\n"
        html = _render(notice, ".html", {**context, "subject": subject})
    message = EmailMultiAlternatives(
        subject,
        text,
        to=[address],
        # RFC 3834, section 5: nothing answers by itself.
        headers={"Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(html, "text/html")
    message.send()


def _render(notice: Notice, kind: str, context: dict[str, Any]) -> str:
    return render_to_string(f"django_pwdless/mail/{notice.name}{kind}", context)


def _context(notice: Notice) -> dict[str, Any]:
    """Return what the templates know: nothing that a browser, or anybody else, has written."""
    page = _page(notice)
    try:
        page_url = absolute_url(notice.request, page)
    except NoReverseMatch:
        # A site whose front ends speak JSON alone has no such page.
        page = page_url = ""
    return {
        "site_name": site_name(notice.request),
        "at": notice.at,
        "browser": browser_family(notice.request.META.get("HTTP_USER_AGENT", "")),
        "page": page,
        "page_url": page_url,
        "support_url": _support_url(notice.request),
    }


def _page(notice: Notice) -> str:
    """Return the name of the page where the person sees what has changed."""
    if notice.name == "new_sign_in":
        return "sign_ins" if conf.SIGN_INS else "identities"
    is_about_factors = not notice.name.startswith("identity")
    return "factors" if is_about_factors and conf.FACTORS_PAGE else "identities"


def _support_url(request: HttpRequest) -> str:
    url = conf.SUPPORT_URL or ""
    return on_own_origin(request, url) if url.startswith("/") else url
