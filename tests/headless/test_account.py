"""What a signed-in person does, as JSON: identities and sign-ins."""

from __future__ import annotations

from typing import Any

import pytest

from django_pwdless.localtenant import LocalTenant
from django_pwdless.models import Identity
from tests.journeys.browser import ANN, BEN, sent

from .front_end import FrontEnd, state_in

pytestmark = pytest.mark.django_db


# The clock first: a session from before it stands still would have expired.
@pytest.fixture
def signed_in(clock: Any, front_end: FrontEnd) -> FrontEnd:
    assert front_end.sign_in().data["step"] == "signed_in"
    return front_end


def labels(front_end: FrontEnd) -> list[str]:
    return [each["label"] for each in front_end.get("identities/").data["identities"]]


def add(front_end: FrontEnd, identifier: str) -> Any:
    front_end.identifier = identifier
    assert front_end.post("identities/", identifier=identifier).data["step"] == "code"
    return front_end.answer()


def test_add_and_remove_an_identity(signed_in: FrontEnd) -> None:
    added = add(signed_in, BEN)
    assert (added.data["step"], added.data["user"]["name"]) == ("signed_in", ANN)
    assert labels(signed_in) == [ANN, BEN]
    rows = signed_in.get("identities/").data["identities"]
    after = signed_in.delete(f"identities/{rows[0]['id']}/")
    assert [each["label"] for each in after.data["identities"]] == [BEN]


def test_last_identity_stays(signed_in: FrontEnd) -> None:
    (row,) = signed_in.get("identities/").data["identities"]
    response = signed_in.delete(f"identities/{row['id']}/")
    assert (response.status_code, response.data["outcome"]) == (409, "last_identity")
    assert labels(signed_in) == [ANN]


@pytest.mark.parametrize("pk", [0, 10**6, 10**30])
def test_identity_of_nobody(pk: int, signed_in: FrontEnd) -> None:
    assert signed_in.delete(f"identities/{pk}/").data["outcome"] == "not_found"
    assert signed_in.post("login/", reconfirm=pk).data["outcome"] == "not_found"


def test_identity_of_somebody_else(signed_in: FrontEnd, kind: str, tenant: LocalTenant) -> None:
    FrontEnd(kind, tenant).sign_in(BEN)
    other = Identity.objects.get(email=BEN)
    assert signed_in.delete(f"identities/{other.pk}/").status_code == 404
    assert signed_in.post("login/", reconfirm=str(other.pk)).status_code == 404
    response = add(signed_in, BEN)
    assert (response.status_code, response.data["outcome"]) == (403, "identity_taken")
    assert Identity.objects.count() == 2


def test_changes_need_a_fresh_proof(signed_in: FrontEnd, tenant: LocalTenant, clock: Any) -> None:
    add(signed_in, BEN)
    first, second = signed_in.get("identities/").data["identities"]
    clock.shift(601)
    before = sent(tenant)
    for response in (
        signed_in.post("identities/", identifier="c@example.com"),
        signed_in.delete(f"identities/{second['id']}/"),
    ):
        assert (response.status_code, response.data["outcome"]) == (403, "reconfirm")
    assert sent(tenant) == before and labels(signed_in) == [ANN, BEN]
    signed_in.identifier = ANN
    assert signed_in.post("login/", reconfirm=first["id"]).data["step"] == "code"
    assert signed_in.answer().data["step"] == "signed_in"
    assert signed_in.delete(f"identities/{second['id']}/").status_code == 200
    assert labels(signed_in) == [ANN]


def test_confirming_is_for_people_who_are_signed_in(front_end: FrontEnd) -> None:
    response = front_end.post("login/", reconfirm=1)
    assert (response.status_code, response.data["outcome"]) == (401, "signed_out")


def test_new_json_login_replaces_the_old_one(signed_in: FrontEnd) -> None:
    done = signed_in.sign_in(BEN)
    assert done.data["user"]["name"] == BEN
    assert labels(signed_in) == [BEN]


def test_login_begun_while_signed_in_shows_both(signed_in: FrontEnd) -> None:
    begun = signed_in.ask(BEN).data
    assert (begun["step"], begun["user"]["name"], begun["identifier"]) == ("code", ANN, BEN)
    assert signed_in.delete("login/").data["step"] == "signed_in"


def test_step_missing_says_who_is_signed_in(signed_in: FrontEnd) -> None:
    response = signed_in.answer("123456")
    assert response.status_code == 409
    assert (state_in(response)["step"], state_in(response)["user"]["name"]) == ("signed_in", ANN)
