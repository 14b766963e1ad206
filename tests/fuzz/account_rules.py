"""What signed-in people do: sign-ins, second factors, tokens; and what Auth0 and APIs do."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse
from hypothesis import strategies as st
from hypothesis.stateful import rule

from django_pwdless.localtenant.clients.api import DEFAULT_API
from django_pwdless.localtenant.people.people import subject
from django_pwdless.localtenant.token_faults.logout_tokens import LOGOUT_TOKEN_FAULTS
from django_pwdless.models import SignIn
from tests.journeys.browser import FORM
from tests.journeys.hosted import log_in_hosted

from .deeds import Return
from .json_rules import FACTORS, doors, people
from .stage import Stage

HOSTED = ["ann@example.com", "ben@example.com", "emil@example.com"]
browsers = st.sampled_from([0, 0, 0, 1])


class AccountRules(Stage):
    """Each rule is under the same witness."""

    # Sign-ins

    @rule(at=doors, number=st.integers(0, 3))
    def end_sign_in(self, at: int, number: int) -> None:
        """Anybody's: only one's own ends."""
        pks = sorted(self.look(at).rows)
        pk = pks[number % len(pks)] if pks else number
        if at < 2 and number % 2:
            url = reverse("pwdless:sign_in_end", kwargs={"pk": pk})
            self.watch(at, "sign_in_end", "POST", lambda client: client.post(url))
        else:
            self.speak(at, "sign_in_end", "DELETE", f"sign-ins/{pk}/")

    @rule(at=doors)
    def end_others(self, at: int) -> None:
        before = self.look(at)
        self.speak(at, "sign_ins_end_others", "DELETE", "sign-ins/")
        now = self.look(at)
        if before.user is not None:
            own = {pk for pk, user in now.rows.items() if str(user) == before.user}
            assert own == {before.entry_pk}

    @rule(number=st.integers(0, 5))
    def delete_sign_in(self, number: int) -> None:
        """In the admin, say."""
        pks = sorted(SignIn.objects.values_list("pk", flat=True))
        if pks:
            SignIn.objects.filter(pk=pks[number % len(pks)]).delete()

    @rule(who=people, fault=st.sampled_from(["", "", *sorted(LOGOUT_TOKEN_FAULTS)]))
    def end_by_auth0(self, who: str, fault: str) -> None:
        """A back-channel logout ends the sign-ins of its subject, and no other."""
        sub = subject("email", who)
        before = {row.pk: row.identity for row in SignIn.objects.select_related("identity")}
        named = {pk for pk, identity in before.items() if identity and identity.subject == sub}
        body = f"logout_token={self.tenant.logout_token(sub, fault=fault or None)}"
        answer: Any = Client().post(reverse("pwdless:backchannel_logout"), body, FORM)
        left = set(SignIn.objects.values_list("pk", flat=True))
        assert answer.status_code in (200, 400, 413, 503), answer.status_code
        is_taken = answer.status_code == 200
        assert before.keys() - left <= (named if is_taken else set())
        assert fault or not is_taken or not left & named
        assert fault or answer.status_code != 400

    # Tokens

    @rule(at=browsers, who=people, is_due=st.booleans())
    def sign_in_to_use_access_token(self, at: int, who: str, is_due: bool) -> None:
        self.sign_in(at, who, 0)
        self.use_access_token(at, is_due)

    @rule(at=browsers, is_due=st.booleans())
    def use_access_token(self, at: int, is_due: bool) -> None:
        """It is for who is signed in, also after it was refreshed."""
        self.clock.shift(86_401 if is_due else 1)
        headers = {"accept": "application/json"}
        get = lambda client: client.get("/token/", headers=headers)  # noqa: E731
        answer = self.watch(at, "token", "GET", get)
        now = self.look(at)
        assert answer.status_code in (200, 401, 503)
        if answer.status_code == 200:
            assert str(now.owners[answer.json()["sub"]]) == now.user

    @rule(at=browsers, who=people)
    def call_api(self, at: int, who: str) -> None:
        """With somebody's access token, in a browser that may be somebody else's."""
        sub = subject("email", who)
        before = self.look(at)
        token = self.tenant.access_token(sub, audience=DEFAULT_API)
        headers = {"authorization": f"Bearer {token}"}
        answer = self.browsers[at].client.get("/called/", headers=headers)
        now = self.look(at)
        assert (now.key, now.session) == (before.key, before.session)
        if answer.status_code == 200:
            assert answer.json()["user"] == str(now.owners[sub])
            assert answer.json()["user"] in now.active
        else:
            is_known = str(now.owners.get(sub)) in now.active
            assert answer.status_code == 503 or (answer.status_code == 403 and not is_known)

    # Second factors

    @rule(at=browsers, who=st.sampled_from(HOSTED))
    def prove_for_factors(self, at: int, who: str) -> None:
        """Go through the step-up, as oneself or as somebody else."""
        page = self.open(at, "factors")
        url = page.context and page.context.get("step_up_url")
        if not url or self.tenant.state.faults.armed():
            return
        away = self.watch(at, "universal", "GET", lambda client: client.get(url))
        if away.status_code == 302:
            back = log_in_hosted(self.tenant, away["Location"], who)
            line = self.witness.known(self.browsers[at].session_key).line
            self.witness.returns[back] = Return(subject("email", who), line, is_whole=True)
            self.come_back(at, back)
            self.come_back(at, back)

    @rule(at=browsers, who=st.sampled_from(HOSTED), factor=st.sampled_from(FACTORS))
    def add_own_factor(self, at: int, who: str, factor: str) -> None:
        fields = {"phone_number": "+12025550101", "channel": "sms"} if factor == "phone" else {}
        self.send(at, "factor_add", factor=factor, **fields)
        if factor == "push-notification":
            self.press_push(True)
            self.poll(at, "text/html")
        else:
            self.send(at, "mfa_challenge", code=self.factor_code(who, factor))

    @rule(at=browsers, number=st.integers(0, 9))
    def remove_factor(self, at: int, number: int) -> None:
        """Anybody's: only one's own goes, and never the last one."""
        ids = [item.id for person in self.tenant.state.people for item in person.factors]
        page = self.open(at, "factors")
        listed = (page.context or {}).get("authenticators") or ()
        ids = [item.id for item in listed] or ids if number < 7 else ids
        url = reverse("pwdless:factor_remove", kwargs={"id": ids[number % len(ids)]})
        self.watch(at, "factor_remove", "GET", lambda client: client.get(url))
        self.watch(at, "factor_remove", "POST", lambda client: client.post(url))

    @rule(at=browsers, who=st.sampled_from(HOSTED), factor=st.sampled_from(FACTORS))
    def change_own_factors(self, at: int, who: str, factor: str) -> None:
        """All the way: prove, add one, and try to be rid of all there are."""
        self.sign_in(at, who, 0)
        self.prove_for_factors(at, who)
        self.add_own_factor(at, who, factor)
        for number in range(3):
            self.remove_factor(at, number)

    @rule(at=browsers, name=st.sampled_from(["factors_refresh", "factors_done"]))
    def end_or_refresh_factors(self, at: int, name: str) -> None:
        self.send(at, name)

    def sign_in(self, at: int, who: str, number: int) -> None:
        raise NotImplementedError

    def press_push(self, is_approved: bool) -> None:
        raise NotImplementedError

    def poll(self, at: int, accept: str) -> None:
        raise NotImplementedError
