"""Watches every request of several browsers, and knows who may be whom afterwards.

Its knowledge is its own: what was proven comes from the tenant's books, who owns which identity
from what it saw happen. A session is followed from key to key.
"""

from __future__ import annotations

import itertools
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session

from django_pwdless.localtenant import LocalTenant
from django_pwdless.localtenant.people.people import subject
from django_pwdless.session.login_record import LOGIN_KEY
from tests.journeys.browser import Browser

from .books import check_access, check_factors, check_rows
from .deeds import Deed, Known, Return
from .guarantees import Moment, check_calls, check_secrets, check_session
from .pages import check_answer, check_json
from .proofs import as_typed, first_factors, second_factors
from .records import Records

# Pages that lose no login that is under way, whatever stands between.
KEEPING = {"verify", "link", "resend", "mfa", "mfa_challenge", "mfa_enroll"}
FRESH = 600
COOLDOWN = 30


class Witness:
    """Follows what happens; ``settle`` asserts that it may."""

    def __init__(self, tenant: LocalTenant) -> None:
        self.tenant = tenant
        self.sessions: dict[str, Known] = {}
        self.dead_keys: list[str] = []
        self.returns: dict[str, Return] = {}
        # By number of the message: in which line it was asked for. By what was sent: when.
        self.message_lines: dict[int, int] = {}
        self.sent_at: dict[Any, float] = {}
        # Whose identity was removed: the user made for it still has the name.
        self.removed: set[str] = set()
        self.records = Records()
        self._lines = itertools.count()

    def known(self, key: str | None) -> Known:
        """What is known of a session; nothing of one that nobody has seen."""
        return self.sessions.get(key or "") or Known(-1)

    def deed(
        self, name: str, method: str, fields: dict[str, str], target: str, is_json: bool = False
    ) -> Deed:
        """What a request proves; ask before it is sent."""
        first: set[str] = set()
        second: set[str] = set()
        code = as_typed(fields.get("code", ""))
        if name in ("verify", "link"):
            first = first_factors(self.tenant, code)
        elif name == "callback" and target in self.returns:
            first = {self.returns[target].person}
        elif (name == "mfa_challenge" and code) or name == "mfa_poll":
            second = second_factors(self.tenant, code)
        return Deed(name, method, fields, target, first, second, is_json)

    def settle(self, browser: Browser, before: Moment, deed: Deed, answer: Any) -> None:
        """Assert that all that happened may happen, and take note of it."""
        after = Moment.of(self.tenant, browser)
        if deed.is_json:
            check_json(answer)
        elif deed.name != "token":
            check_answer(answer, tenant_url=self.tenant.base_url, name=deed.name, may_fail=True)
        check_calls(self.tenant, before, name=deed.name, method=deed.method)
        check_session(self.tenant, after)
        check_secrets(self.tenant, before, answer, deed.name, is_json=deed.is_json)
        check_rows(before, after, deed.name)
        check_factors(before, after, deed.name, deed.second)
        check_access(self.tenant, after)
        self.records.check(self.tenant, deed.fields.get("identifier", ""))
        if before.is_over and deed.name != "backchannel_logout":
            # The first look at it is its end, with all that was begun in it.
            assert after.key != before.key, deed.name
            self._forget(before.key)
            before = before.without_session()
        if after.user and (after.user, after.record) != (before.user, before.record):
            self._login(before, after, deed)
        elif self._has_ended_own(before, after, deed, answer):
            assert after.user is None and after.has_nothing_begun and LOGIN_KEY not in after.session
            self._forget(before.key)
        else:
            assert after.user == before.user
            self._half_way(before, after, deed)
        self._check_identities(before, after, deed)
        self._check_messages(before, after, deed, answer)
        self._check_addresses(before, after, deed, answer)
        self._check_login_is_kept(before, after, deed, answer)
        if deed.name == "verify" and not before.is_broken:
            self._check_progress(before, after, deed, answer)

    def _has_ended_own(self, before: Moment, after: Moment, deed: Deed, answer: Any) -> bool:
        """Whether the person has ended the sign-in of this very session."""
        is_own = before.entry_pk is not None and before.entry_pk not in after.rows
        is_logout = deed.name == "logout" and deed.has_led_on(answer)
        return is_logout or (deed.name == "sign_in_end" and is_own)

    def signed_in_otherwise(self, key: str | None, browser: Browser) -> None:
        """Somebody signed in by a password: nothing that was begun here is theirs."""
        after = Moment.of(self.tenant, browser)
        assert after.key and after.has_nothing_begun
        if key != after.key:  # Django keeps the key of a person who signs in again
            self._forget(key)
        self.sessions[after.key] = Known(next(self._lines), user=after.user)

    def _login(self, before: Moment, after: Moment, deed: Deed) -> None:
        """Somebody signed in, or confirmed that it is them: all their factors are proven here."""
        is_whole = deed.target in self.returns and self.returns[deed.target].is_whole
        owing = set() if is_whole else set(filter(self._owes_second, deed.first))
        proven = (deed.first - owing) | (deed.second & self.known(before.key).awaited)
        assert after.user in {str(after.owners[sub]) for sub in proven if sub in after.owners}
        assert get_user_model().objects.get(pk=after.user).is_active
        self._check_return(before, deed)
        self._check_new_key(before, after)
        assert after.has_nothing_begun
        if before.pending.get("kind") == "reconfirm" and not deed.target:
            assert after.user == before.user
        self.sessions[str(after.key)] = Known(next(self._lines), user=after.user)
        self._forget(before.key)

    def _half_way(self, before: Moment, after: Moment, deed: Deed) -> None:
        """Nobody signed in; perhaps a second factor is asked for, or the session begins."""
        known = self.known(before.key)
        if after.is_asked_for_second and not before.is_asked_for_second:
            known.awaited = set(filter(self._owes_second, deed.first))
            assert known.awaited
            self._check_return(before, deed)
            self._check_new_key(before, after)
        if not after.is_asked_for_second:
            known.awaited = set()
        if after.key and after.key not in self.sessions:
            if known.line < 0:
                known = Known(next(self._lines))
            else:
                self._check_new_key(before, after)
            self.sessions[after.key] = known
            self._forget(before.key)
        if (identifier := deed.fields.get("identifier")) and after.key:
            self.known(after.key).typed.add(identifier)
        assert after.user == self.known(after.key).user

    def _owes_second(self, sub: str) -> bool:
        person = self.tenant.state.people.by_sub(sub)
        return person is not None and person.mfa is not None

    def _check_return(self, before: Moment, deed: Deed) -> None:
        """A way back works in the session it was begun in, and once."""
        if deed.target:
            assert self.returns.pop(deed.target).line == self.known(before.key).line >= 0

    def _check_new_key(self, before: Moment, after: Moment) -> None:
        """Session fixation: the key changes, and the old one opens nothing."""
        assert after.key and after.key != before.key
        assert not Session.objects.filter(session_key=before.key).exists()

    def _forget(self, key: str | None) -> None:
        if key:
            self.dead_keys.append(key)
            self.sessions.pop(key, None)

    def _check_identities(self, before: Moment, after: Moment, deed: Deed) -> None:
        """Who owns what changes by a first login, by adding with proof, and by removing."""
        added = after.owners.keys() - before.owners.keys()
        assert added <= deed.first | deed.second and len(added) <= 1
        for sub in added:
            assert after.user == str(after.owners[sub])
            is_new_user = after.owners[sub] not in before.owners.values()
            assert is_new_user or before.user == after.user
        removed = before.owners.keys() - after.owners.keys()
        assert len(removed) <= (1 if deed.name == "identity_remove" else 0)
        for sub in removed:
            assert str(before.owners[sub]) == before.user
            assert before.owners[sub] in after.owners.values()
            assert after.at - before.record["at"] < FRESH
        self.removed |= removed
        kept = before.owners.keys() & after.owners.keys()
        assert all(before.owners[sub] == after.owners[sub] for sub in kept)

    def _check_messages(self, before: Moment, after: Moment, deed: Deed, answer: Any) -> None:
        """The same message again waits for the cooldown; the one that began a session aside."""
        for message in self.tenant.inbox.messages()[before.messages :]:
            self.message_lines[message.number] = self.known(after.key).line
            pending = [after.pending.get(name) for name in ("kind", "method")]
            what = (after.key, message.to, message.send, message.purpose, *pending)
            # A phone that is being set up scans a code: nothing goes to anybody.
            is_scanned = deed.fields.get("factor") == "push-notification"
            if deed.has_led_on(answer) and before.key == after.key and not is_scanned:
                assert after.at - self.sent_at.get(what, 0) >= COOLDOWN
                self.sent_at[what] = after.at

    def _check_addresses(self, before: Moment, after: Moment, deed: Deed, answer: Any) -> None:
        """A whole address is shown to who typed it, and to whose it is, or was until just now."""
        if deed.name == "universal":
            return
        text = answer.content.decode() + str(answer.headers)
        owners = {**before.owners, **after.owners}
        own = {sub for sub, owner in owners.items() if str(owner) == after.user}
        visible = {deed.fields.get("identifier"), *self.known(after.key).typed}
        for person in self.tenant.state.people:
            if person.sub not in own and person.identifier not in visible:
                assert person.identifier not in text

    def _check_login_is_kept(self, before: Moment, after: Moment, deed: Deed, answer: Any) -> None:
        """A wait or an outage ends no login that is under way."""
        if answer.status_code in (429, 503) and before.pending and deed.name in KEEPING:
            assert after.pending.get("id") == before.pending["id"]
            assert after.is_asked_for_second or not before.is_asked_for_second

    def _check_progress(self, before: Moment, after: Moment, deed: Deed, answer: Any) -> None:
        """Whoever types their right code in time gets on, unless their account is in the way."""
        pending = before.pending
        is_over = not pending or pending["mfa"] or pending["expires_at"] <= after.at
        if is_over or pending["kind"] != "login" or answer.status_code == 429:
            return
        sub = subject(pending["connection"], pending["identifier"])
        if sub in deed.first and self._may_sign_in(sub, before):
            assert deed.has_led_on(answer)
            assert after.is_asked_for_second or after.user == str(after.owners[sub])

    def _may_sign_in(self, sub: str, before: Moment) -> bool:
        """Whether the account is active; a new one needs a name that nobody has."""
        if sub in before.owners:
            return bool(get_user_model().objects.get(pk=before.owners[sub]).is_active)
        return sub not in self.removed
