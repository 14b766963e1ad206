// Comfort only: the inbox refreshes in place, codes are copied by a button.
"use strict";

(function () {
  const live = document.getElementById("live");
  const news = document.getElementById("news");
  let shown = null;
  let newest = null;

  async function refresh() {
    const answer = await fetch("/_tenant/inbox", { headers: { Accept: "application/json" } });
    const inbox = await answer.json();
    if (shown !== inbox.html) {
      replace(inbox.html);
    }
    if (newest !== null && inbox.newest > newest) {
      news.textContent = "A new message has arrived.";
    }
    newest = inbox.newest;
  }

  // What had the focus keeps it: a code or link is still there after a refresh.
  function replace(html) {
    const held = live.contains(document.activeElement) ? name(document.activeElement) : null;
    live.innerHTML = html;
    shown = html;
    const again = held && [...live.querySelectorAll("a, button, output")].find((e) => name(e) === held);
    if (again) {
      again.focus();
    }
  }

  function name(element) {
    return element.dataset.copy || element.href || element.textContent;
  }

  async function copy(button) {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.classList.add("done");
    setTimeout(() => { button.classList.remove("done"); }, 1200);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) {
      copy(button).catch(() => {});
    }
  });

  if (live) {
    setInterval(() => {
      if (!document.hidden) {
        refresh().catch(() => {});
      }
    }, 1000);
    document.addEventListener("visibilitychange", () => refresh().catch(() => {}));
  }
})();
