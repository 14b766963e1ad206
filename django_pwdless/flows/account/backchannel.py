"""Auth0 ends sign-ins itself: OpenID Connect Back-Channel Logout 1.0, sections 2.5 to 2.7."""

from __future__ import annotations

from django_pwdless.auth0.verification.logout_token import LogoutToken
from django_pwdless.conf import conf
from django_pwdless.models import SignIn, subject_digest
from django_pwdless.provider import get_client
from django_pwdless.sign_ins.ending import end_rows
from django_pwdless.sign_ins.rows import moment, rows


def end_by_token(token: str) -> int:
    """End the sign-ins that a logout token names; return how many there were.

    Raises a member of the ``InvalidToken`` family, or ``Unavailable`` where the tenant's keys
    cannot be had within 2 seconds.
    """
    return end_named(get_client().verify_logout_token(token))


def end_named(logout: LogoutToken) -> int:
    """End the sign-ins that a verified token names; return how many there were."""
    # A token that comes again, however late, ends nothing that began after it.
    begun_before = moment(logout.issued_at + conf.LEEWAY)
    chosen = rows().filter(created_at__lt=begun_before, identity__issuer=logout.issuer)
    if logout.session_id:
        chosen = chosen.filter(sid=logout.session_id)
    if logout.subject:
        chosen = chosen.filter(identity__digest=subject_digest(logout.issuer, logout.subject))
    named = [row.pk for row in chosen.select_related("identity") if _is_named(row, logout)]
    return end_rows(rows().filter(pk__in=named), "backchannel")


def _is_named(row: SignIn, logout: LogoutToken) -> bool:
    """Compare exactly, which not every database does."""
    is_session = not logout.session_id or row.sid == logout.session_id
    return is_session and row.identity is not None and row.identity.issuer == logout.issuer
