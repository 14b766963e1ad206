/*
 * Comfort for django_pwdless' pages: each of them works without this file, but for the code in a
 * link's fragment and the automatic asking on the waiting page of a push notification.
 * Elements are found by data-pwdless-* attributes; all words come from the templates.
 */
(function () {
  "use strict";

  const FRAGMENT = /^#?(?:code=)?([0-9]{4,12})$/;
  const RELEASE_AFTER = 10000; // milliseconds until a form that went nowhere may be sent again

  function each(root, selector, setUp) {
    root.querySelectorAll(selector).forEach(setUp);
  }

  /* Say something to screen readers through an empty status element beside the form's controls. */
  function announce(root) {
    const status = root.querySelector("[data-pwdless-announce]");
    if (status) status.textContent = status.dataset.pwdlessAnnounce;
  }

  /* Minutes and seconds, like 0:29: the same in every language. */
  function clock(seconds) {
    return Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
  }

  /* The same for those who hear it, like "9 minutes 5 seconds"; nothing in a language of no name. */
  function spoken(seconds, language) {
    const parts = [[Math.floor(seconds / 60), "minute"], [seconds % 60, "second"]];
    const style = { style: "unit", unitDisplay: "long" };
    try {
      return parts
        .filter(([number, unit]) => number || (unit === "second" && !seconds))
        .map(([number, unit]) => new Intl.NumberFormat(language, { ...style, unit }).format(number))
        .join(" ");
    } catch (error) {
      return "";
    }
  }

  function setClock(number, seconds) {
    const words = spoken(seconds, number.closest("[lang]")?.lang);
    number.textContent = clock(seconds);
    number.setAttribute("role", "timer");
    if (words) number.setAttribute("aria-label", words);
  }

  /* Keep the clock of a line going, and call "finish" when its time is over. */
  function runClock(line, seconds, finish) {
    const number = line.querySelector("bdi");
    const end = Date.now() + seconds * 1000;
    setClock(number, seconds);
    const timer = setInterval(() => {
      const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
      setClock(number, left);
      if (left === 0 || !line.isConnected) clearInterval(timer);
      if (left === 0) finish();
    }, 1000);
  }

  /* A button that is under way says so; its words stay where there is no room for others. */
  function setBusy(button) {
    button.setAttribute("aria-busy", "true");
    if (!button.matches(".pwdless-button:not(.pwdless-button--small)")) return;
    const words = button.closest("[data-pwdless-busy]");
    if (!words || button.dataset.pwdlessLabel) return;
    button.dataset.pwdlessLabel = button.textContent;
    button.textContent = words.dataset.pwdlessBusy;
  }

  function setReady(button) {
    button.removeAttribute("aria-busy");
    if (button.dataset.pwdlessLabel) button.textContent = button.dataset.pwdlessLabel;
    delete button.dataset.pwdlessLabel;
  }

  /* A second press while the first is under way is swallowed, but never for good. */
  function submitOnce(form) {
    let timer = null;
    function release() {
      clearTimeout(timer);
      timer = null;
      each(form, "[aria-busy]", setReady);
    }
    form.addEventListener("submit", (event) => {
      if (timer !== null) {
        event.preventDefault();
        return;
      }
      timer = setTimeout(release, RELEASE_AFTER);
      if (event.submitter) setBusy(event.submitter);
    });
    window.addEventListener("pageshow", release);
  }

  /* Count the wait before a new message down. The number is no live region: a screen reader reads
     it with the button it describes, and hears only that the wait is over. */
  function countDown(line) {
    runClock(line, Number(line.dataset.pwdlessWait), () => {
      line.hidden = true;
      announce(line.parentElement);
      each(line.parentElement, `[aria-describedby="${line.id}"]`, (button) =>
        button.removeAttribute("aria-describedby"));
    });
  }

  /* The time that is left for the whole step, on a clock that no screen reader follows. */
  function showTimeLeft(line) {
    runClock(line, Number(line.dataset.pwdlessLeft), () => {});
  }

  /* Send the message again without leaving the page: the answer's card takes the place of this one.
     What is no page of ours is asked for once more, by the browser itself. */
  function resendInPlace(form) {
    form.addEventListener("submit", async (event) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      const answer = await fetchCard(form);
      if (!answer) form.submit();
      else if (form.isConnected) showInstead(form, answer);
    });
  }

  async function fetchCard(form) {
    try {
      const body = new URLSearchParams(new FormData(form));
      const response = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const card = page.querySelector(".pwdless");
      return card && { page, card, address: response.redirected ? response.url : null };
    } catch (error) {
      return null;
    }
  }

  function showInstead(form, { page, card, address }) {
    if (address) window.history.replaceState(null, "", address);
    document.title = page.title;
    form.closest(".pwdless").replaceWith(card);
    showMessages(page.querySelector("[data-pwdless-messages]"), card);
    setUp(card);
    const next = card.querySelector("[autofocus]") || card.querySelector("h1");
    if (next.localName === "h1") next.tabIndex = -1;
    next.focus();
  }

  /* Words are announced that come into an element which was there before them. */
  function showMessages(answered, card) {
    let messages = document.querySelector("[data-pwdless-messages]");
    if (!messages && answered) {
      messages = answered.cloneNode(false);
      card.before(messages);
    }
    if (!messages) return;
    messages.replaceChildren();
    if (answered) setTimeout(() => messages.replaceChildren(...answered.childNodes), 100);
  }

  /* The form goes on by itself after the last digit, typed, pasted or filled in; but not after a
     wrong code, so that whoever mends it has the last word. */
  function submitWhenComplete(form) {
    const code = form.elements.namedItem("code");
    const length = Number(code && code.dataset.pwdlessLength);
    if (!length || code.getAttribute("aria-invalid") === "true") return;
    const complete = new RegExp(`^\\p{Nd}{${length}}$`, "u");
    const note = form.querySelector("[data-pwdless-note]");
    code.setAttribute("aria-describedby", `${code.getAttribute("aria-describedby") || ""} ${note.id}`);
    code.addEventListener("input", (event) => {
      const digits = code.value.replace(/[\s\p{Pd}\p{Cf}]/gu, "");
      if (event.isComposing || !complete.test(digits)) return;
      form.requestSubmit(form.querySelector("[type=submit]"));
    });
  }

  /* Move the digits of the address's fragment into the code field, and out of the address bar. */
  function takeFragment(form) {
    function take() {
      const match = FRAGMENT.exec(window.location.hash);
      const code = form.elements.namedItem("code");
      if (!match || !code) return;
      code.value = match[1];
      window.history.replaceState(null, "", window.location.pathname + window.location.search);
      announce(form);
      const identifier = form.elements.namedItem("identifier");
      const isAsked = identifier && identifier.type !== "hidden" && !identifier.value;
      (isAsked ? identifier : form.querySelector("[type=submit]")).focus();
    }
    take();
    window.addEventListener("hashchange", take);
  }

  /* Ask, every so often, whether the notification on the phone was answered. */
  function poll(form) {
    const status = form.querySelector("[role=status]");
    const words = {
      pending: status.dataset.pwdlessWaiting,
      approved: status.dataset.pwdlessApproved,
      rejected: status.dataset.pwdlessRejected,
      expired: status.dataset.pwdlessExpired,
    };
    const lifetime = Number(form.dataset.pwdlessExpiresIn);
    const end = lifetime > 0 ? Date.now() + lifetime * 1000 : Infinity;
    let interval = atLeastOne(form.dataset.pwdlessInterval, 5);
    let timer = null;

    function atLeastOne(value, otherwise) {
      return Number(value) >= 1 ? Number(value) : otherwise;
    }

    function show(state) {
      if (status.textContent !== words[state]) status.textContent = words[state];
      status.classList.toggle("pwdless-waiting--spin", state === "pending");
    }

    function wait() {
      clearTimeout(timer);
      timer = setTimeout(ask, Math.max(0, Math.min(interval * 1000, end - Date.now())));
    }

    async function ask() {
      const isLast = Date.now() >= end; // the answer then says where to start again
      const answer = await send();
      if (timer === null || !form.isConnected) return; // stopped meanwhile
      interval = atLeastOne(answer.interval, interval);
      if (Object.hasOwn(words, answer.status) && answer.status !== "pending") {
        show(answer.status);
        follow(answer.redirect);
      } else if (isLast) {
        show("expired");
      } else {
        wait();
      }
    }

    async function send() {
      try {
        const response = await fetch(form.action, {
          method: "POST",
          headers: { Accept: "application/json" },
          body: new URLSearchParams(new FormData(form)),
          credentials: "same-origin",
          redirect: "error",
        });
        // Somebody has signed in in another tab, so the token of this form is an old one.
        if (response.status === 403) window.location.reload();
        return (await response.json()) || {};
      } catch (error) {
        return {}; // no answer, or none we can read: as good as "pending"
      }
    }

    function follow(redirect) {
      if (!redirect) return;
      const target = new URL(redirect, window.location.href);
      if (target.origin === window.location.origin) window.location.assign(target.href);
    }

    function stop() {
      clearTimeout(timer);
      timer = null;
    }

    form.addEventListener("submit", stop);
    window.addEventListener("pageshow", (event) => {
      if (event.persisted) wait();
    });
    show("pending");
    wait();
  }

  /* The text of an element's items, one a line. */
  function textOf(element) {
    const items = element.querySelectorAll("li");
    if (!items.length) return element.textContent.trim();
    return Array.from(items, (item) => item.textContent.trim()).join("\n");
  }

  function select(element) {
    const range = document.createRange();
    range.selectNodeContents(element);
    window.getSelection().removeAllRanges();
    window.getSelection().addRange(range);
  }

  function copyOnPress(button) {
    const source = document.getElementById(button.dataset.pwdlessCopy);
    const status = button.parentElement.querySelector("[role=status]");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(textOf(source));
        status.textContent = status.dataset.pwdlessCopied;
      } catch (error) {
        select(source);
        status.textContent = status.dataset.pwdlessUncopied;
      }
    });
  }

  function downloadOnPress(button) {
    const source = document.getElementById(button.dataset.pwdlessDownload);
    button.addEventListener("click", () => {
      const link = document.createElement("a");
      const text = `${button.dataset.pwdlessFilehead}\n\n${textOf(source)}\n`;
      link.href = URL.createObjectURL(new Blob([text.trimStart()], { type: "text/plain" }));
      link.download = button.dataset.pwdlessFilename;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), RELEASE_AFTER);
    });
  }

  function setUp(root) {
    each(root, "form", submitOnce);
    each(root, "[data-pwdless-resend]", resendInPlace);
    each(root, "[data-pwdless-complete]", submitWhenComplete);
    each(root, "[data-pwdless-wait]", countDown);
    each(root, "[data-pwdless-left]", showTimeLeft);
    each(root, "[data-pwdless-fragment]", takeFragment);
    each(root, "[data-pwdless-poll]", poll);
    each(root, "[data-pwdless-copy]", copyOnPress);
    each(root, "[data-pwdless-download]", downloadOnPress);
    each(root, "[data-pwdless-tools]", (tools) => {
      tools.hidden = false;
    });
  }

  each(document, ".pwdless", setUp);
})();
