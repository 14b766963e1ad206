// @auth0/auth0-server-js: sessions over passwordless, links, Universal Login and the MFA API.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  isMfaRequiredError,
  MfaChallengeError,
  MfaEnrollmentError,
  MfaListAuthenticatorsError,
  MfaVerifyError,
  PasswordlessStartError,
  PasswordlessVerifyError,
  ServerClient,
} from "@auth0/auth0-server-js";
import * as t from "./tenant.mjs";

/** What the library keeps its state in. */
class Store {
  #kept = new Map();

  async set(identifier, state) {
    this.#kept.set(identifier, state);
  }

  async get(identifier) {
    return this.#kept.get(identifier);
  }

  async delete(identifier) {
    this.#kept.delete(identifier);
  }

  async deleteByLogoutToken() {
    this.#kept.clear();
  }
}

const client = (more = {}) =>
  new ServerClient({
    domain: t.DOMAIN,
    clientId: t.CLIENT_ID,
    clientSecret: t.CLIENT_SECRET,
    authorizationParams: { redirect_uri: t.CALLBACK },
    transactionStore: new Store(),
    stateStore: new Store(),
    ...more,
  });

async function fails(call, kind, [error, description]) {
  await assert.rejects(call, (caught) => {
    assert.ok(caught instanceof kind, `${caught.constructor.name}: ${caught.message}`);
    assert.deepEqual([caught.cause.error, caught.cause.error_description], [error, description]);
    return true;
  });
}

async function signIn(server) {
  await server.startPasswordless({ connection: "email", email: t.ANN });
  const options = { connection: "email", email: t.ANN, verificationCode: await t.code() };
  return server.completePasswordless(options);
}

async function begin(server, factors, more) {
  await t.addPerson(factors, more);
  const caught = await signIn(server).then(assert.fail, (error) => error);
  assert.ok(isMfaRequiredError(caught), String(caught));
  return caught.cause.mfa_token;
}

describe("passwordless", () => {
  test("a code by email makes a session", async () => {
    const server = client();
    await signIn(server);
    assert.equal((await server.getUser()).email, t.ANN);
    assert.ok((await server.getAccessToken()).accessToken);
  });

  test("a code by text makes a session", async () => {
    const server = client();
    await server.startPasswordless({ connection: "sms", phoneNumber: t.NUMBER });
    const options = { connection: "sms", phoneNumber: t.NUMBER, verificationCode: await t.code() };
    await server.completePasswordless(options);
    assert.match((await server.getUser()).sub, /^sms\|/);
  });

  test("a link makes a session", async () => {
    const server = client();
    await server.startPasswordless({ connection: "email", email: t.ANN, send: "link", redirectUri: t.CALLBACK });
    await server.completePasswordlessMagicLink(await t.comesBack((await t.latest()).link));
    assert.equal((await server.getUser()).email, t.ANN);
  });

  test("a link of somebody who is blocked", async () => {
    const server = client();
    const { sub } = await t.addPerson();
    await server.startPasswordless({ connection: "email", email: t.ANN, send: "link", redirectUri: t.CALLBACK });
    await t.control("people/change", { sub, blocked: true });
    const url = await t.comesBack((await t.latest()).link);
    assert.equal(url.searchParams.get("error"), "unauthorized");
    await assert.rejects(server.completePasswordlessMagicLink(url));
    assert.equal(await server.getUser(), undefined);
  });

  test("a wrong code", async () => {
    const server = client();
    await server.startPasswordless({ connection: "email", email: t.ANN });
    const verificationCode = t.wrong(await t.code());
    const call = server.completePasswordless({ connection: "email", email: t.ANN, verificationCode });
    await fails(call, PasswordlessVerifyError, t.WRONG_CODE);
  });

  test("sign-ups are disabled", async () => {
    await t.control("switches", { sign_ups: false });
    const call = client().startPasswordless({ connection: "email", email: t.ANN });
    await fails(call, PasswordlessStartError, ["bad.connection", "Public signup is disabled"]);
  });

  test("a limit", async () => {
    await t.control("faults", { path: "/passwordless/start", fault: "too_many_requests" });
    const call = client().startPasswordless({ connection: "sms", phoneNumber: t.NUMBER });
    await assert.rejects(call, (caught) => caught.cause.error === "too_many_requests");
  });
});

