"""Users as the site's own manager shows them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model


def is_hidden(user: Any) -> bool:
    """Whether the user model's default manager leaves this user out, as a softly deleted one.

    Django looks people up by it at each request, and would find nobody in the session.
    """
    shown = get_user_model()._default_manager.using(user._state.db).all()
    # A manager that leaves nobody out costs no query.
    return bool(shown.query.where) and not shown.filter(pk=user.pk).exists()
