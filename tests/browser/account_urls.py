"""The small site, with an account page that calls the site's API with the person's token."""

from __future__ import annotations

import requests
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template import engines
from django.urls import include, path

from django_pwdless.api import bearer_required
from django_pwdless.tokens import get_access_token

PAGE = """{% extends "django_pwdless/base.html" %}{% block title %}Your account{% endblock %}
{% block content %}<section class="pwdless"><h1 class="pwdless-heading">Your account</h1>
<p class="pwdless-lead">The API says: {{ said }}</p>
<p class="pwdless-lead">Good until {{ expires_at|date:"Y-m-d" }}</p></section>{% endblock %}"""


@login_required
def account(request: HttpRequest) -> HttpResponse:
    token = get_access_token(request)
    answer = requests.get(request.build_absolute_uri("/api/"), headers=token.header, timeout=10)
    said = answer.text if answer.ok else answer.status_code
    context = {"said": said, "expires_at": token.expires_at}
    return HttpResponse(engines["django"].from_string(PAGE).render(context, request))


@bearer_required(scopes=["read:orders"])
def api(request: HttpRequest) -> HttpResponseBase:
    return HttpResponse(f"{request.user.get_username()} has no orders")


urlpatterns = [
    path("account/", account),
    path("api/", api),
    path("", include("tests.browser.site_urls")),
]
