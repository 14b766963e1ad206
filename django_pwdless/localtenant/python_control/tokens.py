"""The tokens of a tenant, and the APIs and machines that they are for, as Python gets them."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from typing import Any

from django_pwdless.localtenant.clients.api import DEFAULT_API, Api
from django_pwdless.localtenant.clients.client import MACHINE_GRANT, Client, new_client
from django_pwdless.localtenant.logins.authentication import DEFAULT_SCOPE, Authentication
from django_pwdless.localtenant.people.people import Person, subject
from django_pwdless.localtenant.state import State
from django_pwdless.localtenant.steps.access_tokens import (
    TokenRequest,
    access_claims,
    unsigned_access_token,
)
from django_pwdless.localtenant.steps.id_tokens import id_claims, unsigned_id_token
from django_pwdless.localtenant.token_faults import ABSENT, check_name, spoil, spoil_access_token

#: What a doctor reads: the least scopes, and the optional ones.
MANAGEMENT_SCOPES = tuple(
    f"read:{name}"
    for name in (
        *("clients", "connections", "connections_options", "tenant_settings", "prompts"),
        *("guardian_factors", "mfa_policies", "email_provider", "attack_protection"),
        *("custom_domains", "resource_servers", "client_grants", "actions", "phone_providers"),
        "logs",
    )
)


class TokenControl:
    """Makes tokens, and registers what they are for."""

    #: Names the API that access tokens are for; the pytest fixture asks the site's settings.
    default_audience: Callable[[], str] = staticmethod(lambda: DEFAULT_API)

    def __init__(self, state: State) -> None:
        self.state = state

    @property
    def client(self) -> Client:
        """The application that :attr:`settings` are for."""
        return self.state.default_client

    def add_machine(self, *scopes: str, audience: str = DEFAULT_API) -> Client:
        """Register an application that gets tokens for itself, for an API with these scopes.

        The API is registered with it where it is unknown.
        """
        self.add_apis([audience])
        machine = new_client("secret", f"machine-{secrets.token_hex(8)}", secrets.token_urlsafe(32))
        machine.grants, machine.api_scopes = {MACHINE_GRANT}, {audience: scopes}
        return self.state.clients.add(machine)

    def add_api(self, identifier: str, **more: Any) -> Api:
        """Register an API; ``algorithm``, ``dialect`` and ``lifetime`` as :class:`Api` tells."""
        return self.state.apis.add(Api(identifier, **more))

    def add_apis(self, identifiers: Iterable[str]) -> None:
        """Register the APIs of these identifiers that are not known yet."""
        for identifier in identifiers:
            if self.state.apis.find(identifier) is None:
                self.add_api(identifier)

    def id_token(self, fault: str | None = None, **claims: Any) -> str:
        """Return an ID token as a login would get it, with ``claims`` on top.

        A claim of ``...`` is left out; ``fault`` names a way in which the token is wrong.
        """
        check_name(fault)
        person = Person(subject("email", "ann@example.com"), email="ann@example.com")
        login = Authentication(self.client, person, DEFAULT_SCOPE, None)
        wanted = {name: ABSENT if value is ... else value for name, value in claims.items()}
        merged = {**id_claims(self.state, login), **wanted}
        kept = {name: value for name, value in merged.items() if value is not ABSENT}
        unsigned = unsigned_id_token(self.state, self.client, kept)
        token: str = unsigned.sign() if fault is None else spoil(unsigned, fault)
        return token

    def management_token(self, *scopes: str, **claims: Any) -> str:
        """Return a token for the Management API; without ``scopes`` one that may read all."""
        audience = self.state.management_audience
        wanted = scopes or MANAGEMENT_SCOPES
        return self.access_token("doctor@clients", scopes=wanted, audience=audience, **claims)

    def access_token(
        self,
        sub: str,
        *,
        scopes: Iterable[str] = (),
        permissions: Iterable[str] | None = None,
        audience: str | None = None,
        client: Client | None = None,
        fault: str | None = None,
        **claims: Any,
    ) -> str:
        """Return an access token of somebody's, as a native app would have got it.

        It is for the API ``audience``, by default the tenant's own, in that API's dialect, and
        comes from ``client``. ``permissions`` of ``None`` are left out unless the dialect has them.
        ``claims`` go on top, ``...`` leaves one out; ``fault`` names a way in which it is wrong.
        """
        audience = audience or self.default_audience()
        api = self.state.apis.find(audience) or Api(audience)
        client_id = (client or self.client).client_id
        request = TokenRequest(client_id, " ".join(scopes), sub, list(permissions or ()))
        merged = access_claims(self.state, api, request)
        merged["scope"] = request.scope or ...
        if permissions is not None:
            merged["permissions"] = list(request.permissions)
        kept = {name: value for name, value in {**merged, **claims}.items() if value is not ...}
        unsigned = unsigned_access_token(self.state, api, kept)
        if fault is None:
            return unsigned.sign()
        self.state.was_forging = True
        token: str = spoil_access_token(unsigned, fault)
        return token
