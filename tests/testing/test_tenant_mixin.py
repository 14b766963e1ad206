"""``TenantMixin``, in the test cases that Django has."""

from __future__ import annotations

import unittest

import pytest
import requests
from django.conf import settings
from django.core.cache import cache
from django.test import (
    Client,
    LiveServerTestCase,
    RequestFactory,
    SimpleTestCase,
    TestCase,
    TransactionTestCase,
)
from django.urls import reverse

from django_pwdless.conf import conf
from django_pwdless.exceptions import LimitExceeded
from django_pwdless.identifiers.identifier import Identifier
from django_pwdless.limits.rates import consume
from django_pwdless.localtenant import LocalTenant
from django_pwdless.testing import TenantMixin

ANN = "ann@example.com"


class SignsIn(TenantMixin):
    """What each kind of test case does."""

    client: Client

    def test_sign_in(self) -> None:
        self.client.post(reverse("pwdless:login"), {"identifier": ANN})
        code = self.tenant.inbox.latest(ANN).code
        self.client.post(reverse("pwdless:verify"), {"code": code})
        assert "_auth_user_id" in self.client.session

    def test_tenant_is_as_good_as_new(self) -> None:
        assert not self.tenant.inbox.messages() and conf.issuer == self.tenant.issuer
        self.tenant.fail("*", "timeout")


class InTestCase(SignsIn, TestCase):
    pass


class InTransactionTestCase(SignsIn, TransactionTestCase):
    pass


class InLiveServerTestCase(SignsIn, LiveServerTestCase):
    def test_server_has_the_tenant_too(self) -> None:
        http = requests.Session()
        http.trust_env = False
        with http:
            page = f"{self.live_server_url}{reverse('pwdless:login')}"
            http.get(page)
            data = {"identifier": ANN, "csrfmiddlewaretoken": http.cookies["csrftoken"]}
            assert http.post(page, data).url.endswith(reverse("pwdless:verify"))
        assert self.tenant.inbox.latest(ANN).code


def use_a_limit() -> None:
    request = RequestFactory().post("/")
    consume(request, "start", identifier=Identifier("email", ANN))


class InPlainTestCase(TenantMixin, unittest.TestCase):
    def test_tenant(self) -> None:
        assert self.tenant.is_running


class InSimpleTestCase(TenantMixin, SimpleTestCase):
    def use_all(self) -> None:
        assert cache.get("kept-by-the-site") is None
        cache.set("kept-by-the-site", 1)
        for _ in range(6):
            use_a_limit()
        with pytest.raises(LimitExceeded):
            use_a_limit()

    def test_use_all_of_them(self) -> None:
        self.use_all()

    def test_use_all_of_them_again(self) -> None:
        self.use_all()


class WithSetUp(SimpleTestCase):
    """A site's own base class, which looks at the settings."""

    def setUp(self) -> None:
        super().setUp()
        self.before = settings.PWDLESS


class OverAnotherSetUp(TenantMixin, WithSetUp):
    def test_settings_are_given_back(self) -> None:
        assert settings.PWDLESS is not self.before
        assert {**self.before, **settings.PWDLESS} == settings.PWDLESS
        self.doCleanups()
        assert settings.PWDLESS is self.before


def test_server_is_stopped_with_its_class() -> None:
    tenants: list[LocalTenant] = []

    class Case(TenantMixin, SimpleTestCase):
        def test_it(self) -> None:
            tenants.append(self.tenant)

    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromTestCase(Case).run(result)
    assert result.wasSuccessful() and not tenants[0].is_running
