"""The addresses of the site that Auth0 must know: one for each host and language prefix."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils import translation

from django_pwdless.conf import conf
from django_pwdless.doctor.line import CannotTell

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
#: Where ``runserver`` listens.
DEVELOPMENT = "http://localhost:8000"


@dataclass(frozen=True)
class Addresses:
    """Full addresses; ``certainty`` is likely where scheme or port are a guess."""

    urls: tuple[str, ...]
    certainty: str

    def listed(self, known: Iterable[Any]) -> list[str]:
        """Return those that are among ``known``; in development under any port of this machine."""
        texts = [each for each in known if isinstance(each, str)]
        if any(url.startswith(f"{DEVELOPMENT}/") for url in self.urls):
            texts += [_in_development(text) for text in texts]
        return [url for url in self.urls if url in texts]


def _in_development(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_here = parts.hostname in [host.strip("[]") for host in LOOPBACK]
    except ValueError:
        return url
    return f"{DEVELOPMENT}{parts.path}" if is_here else url


def addresses(name: str) -> Addresses:
    """Return the addresses of one of our pages; raise ``CannotTell`` where hosts are not named."""
    origins, certainty = _origins()
    paths = _paths(name)
    return Addresses(tuple(origin + path for origin in origins for path in paths), certainty)


def _paths(name: str) -> list[str]:
    """Return the page's paths in all languages: ``i18n_patterns`` gives each its own."""
    languages = [code for code, _ in settings.LANGUAGES] if settings.USE_I18N else []
    paths = []
    try:
        for language in languages or [settings.LANGUAGE_CODE]:
            with translation.override(language):
                paths.append(reverse(f"pwdless:{name}"))
    except NoReverseMatch:
        raise CannotTell("Needs the URLs of the app: see pwdless.W051.") from None
    return list(dict.fromkeys(paths))


def _origins() -> tuple[list[str], str]:
    if conf.BASE_URL:
        return [conf.BASE_URL], "sure"
    hosts = [host for host in settings.ALLOWED_HOSTS if host not in LOOPBACK]
    if any(host == "*" or host.startswith(".") for host in hosts):
        raise CannotTell('ALLOWED_HOSTS does not name each host: set "BASE_URL" in PWDLESS.')
    if not hosts:
        return [DEVELOPMENT], "likely"
    is_https = settings.SECURE_SSL_REDIRECT or settings.SECURE_PROXY_SSL_HEADER
    scheme = "http" if settings.DEBUG and not is_https else "https"
    return [f"{scheme}://{host}" for host in hosts], "sure" if is_https else "likely"
