// A front end without a framework: it shows the state that each answer holds, and asks for the next.
// `screens` has a function for each step; nothing here counts steps or remembers where one was.

const root = document.querySelector("#front-end");
const api = root.dataset.api.replace(/login\/$/, "");

let csrfToken = "";
let state = {};
let problem = null;
let lists = { identities: [], sign_ins: [] };
let timer = 0;

async function call(method, path, members) {
  const answer = await fetch(api + path, {
    method,
    headers: { "X-CSRFToken": csrfToken, ...(method === "POST" && { "Content-Type": "application/json" }) },
    body: method === "POST" ? JSON.stringify(members ?? {}) : undefined,
  });
  const data = await answer.json();
  csrfToken = data.csrf_token;
  problem = answer.ok ? null : data;
  state = data.login ?? data;
  return data;
}

// Ask, and show what came of it.
async function go(method, path, members) {
  clearTimeout(timer);
  try {
    const data = await call(method, path, members);
    if (data.logout_url) return location.assign(data.logout_url);
    if (state.step === "signed_in") await loadLists();
  } catch {
    problem = trouble("There is no connection. Try again.");
  }
  show();
}

const post = (path, members) => go("POST", path, members);
const trouble = (title) => ({ title, detail: "", errors: {} });

// What a signed-in person sees beside the state, which stays that of the request before.
async function loadLists() {
  const before = [state, problem];
  for (const [name, path] of [["identities", "identities/"], ["sign_ins", "sign-ins/"]]) {
    lists[name] = (await call("GET", path))[name] ?? [];
  }
  [state, problem] = before;
}

// Ask what a push notification has come to; the page stays as it is until there is an answer.
async function poll() {
  const data = await call("POST", "login/factor/poll/").catch(() => ({ status: "pending" }));
  if (data.status === "pending") {
    timer = setTimeout(poll, (data.interval ?? 5) * 1000);
    return;
  }
  if (data.status === "rejected") problem = trouble("The request was denied.");
  if (state.step === "signed_in") await loadLists();
  show();
}

// --- Elements. Text is text: nothing an answer holds becomes markup, but for the QR code. ---

function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  const { on, ...attributes } = properties;
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  if (on) made.addEventListener(on[0], on[1]);
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

const paragraph = (...children) => element("p", { class: "pwdless-lead" }, ...children);
const heading = (text) => element("h1", { class: "pwdless-heading", tabindex: "-1" }, text);
const subheading = (text) => element("h2", { class: "pwdless-subheading" }, text);

function button(text, action, isPrimary = false) {
  const kind = isPrimary ? "pwdless-button pwdless-button--primary" : "pwdless-button";
  return element("button", { type: "button", class: kind, on: ["click", action] }, text);
}

function field(name, label, attributes = {}) {
  const errors = (problem?.errors[name] ?? []).map((each) => each.message);
  const about = `${name}-error`;
  return element(
    "div",
    { class: "pwdless-field" },
    element("label", { for: name, class: "pwdless-label" }, label),
    element("input", {
      id: name,
      name,
      class: "pwdless-input",
      "aria-invalid": errors.length ? "true" : undefined,
      "aria-describedby": errors.length ? about : undefined,
      ...attributes,
    }),
    errors.length ? element("p", { id: about, class: "pwdless-error" }, errors.join(" ")) : null,
  );
}

const codeField = () =>
  field("code", "Code", { autocomplete: "one-time-code", autocapitalize: "off", spellcheck: "false" });

function form(text, send, ...fields) {
  const submit = (event) => {
    event.preventDefault();
    send(Object.fromEntries(new FormData(event.target)));
  };
  return element(
    "form",
    { class: "pwdless-form", novalidate: true, on: ["submit", submit] },
    ...fields,
    element("button", { class: "pwdless-button pwdless-button--primary" }, text),
  );
}

function qrCode() {
  if (!state.qr_svg) return null;
  const parsed = new DOMParser().parseFromString(state.qr_svg, "text/html");
  const picture = document.importNode(parsed.querySelector("svg"), true);
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", "QR code");
  return element("div", { class: "pwdless-qr" }, picture);
}

// --- What several steps share. ---

const startAgain = () => button("Start again", () => go("DELETE", "login/"));

function resend(label = "Send it again") {
  const wait = state.resend_wait ? ` (possible in ${state.resend_wait} s)` : "";
  return button(label + wait, () => post("login/resend/"));
}

const universal = () =>
  state.universal_url
    ? element("a", { href: `${state.universal_url}?next=${encodeURIComponent(location.pathname)}` }, "Other ways to sign in")
    : null;

function methodChoice() {
  const ways = state.methods.filter((method) => method.connection === "email");
  if (ways.length < 2) return null;
  const options = ways.map((way) =>
    element(
      "label",
      {},
      element("input", { type: "radio", name: "method", value: way.name, checked: way === ways[0] }),
      ` ${way.label}`,
    ),
  );
  return element("fieldset", {}, element("legend", {}, "How"), ...options);
}

// --- The steps. ---

