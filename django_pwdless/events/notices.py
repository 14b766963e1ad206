"""``NOTICES``: who is mailed about what happened, once it is committed."""

from __future__ import annotations

import logging
from functools import partial

from django.db import router, transaction
from django.utils import timezone
from django.utils.translation import get_language

from django_pwdless.conf import conf
from django_pwdless.exceptions import LimitsUnavailable
from django_pwdless.limits.shared_cache import claim
from django_pwdless.models import Identity
from django_pwdless.transactions import tolerated

from . import browsers
from . import outcome as of
from .mails import Notice, mail
from .outcome import Outcome

logger: logging.Logger = logging.getLogger("django_pwdless")

NEW_SIGN_IN = "new_sign_in"
RECOVERY_CODE_USED = "recovery_code_used"
# As they are called where they happen.
SAME = {of.IDENTITY_ADDED, of.IDENTITY_REMOVED, of.FACTOR_ADDED, of.FACTOR_REMOVED}
AN_HOUR, MAILS_AN_HOUR = 3600, 10


def notify(outcome: Outcome) -> None:
    """Have the person mailed, where the site wants that and it is worth one."""
    name = _name(outcome)
    if not name or name not in conf.NOTICES or outcome.request is None:
        return
    if name == NEW_SIGN_IN:
        is_known = browsers.is_known(outcome.request, outcome.user_pk)
        browsers.remember(outcome.request, outcome.user_pk)
        if is_known:
            return
    database = router.db_for_write(Identity)
    with tolerated("send a notice", using=database):
        notice = Notice(
            name,
            outcome.user_pk,
            tuple(_addresses(outcome, database)),
            outcome.request,
            get_language(),
            timezone.now(),
            timezone.get_current_timezone(),
        )
        transaction.on_commit(partial(_deliver, notice), using=database, robust=True)


def _name(outcome: Outcome) -> str:
    """Return what the notice would be called; empty for what nobody is mailed about."""
    match outcome:
        case Outcome(kind=of.SIGN_IN, reason=""):
            return NEW_SIGN_IN
        case Outcome(kind=of.MFA_VERIFIED, method="recovery-code"):
            return RECOVERY_CODE_USED
    return outcome.kind if outcome.kind in SAME else ""


def _addresses(outcome: Outcome, database: str) -> list[str]:
    """Return the person's verified addresses as they were before: whoever got in adds their own."""
    changed = outcome.identity
    found = Identity._base_manager.using(database).filter(user_id=outcome.user_pk)
    own = {identity.pk: identity for identity in found.exclude(email="")}
    if outcome.kind == of.IDENTITY_REMOVED and changed is not None:
        own[changed.pk] = changed
    elif changed is not None and (outcome.kind == of.IDENTITY_ADDED or changed.is_new):
        own.pop(changed.pk, None)
    return list(dict.fromkeys(identity.email for identity in own.values() if identity.email))


def _deliver(notice: Notice) -> None:
    """Send it to each address; a mail that fails is one line in the log, and in nobody's way."""
    for address in notice.addresses:
        if not _may_mail(notice):
            return
        try:
            mail(notice, address)
        except Exception as error:  # of a mail server, a backend, or a template of the site's
            logger.warning("The notice %s was not sent (%s).", notice.name, type(error).__name__)


def _may_mail(notice: Notice) -> bool:
    """Whether the person has had fewer than ten mails within the hour; yes without the cache."""
    keys = (f"pwdless:notice:{notice.user_pk}:{number}" for number in range(MAILS_AN_HOUR))
    try:
        return any(claim(key, AN_HOUR) for key in keys)
    except LimitsUnavailable:
        # Nobody signs in without it, so that few can be asked for.
        return True
