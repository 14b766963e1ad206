// @auth0/auth0-auth-js: passwordless, links and the MFA API.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import {
  AuthClient,
  isMfaRequiredError,
  MfaChallengeError,
  MfaDeleteAuthenticatorError,
  MfaEnrollmentError,
  MfaListAuthenticatorsError,
  MfaVerifyError,
  PasswordlessStartError,
} from "@auth0/auth0-auth-js";
import * as t from "./tenant.mjs";

async function clientOf(kind) {
  const added = await t.control("clients", { kind });
  const options = { domain: t.DOMAIN, clientId: added.client_id };
  if (kind === "private_key") {
    return new AuthClient({ ...options, clientAssertionSigningKey: added.private_key, clientAssertionSigningAlg: "RS256" });
  }
  return new AuthClient(kind === "secret" ? { ...options, clientSecret: added.secret } : options);
}

const client = () =>
  new AuthClient({ domain: t.DOMAIN, clientId: t.CLIENT_ID, clientSecret: t.CLIENT_SECRET });

/** Check that a call fails with one of the library's errors, and with Auth0's own words. */
async function fails(call, kind, [error, description]) {
  await assert.rejects(call, (caught) => {
    assert.ok(!kind || caught instanceof kind, `${caught.constructor.name}: ${caught.message}`);
    assert.equal(caught.cause.error, error);
    assert.equal(caught.cause.error_description, description);
    return true;
  });
}

async function signIn(auth, more = {}) {
  await auth.passwordless.sendEmail({ email: t.ANN });
  return auth.getTokenByPasswordlessEmail({ email: t.ANN, code: await t.code(), ...more });
}

test("refresh and revoke", async () => {
  const auth = client();
  const first = await signIn(auth, { scope: t.OFFLINE, audience: t.API });
  const fresh = await auth.getTokenByRefreshToken({ refreshToken: first.refreshToken });
  assert.ok(fresh.accessToken && fresh.refreshToken !== first.refreshToken);
  await auth.revokeToken({ token: fresh.refreshToken });
  const again = auth.getTokenByRefreshToken({ refreshToken: fresh.refreshToken });
  await fails(again, null, t.UNKNOWN_REFRESH);
});

/** The mfa_token of a login that meets mfa_required. */
async function begin(auth, factors, more) {
  await t.addPerson(factors, more);
  const caught = await signIn(auth).then(assert.fail, (error) => error);
  assert.ok(isMfaRequiredError(caught), String(caught));
  return { mfaToken: caught.cause.mfa_token, requirements: caught.cause.mfa_requirements };
}

describe("passwordless", () => {
  // This library asks a public client for a secret before it calls anybody.
  for (const kind of ["secret", "private_key"]) {
    test(`a code by email, ${kind}`, async () => {
      const tokens = await signIn(await clientOf(kind));
      assert.equal(tokens.claims.email, t.ANN);
      assert.equal(tokens.claims.email_verified, true);
    });
  }

  test("a code by text", async () => {
    const auth = client();
    await auth.passwordless.sendSms({ phoneNumber: t.NUMBER, language: "de" });
    assert.equal((await t.latest()).language, "de");
    const options = { phoneNumber: t.NUMBER, code: await t.code() };
    assert.match((await auth.getTokenByPasswordlessSms(options)).claims.sub, /^sms\|/);
    await fails(auth.getTokenByPasswordlessSms(options), null, t.WRONG_NUMBER);
  });

  test("a link", async () => {
    const auth = client();
    const authParams = { redirect_uri: t.CALLBACK, response_type: "code", scope: "openid email", state: "s" };
    await auth.passwordless.sendEmail({ email: t.ANN, send: "link", authParams });
    const url = await t.comesBack((await t.latest()).link);
    const tokens = await auth.getTokenByMagicLinkCode(url, { expectedState: "s" });
    assert.equal(tokens.claims.email, t.ANN);
  });

  test("three wrong codes", async () => {
    const auth = client();
    await auth.passwordless.sendEmail({ email: t.ANN });
    const options = { email: t.ANN, code: t.wrong(await t.code()) };
    await fails(auth.getTokenByPasswordlessEmail(options), null, t.WRONG_CODE);
    await fails(auth.getTokenByPasswordlessEmail(options), null, t.WRONG_CODE);
    await fails(auth.getTokenByPasswordlessEmail(options), null, [
      "invalid_grant",
      "You've reached the maximum number of attempts. Please try to login again.",
    ]);
  });

  test("an address that is none", async () => {
    const call = client().passwordless.sendEmail({ email: "nobody" });
    await fails(call, PasswordlessStartError, ["bad.email", "Object didn't pass validation for format email"]);
  });

  test("a wrong secret", async () => {
    const auth = new AuthClient({ domain: t.DOMAIN, clientId: t.CLIENT_ID, clientSecret: "wrong" });
    const call = auth.passwordless.sendSms({ phoneNumber: t.NUMBER });
    await fails(call, PasswordlessStartError, ["invalid_client", "Client authentication failed."]);
  });

  test("an audience there is not", async () => {
    const call = signIn(client(), { audience: "https://nothing.example/" });
    await fails(call, null, ["access_denied", "Service not found: https://nothing.example/"]);
  });
});

