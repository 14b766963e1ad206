"""``TenantMixin``: the local tenant for test cases."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from django.conf import settings
from django.test import override_settings

from .tenants import SERVERS, leading_to, lent
from .test_run import require_test_run

if TYPE_CHECKING:
    from unittest import TestCase as Base

    from django_pwdless.localtenant import LocalTenant
else:
    Base = object


class TenantMixin(Base):
    """For a test case of any kind; list it first among the bases.

    ``self.tenant`` is a running local tenant that ``settings.PWDLESS`` leads to, as good as new
    for each test, and no limits are used yet: what ``pwdless_tenant`` is for pytest. It is there
    once ``super().setUp()`` has run. Raises ImportError, which says what to install, without the
    extra.
    """

    tenant: LocalTenant

    @classmethod
    def setUpClass(cls) -> None:
        """Have the server stopped when the class is done."""
        super().setUpClass()
        cls.addClassCleanup(SERVERS.stop)

    def setUp(self) -> None:
        """Lend the tenant to one test."""
        require_test_run()
        super().setUp()
        with ExitStack() as stack:
            tenant = stack.enter_context(lent(settings))
            stack.enter_context(override_settings(**leading_to(tenant, settings)))
            self.tenant = tenant
            self.addCleanup(stack.pop_all().close)
