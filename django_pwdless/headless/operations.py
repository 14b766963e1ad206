"""The one table of operations: routes, OpenAPI documents and the conformance run come from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django_pwdless.conf import conf
from django_pwdless.flows.account.confirming import needs_proof
from django_pwdless.identifiers.methods import EMAIL_CODE, typed_methods

from .bodies import Member
from .call import Call, Reply
from .handlers import account, factors, login
from .problems import RECONFIRM, SIGNED_OUT, Refusal

ANYBODY, SIGNED_IN, FRESH = "anybody", "signed in", "freshly signed in"

IDENTIFIER = Member("identifier", "An email address or phone number.", is_required=True)
CODE = Member("code", "The code, as it was typed.", is_required=True)
# How far a step can go wrong: limits, outages; and refusals once something was proven.
SENDS = (400, 429, 503)
PROVES = (400, 403, 409, 429, 503)


@dataclass(frozen=True)
class Operation:
    """A method at a path: what it reads, who may ask for it, and the statuses of its own.

    ``statuses`` are beside 200 and what each operation of a front end can answer; ``answer`` names
    the schema of a 200, ``is_offered`` tells whether the settings have it.
    """

    path: str
    method: str
    handler: Callable[[Call], Reply]
    statuses: tuple[int, ...] = ()
    body: tuple[Member, ...] = ()
    who: str = ANYBODY
    is_offered: Callable[[], bool] | None = None
    answer: str = "State"

    def check_who(self, call: Call) -> None:
        """Raise ``Refusal`` for whoever is not signed in, or has to prove again who they are."""
        if self.who != ANYBODY and not call.request.user.is_authenticated:
            raise Refusal(SIGNED_OUT)
        if self.who == FRESH and needs_proof(call.request):
            raise Refusal(RECONFIRM)

    @property
    def name(self) -> str:
        """The URL's name: ``login_code``; operations of one path share it."""
        return self.path.partition("<")[0].strip("/").replace("/", "_").replace("-", "_") + (
            "_one" if "<" in self.path else ""
        )

    @property
    def all_statuses(self) -> list[int]:
        """The statuses of its problems, but for those of the front end."""
        own = {*self.statuses}
        own |= {400, 415} if self.method == "POST" else set()
        own |= {401} if self.who != ANYBODY else set()
        own |= {403} if self.who == FRESH else set()
        own |= {404} if self.is_offered is not None or "<" in self.path else set()
        return sorted(own)


def _has_codes_by_email() -> bool:
    return conf.offers(EMAIL_CODE)


def _has_factors() -> bool:
    return conf.CUSTOMIZE_MFA


def _has_typed_methods() -> bool:
    return bool(typed_methods())


def _has_sign_ins() -> bool:
    return conf.SIGN_INS


OPERATIONS: tuple[Operation, ...] = (
    Operation("login/", "GET", login.show),
    Operation(
        "login/",
        "POST",
        login.start,
        (*SENDS, 401, 403, 404, 409),
        (
            Member("identifier", IDENTIFIER.description),
            Member("method", "One of the state's methods."),
            Member("reconfirm", "In place of these: the id of an own identity.", is_key=True),
        ),
    ),
    Operation("login/", "DELETE", login.give_up, (409,)),
    Operation("login/code/", "POST", login.take_code, PROVES, (CODE,)),
    Operation(
        "login/link/",
        "POST",
        login.take_link_code,
        PROVES,
        (Member("identifier", "Whose code it is; not read while a login is pending."), CODE),
        is_offered=_has_codes_by_email,
    ),
    Operation(
        "login/resend/",
        "POST",
        login.resend,
        (*SENDS, 403, 409),
        (Member("method", '"email-code": a code in place of a link.'),),
    ),
    Operation(
        "login/factor/",
        "POST",
        factors.choose,
        PROVES,
        (Member("authenticator", "The id of one; without it they are listed afresh."),),
        is_offered=_has_factors,
    ),
    Operation(
        "login/factor/answer/", "POST", factors.answer, PROVES, (CODE,), is_offered=_has_factors
    ),
    Operation(
        "login/factor/poll/",
        "POST",
        factors.poll,
        is_offered=_has_factors,
        answer="Poll",
    ),
    Operation(
        "login/factor/enroll/",
        "POST",
        factors.enroll,
        PROVES,
        (
            Member("factor", "One of the state's factors.", is_required=True),
            Member("phone_number", "For a phone: its number."),
            Member("channel", 'For a phone: "sms", or "voice".'),
        ),
        is_offered=_has_factors,
    ),
    Operation(
        "login/recovery-codes/",
        "POST",
        factors.confirm_recovery_codes,
        (409,),
        who=SIGNED_IN,
        is_offered=_has_factors,
    ),
    Operation("logout/", "POST", account.log_out, answer="SignedOut"),
    Operation("identities/", "GET", account.list_identities, who=SIGNED_IN, answer="Identities"),
    Operation(
        "identities/",
        "POST",
        account.begin_adding,
        (*SENDS, 409),
        (IDENTIFIER,),
        who=FRESH,
        is_offered=_has_typed_methods,
    ),
    Operation(
        "identities/<int:pk>/",
        "DELETE",
        account.remove_identity,
        (409,),
        who=FRESH,
        answer="Identities",
    ),
    Operation(
        "sign-ins/",
        "GET",
        account.list_sign_ins,
        who=SIGNED_IN,
        is_offered=_has_sign_ins,
        answer="SignIns",
    ),
    Operation(
        "sign-ins/",
        "DELETE",
        account.end_others,
        who=SIGNED_IN,
        is_offered=_has_sign_ins,
        answer="SignIns",
    ),
    Operation(
        "sign-ins/<int:pk>/",
        "DELETE",
        account.end_sign_in,
        who=SIGNED_IN,
        is_offered=_has_sign_ins,
        answer="SignIns",
    ),
)


def by_path() -> dict[str, tuple[Operation, ...]]:
    """Return the operations of each path, in the order of the table."""
    paths = dict.fromkeys(operation.path for operation in OPERATIONS)
    return {path: tuple(each for each in OPERATIONS if each.path == path) for path in paths}