describe("mfa", () => {
  test("the authenticator app", async () => {
    const server = client();
    const mfaToken = await begin(server, ["otp", "recovery-code"]);
    const listed = await server.mfa.listAuthenticators({ mfaToken });
    assert.deepEqual(listed.map((each) => each.authenticatorType), ["otp", "recovery-code"]);
    const otp = t.totp(await t.secretOf("otp"));
    await fails(server.mfa.verify({ mfaToken, factorType: "otp", otp: t.wrong(otp) }), MfaVerifyError, t.WRONG_OTP);
    assert.ok((await server.mfa.verify({ mfaToken, factorType: "otp", otp })).idToken);
  });

  for (const factor of t.MESSAGES) {
    test(`a message, ${factor}`, async () => {
      const server = client();
      const mfaToken = await begin(server, [factor]);
      const { oobCode } = await server.mfa.challengeAuthenticator({ mfaToken, challengeType: "oob" });
      const answer = { mfaToken, factorType: "oob", oobCode };
      const bindingCode = await t.code();
      await fails(server.mfa.verify({ ...answer, bindingCode: t.wrong(bindingCode) }), MfaVerifyError, t.WRONG_BINDING_CODE);
      assert.ok((await server.mfa.verify({ ...answer, bindingCode })).idToken);
    });
  }

  test("a push", async () => {
    const server = client();
    const mfaToken = await begin(server, ["push-notification"]);
    const { oobCode } = await server.mfa.challengeAuthenticator({ mfaToken, challengeType: "oob" });
    await t.control("push", { answer: "approved" });
    assert.ok((await server.mfa.verify({ mfaToken, factorType: "oob", oobCode })).idToken);
  });

  test("a recovery code", async () => {
    const server = client();
    const mfaToken = await begin(server, ["recovery-code"]);
    const recoveryCode = await t.secretOf("recovery-code");
    const tokens = await server.mfa.verify({ mfaToken, factorType: "recovery-code", recoveryCode });
    assert.equal(tokens.recoveryCode, await t.secretOf("recovery-code"));
  });

  test("enroll", async () => {
    const server = client();
    const mfaToken = await begin(server, null, { mfa: "enroll" });
    const { secret } = await server.mfa.enrollAuthenticator({ mfaToken, authenticatorTypes: ["otp"] });
    assert.ok((await server.mfa.verify({ mfaToken, factorType: "otp", otp: t.totp(secret) })).idToken);
  });

  test("a token that is none", async () => {
    const { mfa } = client();
    const mfaToken = "garbage";
    await fails(mfa.listAuthenticators({ mfaToken }), MfaListAuthenticatorsError, t.INVALID_TOKEN);
    const enroll = mfa.enrollAuthenticator({ mfaToken, authenticatorTypes: ["otp"] });
    await fails(enroll, MfaEnrollmentError, t.INVALID_TOKEN);
    const challenge = mfa.challengeAuthenticator({ mfaToken, challengeType: "oob" });
    await fails(challenge, MfaChallengeError, ["invalid_grant", "Malformed mfa_token"]);
  });
});

describe("Universal Login", () => {
  test("a login makes a session, and logout ends it", async () => {
    const server = client();
    const url = await t.logIn(await server.startInteractiveLogin());
    await server.completeInteractiveLogin(url);
    assert.equal((await server.getUser()).email, t.ANN);
    const place = await server.logout({ returnTo: "http://localhost:3000/" });
    assert.equal((await t.comesBack(place)).href, "http://localhost:3000/");
    assert.equal(await server.getUser(), undefined);
  });

  test("Cancel", async () => {
    const server = client();
    const url = await t.logIn(await server.startInteractiveLogin(), ["cancel"]);
    assert.equal(url.searchParams.get("error"), "access_denied");
    await assert.rejects(server.completeInteractiveLogin(url));
    assert.equal(await server.getUser(), undefined);
  });
});
