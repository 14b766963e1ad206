"""Signals of the package; the sender is always the user model."""

from __future__ import annotations

from django.dispatch import Signal

#: A message was asked for. Arguments: ``request``, ``method`` (a value of ``METHODS``).
login_started: Signal = Signal()

#: An identity now belongs to a user. Arguments: ``identity``, ``user``, ``user_created``.
identity_linked: Signal = Signal()

#: Auth0 asked for a second factor. Arguments: ``request``.
mfa_started: Signal = Signal()

#: A second factor was proven. Arguments: ``request``, ``user``, ``factor``.
mfa_verified: Signal = Signal()

#: A signed-in person has one more second factor, or one fewer. Arguments: ``request``, ``user``,
#: ``factor``.
factor_added: Signal = Signal()
factor_removed: Signal = Signal()

#: A person was not let in. Arguments: ``request``, ``reason`` (see ``LoginRefused``).
login_refused: Signal = Signal()
