// openid-client: certified for OpenID Connect, and what Auth0's own clients stand on.
import assert from "node:assert/strict";
import { createPrivateKey } from "node:crypto";
import { describe, test } from "node:test";
import * as oidc from "openid-client";
import * as t from "./tenant.mjs";

const OTP_GRANT = "http://auth0.com/oauth/grant-type/passwordless/otp";

/** How an application of each kind proves to be itself. */
const PROOFS = {
  basic: (added) => oidc.ClientSecretBasic(added.secret),
  post: (added) => oidc.ClientSecretPost(added.secret),
  assertion: async (added) => oidc.PrivateKeyJwt(await cryptoKey(added.private_key)),
  none: () => oidc.None(),
};
const KINDS = { basic: "secret", post: "secret", assertion: "private_key", none: "public" };

async function cryptoKey(pem) {
  const der = createPrivateKey(pem).export({ type: "pkcs8", format: "der" });
  return crypto.subtle.importKey("pkcs8", der, { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" }, false, ["sign"]);
}

async function discover(proof = "post") {
  const added = await t.control("clients", { kind: KINDS[proof] });
  return oidc.discovery(new URL(t.BASE), added.client_id, undefined, await PROOFS[proof](added));
}

async function send(config) {
  const { client_id } = config.clientMetadata();
  const body = { client_id, connection: "email", email: t.ANN, send: "code" };
  const { clients } = await t.look("clients");
  const { secret } = clients.find((each) => each.client_id === client_id);
  const headers = { "Content-Type": "application/json" };
  const request = { method: "POST", headers, body: JSON.stringify(secret ? { ...body, client_secret: secret } : body) };
  assert.equal((await fetch(`${t.BASE}/passwordless/start`, request)).status, 200);
}

function exchange(config, otp, more = {}) {
  const fields = { realm: "email", username: t.ANN, otp, scope: "openid email", ...more };
  return oidc.genericGrantRequest(config, OTP_GRANT, fields);
}

async function fails(call, status, [error, description]) {
  await assert.rejects(call, (caught) => {
    assert.ok(caught instanceof oidc.ResponseBodyError, String(caught));
    const found = [caught.status, caught.error, caught.error_description];
    assert.deepEqual(found, [status, error, description]);
    return true;
  });
}

describe("grants", () => {
  for (const proof of ["basic", "post", "none"]) {
    test(`refresh and revoke, ${proof}`, async () => {
      const config = await discover(proof);
      await send(config);
      const first = await exchange(config, await t.code(), { scope: t.OFFLINE, audience: t.API });
      const fresh = await oidc.refreshTokenGrant(config, first.refresh_token);
      assert.equal(fresh.claims().sub, first.claims().sub);
      await oidc.tokenRevocation(config, fresh.refresh_token);
      await fails(oidc.refreshTokenGrant(config, fresh.refresh_token), 403, t.UNKNOWN_REFRESH);
    });
  }

  test("a refresh token used again ends its family", async () => {
    const config = await discover();
    await t.control("switches", { refresh_leeway: 0 });
    await send(config);
    const first = await exchange(config, await t.code(), { scope: t.OFFLINE, audience: t.API });
    const fresh = await oidc.refreshTokenGrant(config, first.refresh_token);
    await fails(oidc.refreshTokenGrant(config, first.refresh_token), 403, t.REUSED_REFRESH);
    await fails(oidc.refreshTokenGrant(config, fresh.refresh_token), 403, t.UNKNOWN_REFRESH);
  });

  for (const proof of ["basic", "post", "none"]) {
    test(`a code, ${proof}`, async () => {
      const config = await discover(proof);
      await send(config);
      const code = await t.code();
      await fails(exchange(config, t.wrong(code)), 403, t.WRONG_CODE);
      assert.equal((await exchange(config, code)).claims().email, t.ANN);
    });
  }

  test("a code, assertion", async () => {
    const config = await discover("assertion");
    await fails(exchange(config, "123456"), 403, t.WRONG_CODE);
  });

  test("a second factor", async () => {
    const config = await discover();
    await t.addPerson(["otp"]);
    await send(config);
    const caught = await exchange(config, await t.code()).then(assert.fail, (error) => error);
    assert.equal(caught.error, "mfa_required");
    const fields = { mfa_token: caught.cause.mfa_token, otp: t.totp(await t.secretOf("otp")) };
    const grant = "http://auth0.com/oauth/grant-type/mfa-otp";
    await fails(oidc.genericGrantRequest(config, grant, { ...fields, otp: t.wrong(fields.otp) }), 403, t.WRONG_OTP);
    assert.equal((await oidc.genericGrantRequest(config, grant, fields)).claims().email, t.ANN);
  });
});

describe("Universal Login", () => {
  for (const proof of Object.keys(PROOFS)) {
    test(`a login with PKCE, state and nonce, ${proof}`, async () => {
      const config = await discover(proof);
      const pkceCodeVerifier = oidc.randomPKCECodeVerifier();
      const checks = { pkceCodeVerifier, expectedState: oidc.randomState(), expectedNonce: oidc.randomNonce() };
      const place = oidc.buildAuthorizationUrl(config, {
        redirect_uri: t.CALLBACK,
        scope: "openid email",
        state: checks.expectedState,
        nonce: checks.expectedNonce,
        max_age: "60",
        code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: "S256",
      });
      const url = await t.logIn(place);
      const tokens = await oidc.authorizationCodeGrant(config, url, { ...checks, maxAge: 60 });
      const claims = tokens.claims();
      const info = await oidc.fetchUserInfo(config, tokens.access_token, claims.sub);
      assert.equal(info.email, t.ANN);
    });
  }

  test("Cancel", async () => {
    const config = await discover();
    const place = oidc.buildAuthorizationUrl(config, { redirect_uri: t.CALLBACK, scope: "openid", state: "s" });
    const url = await t.logIn(place, ["cancel"]);
    await assert.rejects(oidc.authorizationCodeGrant(config, url, { expectedState: "s" }), (caught) => {
      assert.ok(caught instanceof oidc.AuthorizationResponseError, String(caught));
      assert.equal(caught.error, "access_denied");
      return true;
    });
  });

  test("logout", async () => {
    const config = await discover();
    const fields = { post_logout_redirect_uri: "http://localhost:3000/", state: "s" };
    const place = oidc.buildEndSessionUrl(config, fields);
    assert.equal((await t.comesBack(place)).href, "http://localhost:3000/?state=s");
  });
});

test("an access token that is none", async () => {
  const config = await discover();
  await assert.rejects(oidc.fetchUserInfo(config, "garbage", oidc.skipSubjectCheck), (caught) => {
    assert.ok(caught instanceof oidc.WWWAuthenticateChallengeError, String(caught));
    assert.equal(caught.cause[0].parameters.error, "invalid_token");
    return true;
  });
});
