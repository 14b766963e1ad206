"""What the pages of a signed-in person's own account share: their navigation."""

from __future__ import annotations

from typing import Any

from django_pwdless.pages.account_pages import account_pages


class AccountPageMixin:
    """Adds the account's pages to the context; ``account_page`` is the URL name of this one."""

    account_page: str = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add them."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        return {**context, "account_pages": account_pages(self.account_page)}
