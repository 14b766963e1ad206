"""The site of ``settings.py`` with other packages beside ours, each as its documentation says."""

from __future__ import annotations

from settings import *  # noqa: F403
from settings import AUTHENTICATION_BACKENDS, INSTALLED_APPS, MIDDLEWARE, PWDLESS
from social_core.pipeline import DEFAULT_AUTH_PIPELINE

ROOT_URLCONF = "peers_urls"
PWDLESS["METHODS"] = ["email-code", "universal"]

domain, client_id, secret = (PWDLESS[key] for key in ("DOMAIN", "CLIENT_ID", "CLIENT_SECRET"))

INSTALLED_APPS += ["social_django", "mozilla_django_oidc", "allauth", "allauth.account"]
INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.auth0"]
MIDDLEWARE.append("allauth.account.middleware.AccountMiddleware")
AUTHENTICATION_BACKENDS += [
    "social_core.backends.auth0.Auth0OAuth2",
    "mozilla_django_oidc.auth.OIDCAuthenticationBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]

SOCIAL_AUTH_AUTH0_DOMAIN = domain
SOCIAL_AUTH_AUTH0_KEY = client_id
SOCIAL_AUTH_AUTH0_SECRET = secret
SOCIAL_AUTH_REDIRECT_IS_HTTPS = True
# Its own, with the step that joins accounts by their address: one user for all of these packages.
SOCIAL_AUTH_PIPELINE = [*DEFAULT_AUTH_PIPELINE]
SOCIAL_AUTH_PIPELINE.insert(
    SOCIAL_AUTH_PIPELINE.index("social_core.pipeline.user.create_user"),
    "social_core.pipeline.social_auth.associate_by_email",
)

OIDC_RP_CLIENT_ID = client_id
OIDC_RP_CLIENT_SECRET = secret
OIDC_RP_SIGN_ALGO = "RS256"
OIDC_OP_AUTHORIZATION_ENDPOINT = f"https://{domain}/authorize"
OIDC_OP_TOKEN_ENDPOINT = f"https://{domain}/oauth/token"
OIDC_OP_USER_ENDPOINT = f"https://{domain}/userinfo"
LOGIN_REDIRECT_URL_FAILURE = "/failed/"
OIDC_OP_JWKS_ENDPOINT = f"https://{domain}/.well-known/jwks.json"

SOCIALACCOUNT_LOGIN_ON_GET = True
SOCIALACCOUNT_PROVIDERS = {
    "auth0": {
        "AUTH0_URL": f"https://{domain}",
        "APP": {"client_id": client_id, "secret": secret, "key": ""},
    },
}
