"""Every setting of the app: the keys of the ``PWDLESS`` dict, typed, read when used.

The package ``checks`` validates them; here a value is taken as it stands, so that
``override_settings`` works without machinery and nothing is read while a module is imported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Generic, TypeVar, overload

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")

RATE_LIMITS: Mapping[str, Mapping[str, str | None]] = {
    "start": {"ip": "20/h", "pair": "6/h", "identifier": "20/h", "site": None},
    "verify": {"ip": "60/h", "pending": "10/15m"},
    "link": {"ip": "20/h", "pair": "5/h", "identifier": "2/10m"},
    "mfa": {"ip": "60/h", "pending": "10/15m"},
    "redirect": {"ip": "60/h"},
}


class _Missing:
    """Marks a key that has no default."""


class Setting(Generic[T]):
    """One key of ``PWDLESS``: a read-only attribute that looks it up on each access."""

    def __init__(self, default: T | type[_Missing], doc: str) -> None:
        self.default = default
        self.__doc__ = doc

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @property
    def is_required(self) -> bool:
        """Whether the key has no default."""
        return self.default is _Missing

    @overload
    def __get__(self, instance: None, owner: type) -> Setting[T]: ...

    @overload
    def __get__(self, instance: object, owner: type) -> T: ...

    def __get__(self, instance: object | None, owner: type) -> Any:
        if instance is None:
            return self
        value = self.read()
        if value is _Missing:
            raise ImproperlyConfigured(f"PWDLESS[{self.name!r}] is required.")
        return value

    def read(self) -> Any:
        """Return the configured value, else the default; never raises for a missing key."""
        configured = getattr(settings, "PWDLESS", {})
        # A dict first, since it is asked for on each look: an abstract class answers slowly.
        if not isinstance(configured, (dict, Mapping)):
            raise ImproperlyConfigured("PWDLESS must be a dict.")
        return configured.get(self.name, self.default)


class Configuration:
    """The settings of ``PWDLESS``; durations are seconds, lists may be tuples."""

    DOMAIN = Setting[str](_Missing, "Tenant or custom domain: a host, optionally with a port.")
    CLIENT_ID = Setting[str](_Missing, "Client id of the Auth0 application.")
    CLIENT_SECRET = Setting[str | None](None, "Client secret, sent as client_secret_post.")
    CLIENT_ASSERTION_KEY = Setting[str | None](
        None, "PEM private key for private_key_jwt (RS256), instead of a secret."
    )
    BASE_URL = Setting[str | None](
        None, "The site's own origin for redirect_uri and returnTo; None takes the request's."
    )
    METHODS = Setting[Sequence[str]](
        ("email-code",),
        "What the login page offers, in order: email-code, email-link, sms-code, universal.",
    )
    SCOPE = Setting[str]("openid profile email", "Scopes asked for; openid is always sent.")
    AUDIENCE = Setting[str | None](None, "API identifier for the access token.")
    ALGORITHM = Setting[str]("RS256", "Signature algorithm of ID tokens: RS256, PS256 or HS256.")
    LEEWAY = Setting[float](30, "Clock skew allowed in ID tokens.")
    LINK_NONCE = Setting[bool](True, "Send a nonce with magic links and require it back.")
    CODE_LENGTH = Setting[int](6, "Digits of a one-time code, 4 to 12.")
    CODE_LIFETIME = Setting[float](180, "How long a code lasts, as configured at Auth0.")
    PENDING_LIFETIME = Setting[float](
        900, "A login left half-way is forgotten this long after its last successful step."
    )
    LINK_LIFETIME = Setting[float](3600, "How long the state of a link or redirect is honoured.")
    RESEND_COOLDOWN = Setting[float](30, "Time between two sends of the same step.")
    CUSTOMIZE_MFA = Setting[bool](
        False, "Walk people through Auth0's second factors on our own pages."
    )
    MFA_FACTORS = Setting[Sequence[str]](
        ("push-notification", "otp", "phone", "email", "recovery-code"),
        "Second factors the site supports, in order of preference.",
    )
    MFA_ENROLL_FACTORS = Setting[Sequence[str]](
        ("otp", "phone", "push-notification"), "Second factors offered to people who have none."
    )
    ADMIN_MFA = Setting[bool](False, "The admin asks for a second factor on every view.")
    CREATE_USERS = Setting[bool](True, "A first login creates a Django user.")
    LINK_BY_VERIFIED_EMAIL = Setting[bool](
        False, "A first login may join the one user with exactly that verified address."
    )
    LOGOUT = Setting[str](
        "local", '"local", or "auth0": also end the Auth0 session of redirect logins.'
    )
    TRUSTED_PROXIES = Setting[int](
        0, "Proxies in front: the address is that many from the right of X-Forwarded-For."
    )
    CLIENT_IP = Setting[str | None](
        None, "Dotted path of f(request) -> str or None that names the client address instead."
    )
    RATE_LIMITS = Setting[Mapping[str, Mapping[str, str | None]]](
        {}, "Merged over the default limits, limit by limit; None turns one off."
    )
    RATE_LIMIT_FAIL_OPEN = Setting[bool](
        False, "With the cache down: let requests through instead of refusing with 503."
    )
    TIMEOUT = Setting[tuple[float, float]](
        (3.05, 10), "Connect and read time-out; the second also bounds the whole answer."
    )
    PHONE_REGION = Setting[str | None](None, "ISO region for numbers typed without a plus sign.")
    PHONE_REGIONS = Setting[Sequence[str] | None](
        None, "Allow-list of ISO regions that may be texted or called."
    )
    SIGN_INS = Setting[bool](
        False, "Keep a row for each signed-in session, so that it can be seen and ended."
    )
    BACKCHANNEL_LOGOUT = Setting[bool](
        False, "Let Auth0 end sign-ins by logout tokens; needs SIGN_INS."
    )
    TOKENS = Setting[bool](False, "Keep the tokens of a login, to call an API with.")
    AUTH_PARAMS = Setting[str | None](
        None, "Dotted path of f(request, method) -> dict: more authParams of each start."
    )
    EVENTS = Setting[bool](
        False, "Keep a row of each outcome that the log tells of, to look it up later."
    )
    EVENT_DAYS = Setting[int](90, "Days after which pwdless_clear deletes such a row.")
    NOTICES = Setting[Sequence[str]](
        (), "What people get a mail about: new_sign_in, identity_added and the like."
    )
    SITE_NAME = Setting[str | None](
        None, "What the site is called; None takes it from django.contrib.sites, if that is there."
    )

    FACTORS_PAGE = Setting[bool](
        False, "Let people see, add and remove their second factors; needs universal in METHODS."
    )
    FACTORS_REMOVE_LAST = Setting[bool](False, "They may remove the last one too.")
    SUPPORT_URL = Setting[str | None](
        None, "Where people find help who cannot go on; None shows no link."
    )
    API_AUDIENCE = Setting[str | Sequence[str] | None](
        None, "Identifier of the site's own API, which access tokens are for; or several."
    )
    API_ALGORITHM = Setting[str]("RS256", "Signature algorithm of access tokens: RS256 or PS256.")
    API_CLIENTS = Setting[Sequence[str] | None](
        None, "Ids of the applications whose access tokens are taken; None takes any."
    )
    API_CREATE_USERS = Setting[bool](False, "A first call with a token creates a Django user.")

    @classmethod
    @cache
    def keys(cls) -> dict[str, Setting[Any]]:
        """Return every key with its declaration."""
        return {name: value for name, value in vars(cls).items() if isinstance(value, Setting)}

    @property
    def tenant_url(self) -> str:
        """The tenant's origin without a trailing slash."""
        domain = self.DOMAIN
        return domain if domain.startswith("http://") else f"https://{domain}"

    @property
    def issuer(self) -> str:
        """``iss`` of the tenant's ID tokens: its origin and a slash."""
        return f"{self.tenant_url}/"

    def rate_limits(self, action: str) -> dict[str, str | None]:
        """Return an action's rates by key, such as ``{"ip": "20/h"}``; None where one is off."""
        return {**RATE_LIMITS[action], **(self.RATE_LIMITS.get(action) or {})}

    def scope_for(self, connection: str = "", *, offline: bool = True) -> str:
        """Return the scopes to ask for; SMS logins ask for the number too.

        Not ``offline``: where nothing that comes is kept, no refresh token is asked for.
        """
        words = ["openid", *self.SCOPE.split(), *(["phone"] if connection == "sms" else [])]
        if not offline:
            words = [word for word in words if word != "offline_access"]
        return " ".join(dict.fromkeys(words))

    def offers(self, *methods: str) -> bool:
        """Whether the login page offers any of these methods."""
        return any(method in self.METHODS for method in methods)


conf: Configuration = Configuration()
