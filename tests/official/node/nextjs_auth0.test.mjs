// @auth0/nextjs-auth0: the routes it answers on a site's behalf, called as a browser calls them.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Auth0Client } from "@auth0/nextjs-auth0/server";
import { NextRequest } from "next/server.js";
import * as t from "./tenant.mjs";

const SITE = "http://localhost:3000";

/** A site with this library, and a browser with its cookies. */
class Browser {
  #cookies = new Map();

  constructor(more = {}) {
    this.site = new Auth0Client({
      // It takes a port in a URL only, and localhost when told so.
      domain: t.BASE,
      allowInsecureRequests: true,
      clientId: t.CLIENT_ID,
      clientSecret: t.CLIENT_SECRET,
      appBaseUrl: SITE,
      secret: "0".repeat(64),
      ...more,
    });
  }

  async open(url, init = {}) {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { ...init.headers, cookie };
    const response = await this.site.middleware(new NextRequest(new URL(url, SITE), { ...init, headers }));
    for (const { name, value } of response.cookies.getAll()) {
      value ? this.#cookies.set(name, value) : this.#cookies.delete(name);
    }
    return response;
  }

  /** Post to a route; the encrypted mfa_token of the library's goes into the header. */
  async post(route, body, token) {
    const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
    const response = await this.open(`/auth/${route}`, { method: "POST", headers, body: JSON.stringify(body) });
    const text = await response.text();
    return { status: response.status, ...(text && JSON.parse(text)) };
  }

  async get(route, token) {
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    return (await this.open(`/auth/${route}`, { headers })).json();
  }

  /** Who is signed in, or null. */
  async user() {
    const response = await this.open("/auth/profile");
    return response.status === 200 ? response.json() : null;
  }

  async start(send = "code") {
    const answer = await this.post("passwordless/start", { connection: "email", email: t.ANN, send });
    assert.equal(answer.status, 204);
  }

  async verify(code) {
    const verificationCode = code ?? (await t.code());
    return this.post("passwordless/verify", { connection: "email", email: t.ANN, verificationCode });
  }

  /** The library's own mfa_token, after a login that meets mfa_required. */
  async begin(factors, more) {
    await t.addPerson(factors, more);
    await this.start();
    const answer = await this.verify();
    assert.deepEqual([answer.status, answer.error], [403, "mfa_required"]);
    return answer.mfa_token;
  }
}

function is(answer, status, [error, description]) {
  assert.deepEqual([answer.status, answer.error, answer.error_description], [status, error, description]);
}

describe("passwordless", () => {
  test("a code by email", async () => {
    const browser = new Browser();
    await browser.start();
    is(await browser.verify(t.wrong(await t.code())), 403, t.WRONG_CODE);
    assert.equal(await browser.user(), null);
    assert.equal((await browser.verify()).success, true);
    assert.equal((await browser.user()).email, t.ANN);
  });

  test("a code by text", async () => {
    const browser = new Browser();
    const number = { connection: "sms", phoneNumber: t.NUMBER };
    assert.equal((await browser.post("passwordless/start", number)).status, 204);
    const verificationCode = await t.code();
    is(await browser.post("passwordless/verify", { ...number, verificationCode: t.wrong(verificationCode) }), 403, t.WRONG_NUMBER);
    assert.equal((await browser.post("passwordless/verify", { ...number, verificationCode })).success, true);
    assert.match((await browser.user()).sub, /^sms\|/);
  });

  test("a link", async () => {
    const browser = new Browser();
    await browser.start("link");
    await browser.open(await t.comesBack((await t.latest()).link));
    assert.equal((await browser.user()).email, t.ANN);
  });

  test("a link in another browser", async () => {
    await new Browser().start("link");
    const other = new Browser();
    await other.open(await t.comesBack((await t.latest()).link));
    assert.equal(await other.user(), null);
  });

  test("an address that is none", async () => {
    const answer = await new Browser().post("passwordless/start", { connection: "email", email: "nobody", send: "code" });
    is(answer, 400, ["bad.email", "Object didn't pass validation for format email"]);
  });

  test("sign-ups are disabled", async () => {
    await t.control("switches", { sign_ups: false });
    const answer = await new Browser().post("passwordless/start", { connection: "email", email: t.ANN, send: "code" });
    is(answer, 400, ["bad.connection", "Public signup is disabled"]);
  });
});

