"""Auth0's MFA API: list, challenge, enroll, verify."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from django_pwdless.exceptions import (
    AccessDenied,
    AuthenticatorNotFound,
    InvalidCode,
    MFARejected,
)

from .http.errors import error_from
from .http.transport import NO_CONTENT, Caller, Transport
from .token_endpoint import TokenEndpoint
from .types import Authenticator, Challenge, Enrollment, TokenSet

LIST = "/mfa/authenticators"
GRANT = "http://auth0.com/oauth/grant-type/mfa-"


class MFA:
    """The calls an ``mfa_token`` permits. Source: Auth0, "Multi-factor Authentication API".

    To list, enroll, confirm and delete, an access token of the audience ``/mfa/`` stands in its
    place (Auth0, "Manage Authentication Factors with the MFA API").
    Each raises ``MFAExpired`` or another member of the ``Auth0Error`` family.
    """

    def __init__(self, transport: Transport, tokens: TokenEndpoint) -> None:
        self._transport = transport
        self._tokens = tokens

    def list_authenticators(
        self, mfa_token: str, *, with_unconfirmed: bool = False
    ) -> tuple[Authenticator, ...]:
        """Return what is enrolled and confirmed, also of kinds that cannot be used here.

        ``with_unconfirmed`` also what was begun and never confirmed.
        """
        found = Authenticator.list_from_wire(self._transport.get(LIST, bearer=mfa_token))
        return tuple(item for item in found if item.is_active or with_unconfirmed)

    def delete_authenticator(self, access_token: str, authenticator_id: str) -> None:
        """Delete one; what was enrolled with it goes along (texts and calls, push and its app).

        Raises ``AuthenticatorNotFound`` where it is gone, ``AccessDenied`` where it has to stay.
        Whatever else stands between may answer with a page and a 200: that removes nothing.
        """
        path = f"{LIST}/{quote(authenticator_id, safe='')}"
        answer = self._transport.ask("DELETE", path, bearer=access_token)
        if answer.status != NO_CONTENT and not answer.is_success:
            kind = {404: AuthenticatorNotFound, 409: AccessDenied}.get(answer.status)
            raise kind(error=answer.error, status=answer.status) if kind else error_from(answer)

    def challenge(
        self, mfa_token: str, authenticator_id: str, *, caller: Caller | None = None
    ) -> Challenge:
        """Have Auth0 send a code or a push notification to one authenticator.

        Raises ``AuthenticatorNotFound`` where it is gone.
        """
        body = {
            "mfa_token": mfa_token,
            "challenge_type": "oob",
            "authenticator_id": authenticator_id,
        }
        return Challenge.from_wire(self._transport.post("/mfa/challenge", body, caller=caller))

    def enroll_app(self, mfa_token: str, *, caller: Caller | None = None) -> Enrollment:
        """Begin the enrollment of an authenticator app."""
        return self._associate(mfa_token, {"authenticator_types": ["otp"]}, caller)

    def enroll_push(self, mfa_token: str, *, caller: Caller | None = None) -> Enrollment:
        """Begin the enrollment of a device for push notifications."""
        body: dict[str, object] = {"authenticator_types": ["oob"], "oob_channels": ["auth0"]}
        return self._associate(mfa_token, body, caller)

    def enroll_phone(
        self, mfa_token: str, phone_number: str, channel: str, *, caller: Caller | None = None
    ) -> Enrollment:
        """Begin the enrollment of an E.164 number by ``sms`` or ``voice``; a code goes there.

        Raises ``InvalidIdentifier`` for a number Auth0 does not take.
        """
        body: dict[str, object] = {
            "authenticator_types": ["oob"],
            "oob_channels": [channel],
            "phone_number": phone_number,
        }
        return self._associate(mfa_token, body, caller)

    def verify_app_code(
        self, mfa_token: str, code: str, *, caller: Caller | None = None
    ) -> TokenSet:
        """Exchange a code of the authenticator app for tokens; raises ``InvalidCode``."""
        return self._exchange_code("otp", mfa_token, {"otp": code}, caller)

    def verify_out_of_band(
        self,
        mfa_token: str,
        oob_code: str,
        binding_code: str | None = None,
        *,
        caller: Caller | None = None,
    ) -> TokenSet:
        """Exchange the code that was sent, or ask about a push notification (no code).

        Raises ``InvalidCode``; for a push ``MFAPending``, ``SlowDown`` or ``MFARejected``.
        """
        if binding_code is None:
            return self._exchange("oob", mfa_token, {"oob_code": oob_code}, caller)
        fields = {"oob_code": oob_code, "binding_code": binding_code}
        return self._exchange_code("oob", mfa_token, fields, caller)

    def verify_recovery_code(
        self, mfa_token: str, code: str, *, caller: Caller | None = None
    ) -> TokenSet:
        """Exchange a recovery code; the answer's ``recovery_code`` is the new one.

        Raises ``InvalidCode``.
        """
        return self._exchange_code("recovery-code", mfa_token, {"recovery_code": code}, caller)

    def confirm_app(self, access_token: str, code: str, *, caller: Caller | None = None) -> None:
        """Confirm the app that an access token began to enroll; raises ``InvalidCode``.

        The tokens that come of it are for a login, which this is none.
        """
        with _typed_code():
            self._tokens.confirm(_body("otp", access_token, {"otp": code}), caller)

    def confirm_out_of_band(
        self,
        access_token: str,
        oob_code: str,
        binding_code: str | None = None,
        *,
        caller: Caller | None = None,
    ) -> None:
        """Confirm the phone that an access token began to enroll; as ``verify_out_of_band``."""
        fields = {"oob_code": oob_code}
        if binding_code is None:
            self._tokens.confirm(_body("oob", access_token, fields), caller)
            return
        with _typed_code():
            fields["binding_code"] = binding_code
            self._tokens.confirm(_body("oob", access_token, fields), caller)

    def _associate(
        self, mfa_token: str, body: dict[str, object], caller: Caller | None
    ) -> Enrollment:
        answer = self._transport.post("/mfa/associate", body, caller=caller, bearer=mfa_token)
        return Enrollment.from_wire(answer)

    def _exchange_code(
        self, grant: str, mfa_token: str, fields: dict[str, str], caller: Caller | None
    ) -> TokenSet:
        with _typed_code():
            return self._exchange(grant, mfa_token, fields, caller)

    def _exchange(
        self, grant: str, mfa_token: str, fields: dict[str, str], caller: Caller | None
    ) -> TokenSet:
        return self._tokens.exchange(_body(grant, mfa_token, fields), caller)


def _body(grant: str, mfa_token: str, fields: dict[str, str]) -> dict[str, str]:
    return {"grant_type": GRANT + grant, "mfa_token": mfa_token, **fields}


@contextmanager
def _typed_code() -> Iterator[None]:
    """A code that was typed: a wrong one is "rejected" too, as a denied push is."""
    try:
        yield
    except MFARejected as error:
        raise InvalidCode(error=error.error, status=error.status) from error
