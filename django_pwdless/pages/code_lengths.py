"""How long the codes are that people type: what shows that ``CODE_LENGTH`` is not the tenant's."""

from __future__ import annotations

import logging

from django_pwdless.auth0.process_lock import ProcessLock
from django_pwdless.conf import conf

logger: logging.Logger = logging.getLogger("django_pwdless")

# As many codes of one length, and none that was right between them, are no slip of the finger.
MANY = 5

_lock = ProcessLock()
#: How often codes of other lengths were typed since the last right one, by their length.
others: dict[int, int] = {}


def other_length_typed(length: int) -> None:
    """Somebody typed a code of so many digits, not ``CODE_LENGTH``; say so once it is the rule."""
    with _lock.held():
        # A process counts for itself: what matters here happens in each of them.
        others[length] = others.get(length, 0) + 1
        is_rule = others[length] == MANY
    if is_rule:
        logger.warning(
            "People type codes of %d digits, but PWDLESS['CODE_LENGTH'] is %d: see OTP Length "
            "under Authentication > Passwordless > Email (and SMS).",
            length,
            conf.CODE_LENGTH,
        )


def forget_others() -> None:
    """A code of ``CODE_LENGTH`` was right: those of another length were typing errors."""
    with _lock.held():
        others.clear()
