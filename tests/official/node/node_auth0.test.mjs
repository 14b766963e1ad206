// auth0 (node-auth0) before version 7, which gave its authentication client to auth0-auth-js.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { AuthenticationClient, UserInfoClient } from "auth0";
import * as t from "./tenant.mjs";

async function clientOf(kind) {
  const added = await t.control("clients", { kind });
  const options = { domain: t.DOMAIN, clientId: added.client_id };
  const proofs = {
    secret: { clientSecret: added.secret },
    private_key: { clientAssertionSigningKey: added.private_key },
  };
  return new AuthenticationClient({ ...options, ...proofs[kind] });
}

async function fails(call, status, [error, description]) {
  await assert.rejects(call, (caught) => {
    const found = [caught.statusCode, caught.error, caught.error_description];
    assert.deepEqual(found, [status, error, description]);
    return true;
  });
}

// This library asks a public client for a secret before it calls anybody.
for (const kind of ["secret", "private_key"]) {
  describe(`passwordless, ${kind}`, () => {
    test("a code by email", async () => {
      const { passwordless } = await clientOf(kind);
      await passwordless.sendEmail({ email: t.ANN, send: "code" });
      const code = await t.code();
      await fails(passwordless.loginWithEmail({ email: t.ANN, code: t.wrong(code) }), 403, t.WRONG_CODE);
      const { data } = await passwordless.loginWithEmail({ email: t.ANN, code });
      assert.ok(data.id_token);
    });

    test("a code by text", async () => {
      const { passwordless } = await clientOf(kind);
      await passwordless.sendSMS({ phone_number: t.NUMBER });
      const code = await t.code();
      await fails(passwordless.loginWithSMS({ phone_number: t.NUMBER, code: t.wrong(code) }), 403, t.WRONG_NUMBER);
      const { data } = await passwordless.loginWithSMS({ phone_number: t.NUMBER, code, scope: "openid phone" });
      assert.ok(data.id_token);
    });
  });
}

describe("the rest", () => {
  test("refresh and revoke", async () => {
    const auth = await clientOf("secret");
    await auth.passwordless.sendEmail({ email: t.ANN, send: "code" });
    const login = { email: t.ANN, code: await t.code(), scope: t.OFFLINE, audience: t.API };
    const { data: first } = await auth.passwordless.loginWithEmail(login);
    const { data: fresh } = await auth.oauth.refreshTokenGrant({ refresh_token: first.refresh_token });
    assert.ok(fresh.access_token && fresh.refresh_token !== first.refresh_token);
    await auth.oauth.revokeRefreshToken({ token: fresh.refresh_token });
    await fails(auth.oauth.refreshTokenGrant({ refresh_token: fresh.refresh_token }), 403, t.UNKNOWN_REFRESH);
  });

  test("a link, and who it was", async () => {
    const auth = await clientOf("secret");
    const authParams = { redirect_uri: t.CALLBACK, response_type: "code", scope: "openid email" };
    await auth.passwordless.sendEmail({ email: t.ANN, send: "link", authParams });
    const url = await t.comesBack((await t.latest()).link);
    const grant = { code: url.searchParams.get("code"), redirect_uri: t.CALLBACK };
    const { data } = await auth.oauth.authorizationCodeGrant(grant);
    const info = await new UserInfoClient({ domain: t.DOMAIN }).getUserInfo(data.access_token);
    assert.equal(info.data.email, t.ANN);
    await fails(auth.oauth.authorizationCodeGrant(grant), 403, ["invalid_grant", "Invalid authorization code"]);
  });

  test("mfa_required", async () => {
    const { passwordless } = await clientOf("secret");
    await t.addPerson(["otp"]);
    await passwordless.sendEmail({ email: t.ANN, send: "code" });
    const call = passwordless.loginWithEmail({ email: t.ANN, code: await t.code() });
    await fails(call, 403, ["mfa_required", "Multifactor authentication required"]);
  });

  test("an address that is none", async () => {
    const { passwordless } = await clientOf("secret");
    const call = passwordless.sendEmail({ email: "nobody", send: "code" });
    await fails(call, 400, ["bad.email", "Object didn't pass validation for format email"]);
  });
});
