"""The app's URLs, with views of the site's own before them."""

from __future__ import annotations

from django.urls import include, path

from django_pwdless.views import LoginView

from .admin import SecureAdminSite
from .views import SalariesView, SiteLoginView, SiteLogoutView, bonuses, salaries

urlpatterns = [
    path("accounts/login/", LoginView.as_view(extra_context={"theme": "harbour"})),
    path("accounts/login/", SiteLoginView.as_view()),
    path("accounts/logout/", SiteLogoutView.as_view()),
    path("accounts/", include("django_pwdless.urls")),
    path("salaries/", SalariesView.as_view()),
    path("salaries/<int:year>/", salaries),
    path("bonuses/", bonuses),
    path("admin/", SecureAdminSite().urls),
]
