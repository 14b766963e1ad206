"""Tokens of an identity that is its user's no more: whoever signs in by it now is somebody else."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver

from django_pwdless.conf import conf
from django_pwdless.identities.accounts import find
from django_pwdless.models import Identity, SignIn
from django_pwdless.sign_ins.rows import rows

from .kept_tokens import KeptTokens
from .lease import take_out


def is_still_theirs(row: SignIn, kept: KeptTokens) -> bool:
    """Whether the tokens are of an identity that its user has."""
    identity = find(kept.issuer, kept.subject)
    return identity is not None and bool(identity.user_id == row.user_id)


@receiver(post_delete, sender=Identity)
def _forget_tokens(*, instance: Identity, **kwargs: Any) -> None:
    """Whoever removes it, the admin too, ends our copies; a refresh under way comes too late."""
    if not conf.TOKENS:
        return
    for row in rows().filter(user_id=instance.user_id).exclude(tokens=""):
        kept = KeptTokens.of_row(row)
        if kept and (kept.issuer, kept.subject) == (instance.issuer, instance.subject):
            take_out(rows().filter(pk=row.pk))
