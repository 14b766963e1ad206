"""The site's own API, called with access tokens that Auth0 gave to apps and machines.

For plain Django views; ``django_pwdless.contrib`` has the same for Django REST framework and Django
Ninja. ``PWDLESS["API_AUDIENCE"]`` names the API.
"""

from __future__ import annotations

from django_pwdless.auth0.verification.access_token import BearerToken

from .views import BearerRequiredMixin, bearer_required

__all__ = ["BearerRequiredMixin", "BearerToken", "bearer_required"]
