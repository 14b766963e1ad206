"""Views and forms as the documentation shows them, with annotations."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest, HttpResponse
from django.views.generic import FormView, ListView, TemplateView, View
from typing_extensions import assert_type

from django_pwdless.decorators import MFARequiredMixin, mfa_required
from django_pwdless.forms import LoginForm
from django_pwdless.models import Identity
from django_pwdless.tokens import AccessToken, aget_access_token, get_access_token
from django_pwdless.views import LoginView, LogoutView


@mfa_required(max_age=900)
def salaries(request: HttpRequest, year: int) -> HttpResponse:
    return HttpResponse(f"{year}")


@mfa_required()
async def bonuses(request: HttpRequest) -> HttpResponse:
    return HttpResponse("...")


async def decorated_views_keep_their_types(request: HttpRequest) -> None:
    assert_type(salaries(request, 2026), HttpResponse)
    assert_type(salaries(request, year=2026), HttpResponse)
    assert_type(await bonuses(request), HttpResponse)


class SalariesView(MFARequiredMixin, TemplateView):
    template_name = "salaries.html"
    mfa_max_age = 900


class RaiseForm(forms.Form):
    percent = forms.IntegerField()


class RaiseView(MFARequiredMixin, FormView[RaiseForm]):
    form_class = RaiseForm


class IdentityListView(MFARequiredMixin, ListView[Identity]):
    model = Identity


class AsyncView(MFARequiredMixin, View):
    async def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("...")


class SiteLoginForm(LoginForm):
    terms = forms.BooleanField(label="I accept the terms")


class SiteLoginView(LoginView):
    form_class = SiteLoginForm
    extra_context = {"theme": "harbour"}


class SiteLogoutView(LogoutView):
    next_page = "/goodbye/"

    def get_success_url(self) -> str:
        return super().get_success_url()


def orders(request: HttpRequest) -> HttpResponse:
    token = get_access_token(request, min_lifetime=300)
    assert_type(token, AccessToken)
    assert_type(token.header, dict[str, str])
    return HttpResponse(", ".join(sorted(token.scopes)))


async def awaited_orders(request: HttpRequest) -> HttpResponse:
    token = await aget_access_token(request)
    return HttpResponse(f"{token.expires_at:%H:%M}")
