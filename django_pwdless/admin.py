"""Identities, sign-ins and events in the admin: to look at, and to delete or to search."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import connections
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .conf import conf
from .events.digests import digests_of
from .events.telling import SENTENCES
from .identifiers.identifier import parse_identifier
from .models import Event, Identity, SignIn, subject_digest
from .sign_ins.ending import end_rows

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    AdminBase = admin.ModelAdmin[Any]
    PaginatorBase = Paginator[Any]
else:
    AdminBase, PaginatorBase = admin.ModelAdmin, Paginator

# As far as a list is counted and can be leafed through: its newest rows.
MOST = 10_000
# Users that a search goes by.
MOST_USERS = 1000


class BoundedPaginator(PaginatorBase):
    """Counts no further than to ``MOST``: a database reads all rows to count them."""

    @cached_property
    def count(self) -> int:
        """How many there are to leaf through."""
        rows: Any = self.object_list
        return int(rows.order_by()[:MOST].count())


class LongTableAdmin(AdminBase):
    """A long table to look at, the newest first: each page and search is answered by an index."""

    list_select_related = ("user",)
    ordering = ("-pk",)
    sortable_by = ()
    paginator = BoundedPaginator
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody adds one."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes one."""
        return False

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """Search by the user's name, whatever the user model calls it."""
        return (f"user__{get_user_model().USERNAME_FIELD}",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search by what a text begins with: what is within it no index finds."""
        if not search_term:
            return queryset, False
        return queryset.filter(self.matching(search_term, queryset.db)), False

    def matching(self, term: str, database: str) -> Q:
        """Return what finds the rows of users whose name begins with this.

        The users first: no index serves an alternative over two tables.
        """
        model = get_user_model()
        named = beginning(model.USERNAME_FIELD, term, database)
        users = model._base_manager.using(database).filter(named).values_list("pk", flat=True)
        return Q(user_id__in=list(users[:MOST_USERS]))


def beginning(field: str, term: str, database: str) -> Q:
    """Return what finds texts that begin with this, as typed or in small letters, by an index."""
    # On MySQL and MariaDB the index knows no case.
    is_mysql = connections[database].vendor == "mysql"
    lookup = f"{field}__istartswith" if is_mysql else f"{field}__startswith"
    return Q((lookup, term)) | Q((lookup, term.lower()))


class ConnectionFilter(admin.SimpleListFilter):
    """The connections there are; Django's own filter would read the table to find them."""

    title = _("connection")
    parameter_name = "connection"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [(name, name) for name in ("email", "sms")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Identity]) -> QuerySet[Identity]:
        """Return what is left of the list."""
        return queryset.filter(connection=self.value()) if self.value() else queryset


@admin.register(Identity)
class IdentityAdmin(LongTableAdmin):
    """An identity is proven by its owner, so nobody adds or changes one by hand."""

    list_display = ("label", "user", "connection", "created_at")
    list_filter = (ConnectionFilter,)
    search_help_text = _("An email address, a phone number or a user name.")
    fields = ("user", "issuer", "subject", "connection", "email", "phone_number", "created_at")
    readonly_fields = fields

    def matching(self, term: str, database: str) -> Q:
        """Search by an address, a number, or the whole subject of an ID token, too."""
        number = "+" + "".join(filter(str.isdecimal, term))
        found = super().matching(term, database) | beginning("email", term, database)
        found |= Q(digest=subject_digest(conf.issuer, term))
        return found | beginning("phone_number", number, database) if number != "+" else found


@admin.register(SignIn)
class SignInAdmin(LongTableAdmin):
    """Where somebody is signed in; to delete it ends that. Hidden while ``SIGN_INS`` is off."""

    list_display = ("user", "browser", "system", "method", "created_at", "last_seen_at")
    fields = (
        *("user", "identity", "created_at", "last_seen_at", "expires_at"),
        *("method", "mfa_factor", "sid", "user_agent"),
    )
    readonly_fields = fields

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether it is listed."""
        return conf.SIGN_INS and super().has_module_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: SignIn | None = None) -> bool:
        """Whether it can be looked at."""
        return conf.SIGN_INS and super().has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: SignIn | None = None) -> bool:
        """Whether it can be ended here; no sign-in keeps its user from being deleted."""
        return self._goes_with_another(request) or (
            conf.SIGN_INS and super().has_delete_permission(request, obj)
        )

    def delete_model(self, request: HttpRequest, obj: SignIn) -> None:
        """End one."""
        end_rows(type(obj)._base_manager.filter(pk=obj.pk), "admin", request)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[SignIn]) -> None:
        """End those that were chosen."""
        end_rows(queryset, "admin", request)

    def _goes_with_another(self, request: HttpRequest) -> bool:
        """Whether something else is deleted, which takes sign-ins along."""
        page = (request.resolver_match.url_name if request.resolver_match else None) or ""
        is_own = page.startswith(f"{self.opts.app_label}_{self.opts.model_name}_")
        return not is_own and page.endswith(("_delete", "_changelist"))


class KindFilter(admin.SimpleListFilter):
    """The kinds there can be."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [(kind, kind) for kind in SENTENCES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        """Return what is left of the list."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


@admin.register(Event)
class EventAdmin(LongTableAdmin):
    """What happened: to search and to read. Hidden while ``EVENTS`` is off."""

    list_display = ("created_at", "kind", "user", "method", "reason", "address")
    list_filter = (KindFilter, "created_at")
    search_help_text = _("An email address, a phone number or a user name.")
    fields = ("created_at", "kind", "user", "identity", "method", "reason", "address")
    readonly_fields = fields

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether it is listed."""
        return conf.EVENTS and super().has_module_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        """Whether it can be looked at."""
        return conf.EVENTS and super().has_view_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Event | None = None) -> bool:
        """Nobody deletes one here: what happened stays."""
        return False

    def matching(self, term: str, database: str) -> Q:
        """Search by an address or number too: rows hold it as a digest only."""
        found = super().matching(term, database)
        try:
            identifier = parse_identifier(term, frozenset({"email", "sms"}))
        except ValidationError:
            return found
        return found | Q(identifier_digest__in=digests_of(identifier))