describe("mfa", () => {
  test("the authenticator app", async () => {
    const browser = new Browser();
    const token = await browser.begin(["otp", "recovery-code"]);
    const listed = await browser.get("mfa/authenticators", token);
    assert.deepEqual(listed.map((each) => each.authenticator_type), ["otp", "recovery-code"]);
    const challenge = await browser.post("mfa/challenge", { mfa_token: token, challenge_type: "otp" });
    assert.equal(challenge.challenge_type, "otp");
    const otp = t.totp(await t.secretOf("otp"));
    is(await browser.post("mfa/verify", { otp: t.wrong(otp) }, token), 400, t.WRONG_OTP);
    assert.equal((await browser.post("mfa/verify", { otp }, token)).success, true);
    assert.equal((await browser.user()).email, t.ANN);
  });

  // Where requirements are told, this library compares "oob" with "phone": it is asked without.
  for (const factor of t.MESSAGES) {
    test(`a message, ${factor}`, async () => {
      const browser = new Browser();
      const token = await browser.begin([factor], { mfa: "absent" });
      const sent = await browser.post("mfa/challenge", { mfa_token: token, challenge_type: "oob" });
      const binding_code = await t.code();
      const answer = { oob_code: sent.oob_code, binding_code };
      is(await browser.post("mfa/verify", { ...answer, binding_code: t.wrong(binding_code) }, token), 400, t.WRONG_BINDING_CODE);
      assert.equal((await browser.post("mfa/verify", answer, token)).success, true);
      assert.equal((await browser.user()).email, t.ANN);
    });
  }

  test("a recovery code", async () => {
    const browser = new Browser();
    const token = await browser.begin(["recovery-code"]);
    is(await browser.post("mfa/verify", { recovery_code: "A".repeat(24) }, token), 400, t.REJECTED);
    const recovery_code = await t.secretOf("recovery-code");
    const answer = await browser.post("mfa/verify", { recovery_code }, token);
    assert.deepEqual([answer.success, answer.recovery_code], [true, await t.secretOf("recovery-code")]);
  });

  test("nothing that can be challenged", async () => {
    const browser = new Browser();
    const token = await browser.begin(["otp"], { mfa: "absent" });
    const answer = await browser.post("mfa/challenge", { mfa_token: token, challenge_type: "oob" });
    assert.equal(answer.error, "unsupported_challenge_type");
  });

  test("enroll an authenticator app", async () => {
    const browser = new Browser();
    const token = await browser.begin(null, { mfa: "enroll" });
    const enrolled = await browser.post("mfa/associate", { authenticator_types: ["otp"] }, token);
    assert.equal(enrolled.recovery_codes.length, 1);
    assert.equal((await browser.post("mfa/verify", { otp: t.totp(enrolled.secret) }, token)).success, true);
    assert.equal((await browser.user()).email, t.ANN);
  });

  for (const channel of t.MESSAGES) {
    test(`enroll a message, ${channel}`, async () => {
      const browser = new Browser();
      const token = await browser.begin(null, { mfa: "enroll" });
      const where = channel === "email" ? { email: t.ANN } : { phone_number: t.NUMBER };
      const body = { authenticator_types: ["oob"], oob_channels: [channel], ...where };
      const { oob_code } = await browser.post("mfa/associate", body, token);
      assert.equal((await browser.post("mfa/verify", { oob_code, binding_code: await t.code() }, token)).success, true);
    });
  }

  test("enroll a number that is none", async () => {
    const browser = new Browser();
    const token = await browser.begin(null, { mfa: "enroll" });
    const body = { authenticator_types: ["oob"], oob_channels: ["sms"], phone_number: "0151" };
    const answer = await browser.post("mfa/associate", body, token);
    assert.deepEqual([answer.error, answer.error_description], ["invalid_request", "The phone number is invalid."]);
  });

  test("two factors, one after the other", async () => {
    const browser = new Browser();
    const token = await browser.begin(["otp", "recovery-code"], { mfa_steps: 2 });
    const answer = await browser.post("mfa/verify", { otp: t.totp(await t.secretOf("otp")) }, token);
    assert.equal(answer.error, "mfa_required");
    const recovery_code = await t.secretOf("recovery-code");
    assert.equal((await browser.post("mfa/verify", { recovery_code }, answer.mfa_token)).success, true);
  });
});

describe("Universal Login", () => {
  test("a login and a logout", async () => {
    const browser = new Browser();
    const place = (await browser.open("/auth/login")).headers.get("location");
    await browser.open(await t.logIn(place));
    assert.equal((await browser.user()).email, t.ANN);
    const out = (await browser.open("/auth/logout")).headers.get("location");
    assert.equal((await t.comesBack(out)).href, `${SITE}/`);
    assert.equal(await browser.user(), null);
  });

  test("Cancel", async () => {
    const browser = new Browser();
    const place = (await browser.open("/auth/login")).headers.get("location");
    await browser.open(await t.logIn(place, ["cancel"]));
    assert.equal(await browser.user(), null);
  });
});
