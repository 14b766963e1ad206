"""A small site around the app: a page that says who is signed in, and a way to sign out."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

PAGE = """{% extends "django_pwdless/base.html" %}{% block title %}The site{% endblock %}
{% block content %}<section class="pwdless"><h1 class="pwdless-heading">The site</h1>
<p class="pwdless-lead">Signed in:
{% firstof user.email user.pwdless_identities.first.label "nobody" %}</p>
{% if user.is_authenticated %}<form class="pwdless-form" method="post"
 action="{% url 'pwdless:logout' %}">{% csrf_token %}
<button class="pwdless-button" type="submit">Sign out</button></form>{% endif %}</section>
{% endblock %}"""


def show(request: HttpRequest) -> HttpResponse:
    return HttpResponse(engines["django"].from_string(PAGE).render(request=request))


urlpatterns = [
    path("", show, name="home"),
    path("private/", login_required(show), name="private"),
    path("accounts/", include("django_pwdless.urls")),
]
