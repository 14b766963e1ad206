"""The browser of somebody with second factors."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.urls import reverse

from django_pwdless.localtenant import LocalTenant
from tests.journeys.browser import ASSOCIATE, CHALLENGE, KEYS, LIST, NUMBER, Browser

# All that the tests of second factors need is here.
__all__ = ["ASSOCIATE", "CHALLENGE", "HOME", "LIST", "NUMBER"]
__all__ += ["Begin", "MFABrowser", "page", "paths"]

HOME = "/"
Begin = Callable[..., Any]


def page(name: str) -> str:
    return reverse(f"pwdless:{name}")


class MFABrowser(Browser):
    """A browser of somebody with second factors; ``person`` is theirs at the tenant."""

    person: Any

    def prove(self, code: str) -> Any:
        return self.post("mfa_challenge", code=code)

    def poll(self) -> dict[str, Any]:
        """Poll as the page's script does."""
        headers = {"accept": "application/json"}
        response = self.client.post(page("mfa_poll"), headers=headers)
        assert response.status_code == 200
        answer: dict[str, Any] = json.loads(response.content)
        return answer

    @property
    def sent_code(self) -> str:
        """The newest code that was sent to anybody."""
        return str(self.tenant.inbox.latest().code)


def paths(tenant: LocalTenant) -> list[str]:
    """What the tenant was asked, but for its keys, which are fetched once for all."""
    return [call.path for call in tenant.requests if call.path != KEYS]