const screens = {
  identify: () => [
    heading("Sign in"),
    form(
      "Continue",
      (members) => post("login/", members),
      field("identifier", "Email address or phone number", {
        autocomplete: "username",
        value: state.identifier ?? "",
      }),
      methodChoice(),
    ),
    universal(),
    anyDevice(),
  ],

  code: () => [
    heading("Enter your code"),
    paragraph(`Enter the ${state.code_length}-digit code sent to ${state.identifier}.`),
    form("Continue", (members) => post("login/code/", members), codeField()),
    resend(),
    startAgain(),
  ],

  link: () => [
    heading("Check your inbox"),
    paragraph(`Press the link sent to ${state.identifier}, in this browser.`),
    button("I have pressed it", () => go("GET", "login/"), true),
    resend(),
    state.code_instead
      ? button("Send a code instead", () => post("login/resend/", { method: "email-code" }))
      : null,
    startAgain(),
  ],

  choose_factor: () => [
    heading("Choose a way to confirm"),
    ...state.authenticators.map((one) =>
      button(`${one.label} ${one.hint}`, () => post("login/factor/", { authenticator: one.id }), true),
    ),
    button("Look again", () => post("login/factor/")),
    startAgain(),
  ],

  enroll_factor: () => [
    heading("Set up a second step"),
    ...state.factors.map((one) =>
      one.factor === "phone"
        ? form(
            one.label,
            (members) => post("login/factor/enroll/", { factor: "phone", ...members }),
            field("phone_number", "Phone number", { autocomplete: "tel" }),
          )
        : button(one.label, () => post("login/factor/enroll/", { factor: one.factor }), true),
    ),
    startAgain(),
  ],

  answer_factor: () => [
    heading("Confirm it’s you"),
    qrCode(),
    state.secret ? paragraph("Key: ", element("code", { id: "secret" }, state.secret)) : null,
    paragraph(state.hint),
    form("Confirm", (members) => post("login/factor/answer/", members), codeField()),
    state.can_resend ? resend() : null,
    button("Another way", () => post("login/factor/")),
    startAgain(),
  ],

  wait_for_push: () => {
    timer = setTimeout(poll, state.interval * 1000);
    return [
      heading("Open the notification on your phone"),
      qrCode(),
      paragraph(state.hint),
      state.can_resend ? resend() : null,
      button("Another way", () => post("login/factor/")),
      startAgain(),
    ];
  },

  recovery_codes: () => [
    heading("Save your recovery codes"),
    element("ul", { id: "recovery-codes" }, ...state.recovery_codes.map((code) => element("li", {}, element("code", {}, code)))),
    button("My codes are saved", () => post("login/recovery-codes/"), true),
  ],

  signed_in: () => [
    heading(`Hello, ${state.user.name}`),
    problem?.outcome === "reconfirm" ? confirmation() : null,
    subheading("Sign-in methods"),
    list(lists.identities, (one) => one.label, "Remove", "identities"),
    form("Add", (members) => post("identities/", members), field("identifier", "Email address or phone number")),
    lists.sign_ins.length ? subheading("Where you are signed in") : null,
    list(lists.sign_ins, describeSignIn, "End", "sign-ins"),
    lists.sign_ins.length > 1 ? button("End all others", () => go("DELETE", "sign-ins/")) : null,
    button("Sign out", () => post("logout/")),
  ],
};

const describeSignIn = (one) =>
  `${one.browser} ${one.system} since ${one.created_at.slice(0, 16)}${one.current ? " (this one)" : ""}`;

const anyDevice = () =>
  element(
    "details",
    { open: problem?.errors.code ? true : undefined },
    element("summary", {}, "I have a code already"),
    form(
      "Sign in",
      ({ address, code }) => post("login/link/", { identifier: address, code }),
      field("address", "Address of the code"),
      codeField(),
    ),
  );

const confirmation = () =>
  element(
    "div",
    {},
    paragraph("Confirm that it is you: we send you a code."),
    ...lists.identities.map((one) => button(`To ${one.label}`, () => post("login/", { reconfirm: one.id }), true)),
  );

function list(rows, describe, verb, path) {
  const items = rows.map((one) =>
    element("li", {}, `${describe(one)} `, button(verb, () => go("DELETE", `${path}/${one.id}/`))),
  );
  return element("ul", {}, ...items);
}

// --- Showing. ---

function show() {
  const parts = screens[state.step]().filter(Boolean);
  const text = problem ? [problem.title, problem.detail].filter(Boolean).join(" ") : "";
  const alert = text ? element("p", { role: "alert", class: "pwdless-error" }, text) : null;
  const card = element("section", { class: "pwdless", "data-step": state.step }, ...parts);
  if (alert) card.firstElementChild.after(alert);
  root.replaceChildren(card);
  document.title = `${card.querySelector("h1").textContent} · Harbour Library`;
  const first = card.querySelector("[aria-invalid], form:not(details form) input") ?? card.querySelector("h1");
  first.focus();
}

go("GET", "login/");
