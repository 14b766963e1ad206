from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from django_pwdless.api import bearer_required
from django_pwdless.headless import session_token_required


@bearer_required(scopes=["read:account"])
def account(request: HttpRequest) -> JsonResponse:
    """Tell an app who its user is; ``native_client.py`` calls it."""
    identities = request.user.pwdless_identities.all()  # type: ignore[union-attr]
    return JsonResponse(
        {
            "user": request.user.get_username(),
            "signs_in_by": [identity.label for identity in identities],
        }
    )


@session_token_required
def reader(request: HttpRequest) -> JsonResponse:
    """Tell an app who its user is; ``session_client.py`` calls it."""
    return JsonResponse({"user": request.user.get_username()})
