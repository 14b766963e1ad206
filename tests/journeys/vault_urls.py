from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.generic import View

from django_pwdless.decorators import MFARequiredMixin, mfa_required
from tests.urls import urlpatterns as site


@mfa_required()
def vault(request: HttpRequest) -> HttpResponse:
    return HttpResponse("gold")


class FreshVaultView(MFARequiredMixin, View):
    mfa_max_age = 300

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("gold")


@mfa_required()
async def async_vault(request: HttpRequest) -> HttpResponse:
    return HttpResponse("gold")


class AsyncVaultView(MFARequiredMixin, View):
    async def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("gold")


class AsyncView(View):
    async def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("gold")


urlpatterns = [
    *site,
    path("vault/", vault, name="vault"),
    path("fresh-vault/", FreshVaultView.as_view(), name="fresh_vault"),
    path("async-vault/", async_vault),
    path("async-vault-view/", AsyncVaultView.as_view()),
    path("async-vault-around-a-view/", mfa_required()(AsyncView.as_view())),
]
