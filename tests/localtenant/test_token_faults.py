"""Every way an ID token can be wrong is wrong, and only in that way."""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64decode

import jwt
import pytest

from django_pwdless.localtenant.token_faults import FAULTS, HARMLESS, NONCE_FAULTS, PROFILE_FAULTS

from .site import Site

REASONS = {
    "wrong_iss": jwt.InvalidIssuerError,
    "iss_without_slash": jwt.InvalidIssuerError,
    "no_iss": jwt.MissingRequiredClaimError,
    "wrong_aud": jwt.InvalidAudienceError,
    "no_aud": jwt.MissingRequiredClaimError,
    "aud_other_list": jwt.InvalidAudienceError,
    "expired": jwt.ExpiredSignatureError,
    "no_exp": jwt.MissingRequiredClaimError,
    "exp_word": jwt.DecodeError,
    "iat_in_future": jwt.ImmatureSignatureError,
    "no_iat": jwt.MissingRequiredClaimError,
    "no_sub": jwt.MissingRequiredClaimError,
    "sub_number": jwt.exceptions.InvalidSubjectError,
    "nbf_in_future": jwt.ImmatureSignatureError,
    "foreign_key": jwt.InvalidSignatureError,
    "changed_after_signing": jwt.InvalidSignatureError,
    "short_signature": jwt.InvalidSignatureError,
    "no_signature": jwt.InvalidSignatureError,
    "other_algorithm": jwt.InvalidAlgorithmError,
    "alg_none": jwt.InvalidAlgorithmError,
    "hs256_with_public_key": jwt.InvalidAlgorithmError,
    "crit": jwt.InvalidTokenError,
    "two_parts": jwt.DecodeError,
    "garbage": jwt.DecodeError,
    "payload_list": jwt.DecodeError,
    "payload_not_json": jwt.DecodeError,
}


def parts(token):
    return [json.loads(urlsafe_b64decode(part + "==")) for part in token.split(".")[:2]]


def verify(site: Site, token: str) -> None:
    jwt.decode(
        token,
        jwt.PyJWK(site.get("/.well-known/jwks.json").json()["keys"][0]),
        ["RS256"],
        audience=site.tenant.client_id,
        issuer=site.tenant.issuer,
        options={"require": ["iss", "sub", "aud", "exp", "iat"]},
    )


@pytest.mark.parametrize("fault", REASONS)
def test_refused_for_its_reason(site, tenant, fault):
    with pytest.raises(REASONS[fault]):
        verify(site, tenant.id_token(fault))


@pytest.mark.parametrize("fault", sorted(HARMLESS | NONCE_FAULTS | PROFILE_FAULTS))
def test_harmless_fault_still_verifies(site, tenant, fault):
    verify(site, tenant.id_token(fault))


@pytest.mark.parametrize("fault", FAULTS)
def test_differs_from_a_good_token(tenant, fault):
    token = tenant.id_token(fault, nonce="n")
    assert token is None or token != tenant.id_token(nonce="n")


@pytest.mark.parametrize("fault", FAULTS)
def test_reaches_the_site(site, tenant, fault):
    tenant.token_fault = fault
    answer = site.exchange(site.code())
    assert answer.status_code == 200
    if fault == "missing":
        assert "id_token" not in answer.json()
    tenant.token_fault = None
    assert site.sign_in()


def test_unknown_token_fault(tenant):
    with pytest.raises(ValueError, match="no token_fault 'odd'"):
        tenant.token_fault = "odd"
    with pytest.raises(ValueError, match="no token fault 'odd'"):
        tenant.id_token("odd")


def test_id_token_takes_claims_of_ones_own(site, tenant):
    claims = site.claims(tenant.id_token(sub="sms|1", nonce="n", email=...))
    assert (claims["sub"], claims["nonce"]) == ("sms|1", "n")
    assert "email" not in claims


def test_alg_none_has_no_signature(tenant):
    token = tenant.id_token("alg_none")
    assert parts(token)[0]["alg"] == "none" and token.endswith(".")


def test_hs256_with_public_key_would_verify(tenant):
    token = tenant.id_token("hs256_with_public_key")
    signed, _, signature = token.rpartition(".")
    key = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
    pem = tenant.keys.current.public_pem
    assert key.verify(signed.encode(), pem, urlsafe_b64decode(signature + "=="))


def test_embedded_jwk_would_verify(tenant):
    token = tenant.id_token("embedded_jwk")
    header = parts(token)[0]
    jwt.decode(token, jwt.PyJWK(header["jwk"]), ["RS256"], audience=tenant.client_id)
    assert header["kid"] == tenant.keys.current.kid


@pytest.mark.parametrize("fault", ["unknown_kid", "jku", "x5u"])
def test_unknown_kid_is_not_published(site, tenant, fault):
    published = {key["kid"] for key in site.get("/.well-known/jwks.json").json()["keys"]}
    assert parts(tenant.id_token(fault))[0]["kid"] not in published


def test_no_kid_leaves_it_out(tenant):
    assert "kid" not in parts(tenant.id_token("no_kid"))[0]


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
def test_algorithm_signs_what_verifies(site, tenant, algorithm):
    tenant.switches.algorithm = algorithm
    assert site.sign_in()["email"]


def test_hs256_is_keyed_with_the_secret(site, tenant):
    tenant.switches.algorithm = "HS256"
    token = site.exchange(site.code()).json()["id_token"]
    jwt.decode(token, tenant.client_secret, ["HS256"], audience=tenant.client_id)


def test_clock_moves_tokens(site, tenant):
    tenant.clock.advance(7200)
    claims = parts(tenant.id_token())[1]
    assert 7100 < claims["iat"] - time.time() < 7300
    assert claims["exp"] - claims["iat"] == 36000


def test_rotation_drops_the_old_key(site, tenant):
    old = tenant.id_token()
    tenant.rotate_keys()
    assert len(site.get("/.well-known/jwks.json").json()["keys"]) == 1
    with pytest.raises(KeyError):
        site.claims(old)
    assert site.sign_in()


def test_rotation_keeping_the_old_key(site, tenant):
    old = tenant.id_token()
    tenant.rotate_keys(keep_old=True)
    assert len(site.get("/.well-known/jwks.json").json()["keys"]) == 2
    assert site.claims(old) and site.claims(tenant.id_token())


def test_key_set_looks_like_auth0s(site):
    (key,) = site.get("/.well-known/jwks.json").json()["keys"]
    assert set(key) == {"alg", "kty", "use", "n", "e", "kid", "x5t", "x5c"}
    assert (key["alg"], key["kty"], key["use"], key["e"]) == ("RS256", "RSA", "sig", "AQAB")
    assert len(urlsafe_b64decode(key["n"] + "==")) == 256


def test_discovery_names_only_what_answers(site, tenant):
    document = site.get("/.well-known/openid-configuration").json()
    places = {
        name: place.removeprefix(tenant.base_url)
        for name, place in document.items()
        if name.endswith(("_endpoint", "_uri"))
    }
    for name, path in places.items():
        statuses = {site.call(method, path).status_code for method in ("GET", "POST")}
        assert 404 not in statuses, name


def test_discovery_leads_to_the_endpoints(site, tenant):
    document = site.get("/.well-known/openid-configuration").json()
    assert document["issuer"] == tenant.issuer
    assert document["token_endpoint"] == f"{tenant.base_url}/oauth/token"
    assert document["mfa_challenge_endpoint"] == f"{tenant.base_url}/mfa/challenge"
    assert site.get("/.well-known/jwks.json").url == document["jwks_uri"]
