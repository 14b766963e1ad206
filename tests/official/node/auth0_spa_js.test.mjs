// @auth0/auth0-spa-js under jsdom: a public application in a browser.
import assert from "node:assert/strict";
import { beforeEach, describe, test } from "node:test";
import { JSDOM } from "jsdom";
import * as t from "./tenant.mjs";

const { window } = new JSDOM("", { url: "http://localhost:3000/" });
for (const name of ["document", "location", "localStorage", "sessionStorage", "history"]) {
  Object.defineProperty(globalThis, name, { value: window[name], configurable: true });
}
// The library's own HTTP goes by Node's fetch and its proofs by Node's Web Crypto.
Object.defineProperty(window, "crypto", { value: globalThis.crypto });
Object.defineProperty(window, "fetch", { value: globalThis.fetch });
globalThis.window = window;
const spa = await import("@auth0/auth0-spa-js");

let clientId;

beforeEach(async () => {
  window.sessionStorage.clear();
  clientId = (await t.control("clients", { kind: "public" })).client_id;
});

const client = () =>
  new spa.Auth0Client({
    domain: t.DOMAIN,
    clientId,
    authorizationParams: { redirect_uri: t.CALLBACK },
  });

/** Where the library wants to send the browser. */
async function authorizeUrl(auth, options = {}) {
  let place;
  await auth.loginWithRedirect({ ...options, openUrl: (url) => { place = url; } });
  return place;
}

async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  const request = { method: "POST", headers, body: JSON.stringify({ client_id: clientId, ...body }) };
  return (await fetch(`${t.BASE}${path}`, request)).json();
}

/** A login of this public application that meets mfa_required, handed to the library. */
async function begin(auth, factors, more) {
  await t.addPerson(factors, more);
  await post("/passwordless/start", { connection: "email", email: t.ANN, send: "code" });
  const answer = await post("/oauth/token", {
    grant_type: "http://auth0.com/oauth/grant-type/passwordless/otp",
    realm: "email",
    username: t.ANN,
    otp: await t.code(),
    scope: "openid profile email",
  });
  assert.equal(answer.error, "mfa_required");
  auth.mfa.setMFAAuthDetails(answer.mfa_token, "openid profile email", undefined, answer.mfa_requirements);
  return answer.mfa_token;
}

async function fails(call, kind, [error, description]) {
  await assert.rejects(call, (caught) => {
    assert.ok(caught instanceof kind, `${caught.constructor.name}: ${caught.message}`);
    assert.deepEqual([caught.error, caught.error_description], [error, description]);
    return true;
  });
}

describe("Universal Login", () => {
  test("a login, and logout", async () => {
    const auth = client();
    const url = await t.logIn(await authorizeUrl(auth));
    await auth.handleRedirectCallback(url.href);
    assert.equal((await auth.getUser()).email, t.ANN);
    assert.ok(await auth.getTokenSilently());
    let place;
    const logoutParams = { returnTo: "http://localhost:3000/" };
    await auth.logout({ logoutParams, openUrl: (url) => { place = url; } });
    assert.equal((await t.comesBack(place)).href, "http://localhost:3000/");
    assert.equal(await auth.isAuthenticated(), false);
  });

  test("a passwordless connection", async () => {
    const auth = client();
    const url = await t.logIn(await authorizeUrl(auth, { authorizationParams: { connection: "email" } }));
    await auth.handleRedirectCallback(url.href);
    assert.match((await auth.getUser()).sub, /^email\|/);
  });

  test("Cancel", async () => {
    const auth = client();
    const url = await t.logIn(await authorizeUrl(auth), ["cancel"]);
    const refused = ["access_denied", "User did not authorize the request"];
    await fails(auth.handleRedirectCallback(url.href), spa.AuthenticationError, refused);
  });

  test("a code twice", async () => {
    const auth = client();
    const url = await t.logIn(await authorizeUrl(auth));
    await auth.handleRedirectCallback(url.href);
    const again = client();
    const other = new URL(await authorizeUrl(again));
    url.searchParams.set("state", other.searchParams.get("state"));
    await fails(again.handleRedirectCallback(url.href), spa.GenericError, ["invalid_grant", "Invalid authorization code"]);
  });
});

