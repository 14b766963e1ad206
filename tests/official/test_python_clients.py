"""Auth0's own client libraries, unchanged, against the local tenant.

They are the nearest thing to a live tenant there is here. Skipped where they are not installed.
"""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from typing import Any

import pytest

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.clients.api import DEFAULT_API
from tests.localtenant.site import ANN, NUMBER, Site

CALLBACK = "http://testserver/callback"
OFFLINE = "openid profile email read:orders offline_access"


@pytest.fixture(autouse=True)
def trusted(library: Any, monkeypatch: pytest.MonkeyPatch, secure: LocalTenant) -> Iterator[None]:
    """Trust the tenant by the environment; it is not made where the library is not installed."""
    for name in ("REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"):
        monkeypatch.setenv(name, secure.ca_file)
    yield
    # Connections these libraries leave open are not to be found in somebody else's test.
    gc.collect()


def code(tenant: LocalTenant, to: str) -> str:
    return str(tenant.inbox.latest(to).code)


@pytest.mark.filterwarnings("default")
class TestAuth0Python:
    """auth0-python: ``Passwordless`` and ``GetToken``."""

    @pytest.fixture
    def library(self) -> Any:
        return pytest.importorskip("auth0.authentication")

    @pytest.fixture(params=["secret", "private_key", "public"])
    def options(self, request, secure) -> dict[str, Any]:
        client = secure.add_client(request.param)
        if request.param == "private_key":
            return {
                "client_id": client.client_id,
                "client_assertion_signing_key": client.private_key,
                "client_assertion_signing_alg": "RS256",
            }
        return {"client_id": client.client_id, "client_secret": client.secret}

    def test_email_code(self, library, secure, options):
        started = library.Passwordless(secure.domain, **options).email(ANN, send="code")
        assert started["email"] == ANN
        tokens = library.GetToken(secure.domain, **options).passwordless_login(
            ANN, code(secure, ANN), "email", "openid profile email", audience=None
        )
        assert tokens["id_token"]

    def test_sms_code(self, library, secure, options):
        library.Passwordless(secure.domain, **options).sms(NUMBER)
        tokens = library.GetToken(secure.domain, **options).passwordless_login(
            NUMBER, code(secure, NUMBER), "sms", "openid", audience=None
        )
        assert tokens["token_type"] == "Bearer"

    def test_refresh_and_revoke(self, library, secure, options):
        library.Passwordless(secure.domain, **options).email(ANN, send="code")
        get = library.GetToken(secure.domain, **options)
        first = get.passwordless_login(
            ANN, code(secure, ANN), "email", OFFLINE, audience=DEFAULT_API
        )
        fresh = get.refresh_token(first["refresh_token"])
        assert fresh["id_token"] and fresh["refresh_token"] != first["refresh_token"]
        revoke = library.RevokeToken(secure.domain, **options)
        revoke.revoke_refresh_token(fresh["refresh_token"])
        with pytest.raises(Exception, match="Unknown or invalid refresh token"):
            get.refresh_token(fresh["refresh_token"])

    def test_wrong_code(self, library, secure, options):
        with pytest.raises(Exception, match="Wrong email or verification code"):
            library.GetToken(secure.domain, **options).passwordless_login(
                ANN, "000000", "email", "openid", audience=None
            )


