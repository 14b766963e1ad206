"""The only place that sends: one request, one answer, errors raised."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import urlencode

import requests
from urllib3.exceptions import HTTPError, MaxRetryError

from django_pwdless.exceptions import AnswerLost, Misconfigured, Unavailable

from .credentials import Credentials
from .errors import Answer, error_from
from .pool import SharedSession, shared_session

# A larger body is not an answer of Auth0's.
MAX_BODY_BYTES = 1024 * 1024
NO_CONTENT = 204


@dataclass(frozen=True)
class Caller:
    """The person a call is made for.

    ``address`` is their globally routable IP address, sent as ``auth0-forwarded-for`` where the
    call carries client authentication ("Avoid Common Issues with Resource Owner Password Flow and
    Attack Protection"); ``language`` a language tag, sent as ``x-request-language``
    ("Customize Email Templates").
    """

    address: str | None = None
    language: str | None = None


class Transport:
    """Sends requests of one client to one tenant.

    ``timeout`` is (connect, read) in seconds; the second also bounds the whole answer.
    ``telemetry`` is the object of the ``Auth0-Client`` header; None sends none.
    """

    def __init__(
        self,
        base_url: str,
        credentials: Credentials,
        *,
        timeout: tuple[float, float],
        telemetry: Mapping[str, Any] | None = None,
        session: SharedSession = shared_session,
    ) -> None:
        self.base_url = base_url
        self.credentials = credentials
        self._timeout = timeout
        self._session = session
        self._headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if telemetry is not None:
            encoded = base64.b64encode(json.dumps(telemetry).encode())
            self._headers["Auth0-Client"] = encoded.decode()

    def get(self, path: str, *, bearer: str | None = None, within: float | None = None) -> Any:
        """Return the JSON at a path; ``bearer`` is sent as the bearer token.

        ``within`` are the seconds that all of it may take, where that is less than the time-outs.
        Raises a member of the ``Auth0Error`` family.
        """
        headers = {} if bearer is None else {"Authorization": f"Bearer {bearer}"}
        return _value(self._send("GET", path, headers, None, self._bounded(within)))

    def post(
        self,
        path: str,
        body: Mapping[str, Any],
        *,
        form: bool = False,
        caller: Caller | None = None,
        bearer: str | None = None,
    ) -> dict[str, Any]:
        """Return the JSON object that answers a body sent with client authentication.

        The body goes as JSON, or form-encoded for the token endpoint. Raises a member of the
        ``Auth0Error`` family.
        """
        headers = self._headers_for(caller, form=form)
        if bearer is not None:
            headers["Authorization"] = f"Bearer {bearer}"
        answer = _value(self._send("POST", path, headers, self._body(body, form), self._timeout))
        if not isinstance(answer, dict):
            raise AnswerLost("Auth0 answered with JSON of another shape.")
        return answer

    def ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        form: bool = False,
        bearer: str | None = None,
    ) -> Answer:
        """Return the answer as it came, whatever its status; a body as :meth:`post` sends it.

        Raises ``Unavailable`` where there is none.
        """
        headers = {} if body is None else self._headers_for(None, form=form)
        if bearer is not None:
            headers["Authorization"] = f"Bearer {bearer}"
        data = None if body is None else self._body(body, form)
        return self._send(method, path, headers, data, self._timeout)

    def tell(
        self,
        path: str,
        body: Mapping[str, Any],
        *,
        caller: Caller | None = None,
        within: float | None = None,
    ) -> None:
        """Send a JSON body with client authentication to where a success says no more than that.

        ``within`` as for ``get``. Raises a member of the ``Auth0Error`` family.
        """
        headers, data = self._headers_for(caller), self._body(body, form=False)
        answer = self._send("POST", path, headers, data, self._bounded(within))
        if answer.error or not 200 <= answer.status < 300:
            raise error_from(answer)

    def _bounded(self, within: float | None) -> tuple[float, float]:
        connect, read = self._timeout
        return (
            (connect, read) if within is None else (min(connect, within / 2), min(read, within / 2))
        )

    def _headers_for(self, caller: Caller | None, *, form: bool = False) -> dict[str, str]:
        kind = "application/x-www-form-urlencoded" if form else "application/json"
        headers = {"Content-Type": kind}
        if caller and caller.language:
            headers["x-request-language"] = caller.language
        if caller and caller.address and self.credentials.is_confidential:
            headers["auth0-forwarded-for"] = caller.address
        return headers

    def _body(self, body: Mapping[str, Any], form: bool) -> bytes:
        # The client's own fields come last: nothing in a body can replace them.
        fields = {**body, **self._own_fields()}
        data = urlencode(fields, errors="replace") if form else json.dumps(fields)
        return data.encode()

    def _own_fields(self) -> dict[str, str]:
        try:
            return self.credentials.fields()
        except ValueError as error:
            raise Misconfigured(f"PWDLESS['CLIENT_ASSERTION_KEY']: {error}.") from error

    def _send(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        data: bytes | None,
        timeout: tuple[float, float],
    ) -> Answer:
        try:
            response = self._session.get().request(
                method,
                self.base_url + path,
                headers={**self._headers, **headers},
                data=data,
                timeout=timeout,
                stream=True,
            )
            with response:
                # Not unpacked: none was asked for, and a megabyte may unpack to a thousand.
                body = response.raw.read(MAX_BODY_BYTES + 1, decode_content=False)
        except (requests.RequestException, HTTPError, OSError, ValueError) as error:
            failure, kind = type(error).__name__, AnswerLost if _was_sent(error) else Unavailable
        else:
            return Answer(response.status_code, response.headers, _parse(body))
        # Not raised above, where the original would come along as the context: its text may quote
        # a proxy's password, and its request holds our secret.
        raise kind(f"Auth0 gave no answer ({failure}).", failure=failure)


def _was_sent(error: Exception) -> bool:
    """Whether Auth0 may have got the request; not where no connection came about."""
    unsent = (requests.ConnectTimeout, requests.exceptions.SSLError, requests.exceptions.ProxyError)
    if isinstance(error, (*unsent, ValueError)):
        return False
    cause = error.args[0] if error.args else None
    return not isinstance(cause, MaxRetryError)


def _value(answer: Answer) -> Any:
    """Return the data of a success; raise for anything else."""
    if answer.status == NO_CONTENT:
        # Has no body (RFC 9110, section 15.3.5): whoever needs one finds nothing in it.
        return {}
    if answer.is_success:
        return answer.data
    raise error_from(answer)


def _parse(body: bytes) -> Any:
    """Return the JSON value of a body; None for anything that is not plain JSON."""
    if len(body) > MAX_BODY_BYTES:
        return None
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None


def _refuse_constant(name: str) -> NoReturn:
    """``NaN`` and ``Infinity`` are not JSON (RFC 8259, section 6)."""
    raise ValueError(name)
