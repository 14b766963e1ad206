"""The app's addresses without its views, and a page for each sample: for templates alone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import include, path

from tests.template_samples import SAMPLES

PATHS = {
    "login": "login/",
    "verify": "verify/",
    "resend": "resend/",
    "logout": "logout/",
    "link": "link/",
    "mfa": "mfa/",
    "mfa_challenge": "mfa/challenge/",
    "mfa_poll": "mfa/poll/",
    "mfa_enroll": "mfa/enroll/",
    "recovery_codes": "mfa/recovery-codes/",
    "identities": "identities/",
    "identity_add": "identities/add/",
    "identity_remove": "identities/<int:pk>/remove/",
    "factors": "factors/",
    "factors_refresh": "factors/refresh/",
    "factor_add": "factors/add/",
    "factors_done": "factors/done/",
    "factor_remove": "factors/<path:id>/remove/",
    "sign_ins_end_others": "sign-ins/end-others/",
    "sign_in_end": "sign-ins/<int:pk>/end/",
}
BY_NAME = {sample.name: sample for sample in SAMPLES}


def show_sample(request: HttpRequest, name: str) -> HttpResponse:
    sample = BY_NAME[name]
    return render(request, f"django_pwdless/{sample.template}", sample.context())


def echo(request: HttpRequest, **kwargs: int) -> HttpResponse:
    """Answer with what was sent, as JSON."""
    return JsonResponse({"method": request.method, "fields": request.POST.dict()})


pwdless = [path(pattern, echo, name=name) for name, pattern in PATHS.items()]

urlpatterns = [
    path("sample/<slug:name>/", show_sample),
    path("accounts/", include((pwdless, "pwdless"))),
]