class Store:
    """What auth0-server-python keeps its state in."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    async def set(self, identifier, state, *_, **__):
        self.kept[identifier] = state

    async def get(self, identifier, options=None):
        return self.kept.get(identifier)

    async def delete(self, identifier, options=None):
        self.kept.pop(identifier, None)


@pytest.mark.filterwarnings("default")
class TestAuth0ServerPython:
    """auth0-server-python: passwordless and MFA, the nearest relative of this app's client."""

    @pytest.fixture
    def library(self) -> Any:
        return pytest.importorskip("auth0_server_python.auth_server.server_client")

    @pytest.fixture
    def client(self, library, secure):
        return library.ServerClient(
            domain=secure.domain,
            client_id=secure.client_id,
            client_secret=secure.client_secret,
            redirect_uri=CALLBACK,
            secret="s" * 32,
            transaction_store=Store(),
            state_store=Store(),
        )

    def verify(self, client, secure):
        auth_types = pytest.importorskip("auth0_server_python.auth_types")

        async def sign_in():
            await client.passwordless.start(auth_types.StartPasswordlessEmailOptions(email=ANN))
            options = auth_types.VerifyPasswordlessOtpOptions(
                connection="email", verification_code=code(secure, ANN), email=ANN
            )
            return await client.passwordless.verify(options)

        return asyncio.run(sign_in())

    def challenge(self, client, secure) -> str:
        error = pytest.importorskip("auth0_server_python.error")
        with pytest.raises(error.MfaRequiredError) as caught:
            self.verify(client, secure)
        return str(caught.value.mfa_token)

    def test_code(self, client, secure):
        assert self.verify(client, secure)["state_data"]["user"]["email"] == ANN

    def test_refresh(self, client, secure):
        site = Site(secure)
        first = site.exchange(site.code(), scope=OFFLINE, audience=DEFAULT_API).json()
        site.session.close()
        options = {"refresh_token": first["refresh_token"]}
        fresh = asyncio.run(client.get_token_by_refresh_token(options))
        assert fresh["access_token"] and fresh["refresh_token"] != first["refresh_token"]

    def test_link(self, client, secure):
        auth_types = pytest.importorskip("auth0_server_python.auth_types")

        async def sign_in():
            options = auth_types.StartPasswordlessEmailOptions(email=ANN, send="link")
            await client.passwordless.start(options, {"request": None})
            site = Site(secure)
            link = secure.inbox.latest(ANN).link.removeprefix(secure.base_url)
            location = site.get(link).headers["Location"]
            site.session.close()
            return await client.complete_interactive_login(location)

        assert asyncio.run(sign_in())["state_data"]["user"]["email"] == ANN

    def test_mfa_by_authenticator_app(self, client, secure):
        person = secure.add_person(ANN, factors=["otp", "recovery-code"])
        token = self.challenge(client, secure)
        listed = asyncio.run(client.mfa.list_authenticators({"mfa_token": token}))
        assert [each.authenticator_type for each in listed] == ["otp", "recovery-code"]
        options = {"mfa_token": token, "otp": secure.totp(person)}
        assert asyncio.run(client.mfa.verify(options)).id_token

    def test_mfa_by_text(self, client, secure):
        secure.add_person(ANN, phone_number=NUMBER, factors=["sms"])
        token = self.challenge(client, secure)
        sent = asyncio.run(
            client.mfa.challenge_authenticator({"mfa_token": token, "factor_type": "sms"})
        )
        options = {
            "mfa_token": token,
            "oob_code": sent.oob_code,
            "binding_code": code(secure, NUMBER),
        }
        assert asyncio.run(client.mfa.verify(options)).access_token

    def test_mfa_by_recovery_code(self, client, secure):
        person = secure.add_person(ANN, factors=["recovery-code"])
        options = {
            "mfa_token": self.challenge(client, secure),
            "recovery_code": person.recovery_code,
        }
        assert asyncio.run(client.mfa.verify(options)).recovery_code == person.recovery_code

    def test_mfa_by_push(self, client, secure):
        secure.add_person(ANN, factors=["push-notification"])
        token = self.challenge(client, secure)
        sent = asyncio.run(
            client.mfa.challenge_authenticator({"mfa_token": token, "factor_type": "auth0"})
        )
        secure.approve_push()
        options = {"mfa_token": token, "oob_code": sent.oob_code}
        assert asyncio.run(client.mfa.verify(options)).id_token

    @pytest.mark.parametrize("factor", ["sms", "voice", "email"])
    def test_enroll_out_of_band(self, client, secure, factor):
        secure.add_person(ANN, mfa="enroll")
        token = self.challenge(client, secure)
        options = {"mfa_token": token, "factor_type": factor, "phone_number": NUMBER}
        enrolled = asyncio.run(client.mfa.enroll_authenticator(options))
        answer = {
            "mfa_token": token,
            "oob_code": enrolled.oob_code,
            "binding_code": secure.inbox.latest().code,
        }
        assert asyncio.run(client.mfa.verify(answer)).id_token

    def test_enroll_authenticator_app(self, client, secure):
        person = secure.add_person(ANN, mfa="enroll")
        token = self.challenge(client, secure)
        options = {"mfa_token": token, "factor_type": "otp"}
        enrolled = asyncio.run(client.mfa.enroll_authenticator(options))
        assert enrolled.secret == person.factor("otp").secret
        assert enrolled.recovery_codes == [person.recovery_code]
        answer = {"mfa_token": token, "otp": secure.totp(person)}
        assert asyncio.run(client.mfa.verify(answer)).id_token