describe("mfa", () => {
  test("what is enrolled is listed", async () => {
    const auth = client();
    const { mfaToken, requirements } = await begin(auth, ["otp", "sms", "recovery-code"]);
    assert.deepEqual(requirements.challenge.map((each) => each.type), ["otp", "phone", "recovery-code"]);
    const listed = await auth.mfa.listAuthenticators({ mfaToken });
    assert.deepEqual(listed.map((each) => each.authenticatorType), ["otp", "oob", "recovery-code"]);
    assert.ok(listed.every((each) => each.active));
  });

  test("a token that is none", async () => {
    const { mfa } = client();
    const mfaToken = "garbage";
    await fails(mfa.listAuthenticators({ mfaToken }), MfaListAuthenticatorsError, t.INVALID_TOKEN);
    const enroll = mfa.enrollAuthenticator({ mfaToken, authenticatorTypes: ["otp"] });
    await fails(enroll, MfaEnrollmentError, t.INVALID_TOKEN);
    const remove = mfa.deleteAuthenticator({ mfaToken, authenticatorId: "x" });
    await fails(remove, MfaDeleteAuthenticatorError, t.INVALID_TOKEN);
    const challenge = mfa.challengeAuthenticator({ mfaToken, challengeType: "otp" });
    await fails(challenge, MfaChallengeError, ["invalid_grant", "Malformed mfa_token"]);
    const verify = mfa.verify({ mfaToken, factorType: "otp", otp: "123456" });
    await fails(verify, MfaVerifyError, ["invalid_grant", "Malformed mfa_token"]);
  });

  test("a token of more than ten minutes", async () => {
    const auth = client();
    const { mfaToken } = await begin(auth, ["otp"]);
    await t.control("clock", { advance: 601 });
    await fails(auth.mfa.listAuthenticators({ mfaToken }), MfaListAuthenticatorsError, ["expired_token", "mfa_token is expired"]);
  });

  test("the authenticator app is challenged without a message", async () => {
    const auth = client();
    const { mfaToken } = await begin(auth, ["otp"]);
    const challenge = await auth.mfa.challengeAuthenticator({ mfaToken, challengeType: "otp" });
    assert.equal(challenge.challengeType, "otp");
  });

  for (const kind of ["secret", "private_key"]) {
    test(`the authenticator app, ${kind}`, async () => {
      const auth = await clientOf(kind);
      const { mfaToken } = await begin(auth, ["otp"]);
      const otp = t.totp(await t.secretOf("otp"));
      await fails(auth.mfa.verify({ mfaToken, factorType: "otp", otp: t.wrong(otp) }), MfaVerifyError, t.WRONG_OTP);
      const tokens = await auth.mfa.verify({ mfaToken, factorType: "otp", otp });
      assert.equal(tokens.claims.email, t.ANN);
    });
  }

  for (const factor of t.MESSAGES) {
    test(`a message, ${factor}`, async () => {
      const auth = client();
      const { mfaToken } = await begin(auth, [factor]);
      const [{ id }] = await auth.mfa.listAuthenticators({ mfaToken });
      const sent = await auth.mfa.challengeAuthenticator({ mfaToken, challengeType: "oob", authenticatorId: id });
      assert.equal(sent.bindingMethod, "prompt");
      const answer = { mfaToken, factorType: "oob", oobCode: sent.oobCode };
      const bindingCode = await t.code();
      await fails(auth.mfa.verify({ ...answer, bindingCode: t.wrong(bindingCode) }), MfaVerifyError, t.WRONG_BINDING_CODE);
      assert.ok((await auth.mfa.verify({ ...answer, bindingCode })).idToken);
    });
  }

  test("a push that is approved", async () => {
    const auth = client();
    const { mfaToken } = await begin(auth, ["push-notification"]);
    const { oobCode } = await auth.mfa.challengeAuthenticator({ mfaToken, challengeType: "oob" });
    const answer = { mfaToken, factorType: "oob", oobCode };
    await fails(auth.mfa.verify(answer), MfaVerifyError, [
      "authorization_pending",
      "Authorization pending: please repeat the request in a few seconds.",
    ]);
    await t.control("push", { answer: "approved" });
    assert.ok((await auth.mfa.verify(answer)).idToken);
  });

  test("a push that is denied", async () => {
    const auth = client();
    const { mfaToken } = await begin(auth, ["push-notification"]);
    const { oobCode } = await auth.mfa.challengeAuthenticator({ mfaToken, challengeType: "oob" });
    await t.control("push", { answer: "denied" });
    const call = auth.mfa.verify({ mfaToken, factorType: "oob", oobCode });
    await fails(call, MfaVerifyError, ["access_denied", "MFA Authorization rejected."]);
  });

  test("a recovery code", async () => {
    const auth = client();
    const { mfaToken } = await begin(auth, ["recovery-code"]);
    const answer = { mfaToken, factorType: "recovery-code" };
    await fails(auth.mfa.verify({ ...answer, recoveryCode: "A".repeat(24) }), MfaVerifyError, t.REJECTED);
    const tokens = await auth.mfa.verify({ ...answer, recoveryCode: await t.secretOf("recovery-code") });
    assert.equal(tokens.recoveryCode, await t.secretOf("recovery-code"));
  });

  test("nothing that can be challenged", async () => {
    const auth = client();
    const { mfaToken } = await begin(auth, ["otp"]);
    const call = auth.mfa.challengeAuthenticator({ mfaToken, challengeType: "oob" });
    await fails(call, MfaChallengeError, ["unsupported_challenge_type", "User is not enrolled with guardian"]);
  });

  test("enroll an authenticator app", async () => {
    const auth = client();
    const { mfaToken, requirements } = await begin(auth, null, { mfa: "enroll" });
    assert.ok(requirements.enroll.length);
    const enrolled = await auth.mfa.enrollAuthenticator({ mfaToken, authenticatorTypes: ["otp"] });
    assert.match(enrolled.barcodeUri, /^otpauth:\/\/totp\//);
    assert.equal(enrolled.recoveryCodes.length, 1);
    assert.equal(enrolled.id, undefined);
    const tokens = await auth.mfa.verify({ mfaToken, factorType: "otp", otp: t.totp(enrolled.secret) });
    assert.ok(tokens.idToken);
  });

  for (const channel of t.MESSAGES) {
    test(`enroll a message, ${channel}`, async () => {
      const auth = client();
      const { mfaToken } = await begin(auth, null, { mfa: "enroll" });
      const where = channel === "email" ? { email: t.ANN } : { phoneNumber: t.NUMBER };
      const options = { mfaToken, authenticatorTypes: ["oob"], oobChannels: [channel], ...where };
      const { oobCode } = await auth.mfa.enrollAuthenticator(options);
      const answer = { mfaToken, factorType: "oob", oobCode, bindingCode: await t.code() };
      assert.ok((await auth.mfa.verify(answer)).idToken);
    });
  }

  test("enroll a push", async () => {
    const auth = client();
    const { mfaToken } = await begin(auth, null, { mfa: "enroll" });
    const options = { mfaToken, authenticatorTypes: ["oob"], oobChannels: ["auth0"] };
    const { oobCode, barcodeUri } = await auth.mfa.enrollAuthenticator(options);
    assert.match(barcodeUri, /^otpauth:/);
    await t.control("push", { answer: "approved" });
    assert.ok((await auth.mfa.verify({ mfaToken, factorType: "oob", oobCode })).idToken);
  });

  test("enroll a number that is none", async () => {
    const auth = client();
    const { mfaToken } = await begin(auth, null, { mfa: "enroll" });
    const options = { mfaToken, authenticatorTypes: ["oob"], oobChannels: ["sms"], phoneNumber: "0151" };
    await fails(auth.mfa.enrollAuthenticator(options), MfaEnrollmentError, ["invalid_request", "The phone number is invalid."]);
  });

  test("enroll a second one with the token of a login", async () => {
    const auth = client();
    const { mfaToken } = await begin(auth, ["otp"]);
    const options = { mfaToken, authenticatorTypes: ["oob"], oobChannels: ["auth0"] };
    await fails(auth.mfa.enrollAuthenticator(options), MfaEnrollmentError, ["access_denied", "User is already enrolled."]);
  });

  test("enroll, list and delete with an access token", async () => {
    const auth = client();
    await t.addPerson(["sms"], { mfa: null });
    const scope = "openid enroll read:authenticators remove:authenticators";
    const { accessToken: mfaToken } = await signIn(auth, { audience: `${t.BASE}/mfa/`, scope });
    const { secret } = await auth.mfa.enrollAuthenticator({ mfaToken, authenticatorTypes: ["otp"] });
    await auth.mfa.verify({ mfaToken, factorType: "otp", otp: t.totp(secret) });
    const listed = await auth.mfa.listAuthenticators({ mfaToken });
    const { id } = listed.find((each) => each.authenticatorType === "otp");
    await auth.mfa.deleteAuthenticator({ mfaToken, authenticatorId: id });
    assert.ok((await t.person()).factors.every((each) => each.factor !== "otp"));
  });

  test("an access token without the scope", async () => {
    const auth = client();
    await t.addPerson(["sms"], { mfa: null });
    const { accessToken: mfaToken } = await signIn(auth, { audience: `${t.BASE}/mfa/`, scope: "openid" });
    await fails(auth.mfa.listAuthenticators({ mfaToken }), MfaListAuthenticatorsError, ["insufficient_scope", "Insufficient scope"]);
  });
});

describe("Universal Login", () => {
  test("a login and a refusal", async () => {
    const auth = client();
    const options = { authorizationParams: { redirect_uri: t.CALLBACK } };
    const { authorizationUrl, codeVerifier } = await auth.buildAuthorizationUrl(options);
    const url = await t.logIn(authorizationUrl);
    const tokens = await auth.getTokenByCode(url, { codeVerifier });
    assert.equal((await auth.getUserInfo({ accessToken: tokens.accessToken })).email, t.ANN);
    await assert.rejects(auth.getTokenByCode(url, { codeVerifier }));
    const again = await auth.buildAuthorizationUrl(options);
    const cancelled = await t.logIn(again.authorizationUrl, ["cancel"]);
    assert.equal(cancelled.searchParams.get("error"), "access_denied");
  });
});
