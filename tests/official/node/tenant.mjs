// The local tenant, as seen and controlled by the tests of Auth0's clients.
import { createHmac } from "node:crypto";
import { beforeEach } from "node:test";

export const BASE = process.env.TENANT_URL;
export const DOMAIN = new URL(BASE).host;
export const CLIENT_ID = process.env.CLIENT_ID;
export const CLIENT_SECRET = process.env.CLIENT_SECRET;
export const CALLBACK = "http://localhost:3000/auth/callback";
export const ANN = "ann@example.com";
export const NUMBER = "+4915112345678";
export const API = "https://api.local.example/";
export const OFFLINE = "openid email read:orders offline_access";

/** Each factor that Auth0's MFA API can challenge by a message. */
export const MESSAGES = ["sms", "voice", "email"];

export const WRONG_CODE = ["invalid_grant", "Wrong email or verification code."];
export const WRONG_NUMBER = ["invalid_grant", "Wrong phone number or verification code."];
export const WRONG_OTP = ["invalid_grant", "Invalid otp_code."];
export const WRONG_BINDING_CODE = ["invalid_grant", "Invalid binding_code."];
export const REJECTED = ["invalid_grant", "MFA Authorization rejected."];
export const UNKNOWN_REFRESH = ["invalid_grant", "Unknown or invalid refresh token."];
export const REUSED_REFRESH = [
  "invalid_grant",
  "Unsuccessful Refresh Token exchange, reused refresh token detected",
];
export const INVALID_TOKEN = [
  "invalid_grant",
  "The mfa_token provided is invalid. Try getting a new token.",
];

beforeEach(() => control("reset"));

async function json(response) {
  if (!response.ok) {
    throw new Error(`${response.status} ${await response.text()}`);
  }
  return response.json();
}

/** Change something at the tenant. */
export async function control(name, body = {}) {
  const headers = { "Content-Type": "application/json" };
  const request = { method: "POST", headers, body: JSON.stringify(body) };
  return json(await fetch(`${BASE}/_tenant/${name}`, request));
}

/** Look at something of the tenant's. */
export async function look(name) {
  return json(await fetch(`${BASE}/_tenant/${name}`));
}

export async function latest() {
  return (await look("messages?last=1")).messages[0];
}

/** The newest code that was sent. */
export async function code() {
  return (await latest()).code;
}

export async function calls(path) {
  return (await look(`requests?path=${path}`)).requests;
}

/** A code that is not this one. */
export function wrong(code) {
  return String((Number(code) + 1) % 1e6).padStart(6, "0");
}

export async function addPerson(factors, more = {}) {
  const person = { email: ANN, phone_number: NUMBER, ...more };
  return control("people", factors ? { ...person, factors } : person);
}

/** The only person, as they are now. */
export async function person() {
  return (await look("people")).people[0];
}

/** The secret of a factor: of the authenticator app, or the recovery code. */
export async function secretOf(factor) {
  return (await person()).factors.find((each) => each.factor === factor).secret;
}

/** What an authenticator app shows for a secret in base32 (RFC 6238). */
export function totp(secret) {
  const bits = [...secret].map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0"));
  const key = Buffer.from(bits.join("").match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30000)));
  const digest = createHmac("sha1", key).update(step).digest();
  const number = digest.readUInt32BE(digest[19] & 15) & 0x7fffffff;
  return String(number % 1e6).padStart(6, "0");
}

/** Follow a link, or a login page's redirects, as a browser would, up to the site's callback. */
export async function comesBack(url) {
  const response = await fetch(url, { redirect: "manual" });
  return new URL(response.headers.get("location"), BASE);
}

/** Log in on the tenant's own pages, and return where the browser is led. */
export async function logIn(url, action = ["code"]) {
  const key = (await comesBack(url)).searchParams.get("state");
  await submit(key, "identifier", ANN);
  return action[0] === "cancel" ? submit(key, "cancel", "") : submit(key, "code", await code());
}

async function submit(key, action, value) {
  const body = new URLSearchParams({ state: key, action, [action]: value || action });
  const response = await fetch(`${BASE}/u/login`, { method: "POST", body, redirect: "manual" });
  return new URL(response.headers.get("location"), BASE);
}
