"""What one run of the doctor knows so far: whom to ask, and what was answered."""

from __future__ import annotations

from functools import cached_property

from django.core.checks import WARNING, CheckMessage, run_checks

from django_pwdless.auth0.http.credentials import Credentials
from django_pwdless.auth0.http.errors import Answer
from django_pwdless.conf import conf

from .asking.management import Management
from .asking.pace import AUTHENTICATION
from .asking.wire import Wire
from .line import Line

#: Calls of the Authentication API in one run.
CALLS = 16


class Case:
    """One run; everything is asked once, when it is first needed."""

    def __init__(self) -> None:
        self.lines: dict[str, Line] = {}
        #: Entries that failed, with the id of the line that is the cause.
        self.blocked: dict[str, str] = {}
        self.was_reached: bool = True
        #: What the probes were answered, by their ids: assumptions are compared with it.
        self.answers: dict[str, Answer] = {}

    @property
    def is_unreachable(self) -> bool:
        """Whether the tenant gave no answer, or stopped to answer."""
        return not self.was_reached or ("wire" in vars(self) and self.wire.is_dead)

    @cached_property
    def messages(self) -> list[CheckMessage]:
        """What ``check --deploy`` says, without what is silenced."""
        found = run_checks(include_deployment_checks=True)
        return [each for each in found if not each.is_silenced() and each.level >= WARNING]

    @cached_property
    def deployment_messages(self) -> list[CheckMessage]:
        """Those of them that ``check`` without ``--deploy`` does not say."""
        always = run_checks()
        return [message for message in self.messages if message not in always]

    @cached_property
    def wire(self) -> Wire:
        """The tenant, asked as this site."""
        credentials = Credentials(
            conf.CLIENT_ID, conf.issuer, conf.CLIENT_SECRET, conf.CLIENT_ASSERTION_KEY
        )
        return Wire(conf.tenant_url, credentials, CALLS, AUTHENTICATION)

    @cached_property
    def management(self) -> Management:
        """The tenant's Management API, with the token of the environment."""
        return Management()

    @cached_property
    def discovery(self) -> Answer:
        """The discovery document; public, and asked before anything that holds a credential."""
        return self.wire.ask("GET", "/.well-known/openid-configuration")