describe("mfa", () => {
  test("what is enrolled is listed", async () => {
    const auth = client();
    const token = await begin(auth, ["otp", "sms"]);
    const listed = await auth.mfa.getAuthenticators(token);
    assert.deepEqual(listed.map((each) => each.type), ["otp", "phone"]);
  });

  test("the authenticator app", async () => {
    const auth = client();
    const mfaToken = await begin(auth, ["otp"]);
    const otp = t.totp(await t.secretOf("otp"));
    await fails(auth.mfa.verify({ mfaToken, otp: t.wrong(otp) }), spa.GenericError, t.WRONG_OTP);
    assert.ok((await auth.mfa.verify({ mfaToken, otp })).id_token);
    assert.equal((await auth.getUser()).email, t.ANN);
  });

  for (const factor of t.MESSAGES) {
    test(`a message, ${factor}`, async () => {
      const auth = client();
      const mfaToken = await begin(auth, [factor]);
      const [{ id }] = await auth.mfa.getAuthenticators(mfaToken);
      const sent = await auth.mfa.challenge({ mfaToken, challengeType: "oob", authenticatorId: id });
      const bindingCode = await t.code();
      const answer = { mfaToken, oobCode: sent.oobCode };
      const call = auth.mfa.verify({ ...answer, bindingCode: t.wrong(bindingCode) });
      await fails(call, spa.GenericError, t.WRONG_BINDING_CODE);
      assert.ok((await auth.mfa.verify({ ...answer, bindingCode })).id_token);
    });
  }

  test("a recovery code", async () => {
    const auth = client();
    const mfaToken = await begin(auth, ["recovery-code"]);
    const recoveryCode = await t.secretOf("recovery-code");
    const tokens = await auth.mfa.verify({ mfaToken, recoveryCode });
    assert.equal(tokens.recovery_code, await t.secretOf("recovery-code"));
  });

  for (const factorType of ["otp", "sms", "voice", "email"]) {
    test(`enroll, ${factorType}`, async () => {
      const auth = client();
      const mfaToken = await begin(auth, null, { mfa: "enroll" });
      const factors = await auth.mfa.getEnrollmentFactors(mfaToken);
      assert.deepEqual(factors.map((each) => each.type), ["otp", "phone", "push-notification"]);
      const { secret, oobCode } = await auth.mfa.enroll({ mfaToken, factorType, phoneNumber: t.NUMBER, email: t.ANN });
      const answer = secret ? { otp: t.totp(secret) } : { oobCode, bindingCode: await t.code() };
      assert.ok((await auth.mfa.verify({ mfaToken, ...answer })).id_token);
    });
  }

  test("enroll, push", async () => {
    const auth = client();
    const mfaToken = await begin(auth, null, { mfa: "enroll" });
    const { oobCode } = await auth.mfa.enroll({ mfaToken, factorType: "push" });
    await t.control("push", { answer: "approved" });
    assert.ok((await auth.mfa.verify({ mfaToken, oobCode })).id_token);
  });

  test("a token that is none", async () => {
    const { mfa } = client();
    const mfaToken = "garbage";
    mfa.setMFAAuthDetails(mfaToken, "openid", undefined, { challenge: [{ type: "otp" }] });
    await fails(mfa.getAuthenticators(mfaToken), spa.MfaListAuthenticatorsError, t.INVALID_TOKEN);
    await fails(mfa.enroll({ mfaToken, factorType: "otp" }), spa.MfaEnrollmentError, t.INVALID_TOKEN);
    const challenge = mfa.challenge({ mfaToken, challengeType: "otp" });
    await fails(challenge, spa.MfaChallengeError, ["invalid_grant", "Malformed mfa_token"]);
  });
});
