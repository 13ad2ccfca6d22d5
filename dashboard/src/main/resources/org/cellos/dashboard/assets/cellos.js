"use strict";

// A browser keeps few connections to one address (six), and a page that was left may keep its own.
// So a page listens for news only while somebody sees it, and asks when it is seen again.
const LISTEN_AGAIN_AFTER_MS = 5000;
let news = null;
function tell() {
  document.body.dispatchEvent(new Event("news"));
}
function listen() {
  if (document.hidden || news) {
    return;
  }
  const source = new EventSource("/api/events");
  news = source;
  source.addEventListener("changed", tell);
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED && news === source) {
      news = null;
      window.setTimeout(listen, LISTEN_AGAIN_AFTER_MS);
    }
  });
}
function stopListening() {
  if (news) {
    news.close();
    news = null;
  }
}
document.addEventListener("DOMContentLoaded", listen);
window.addEventListener("pagehide", stopListening);
window.addEventListener("pageshow", (event) => {
  if (event.persisted) {
    listen();
    tell();
  }
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    stopListening();
  } else {
    listen();
    tell();
  }
});

// Hold still: people who read must not have the picture change under their eyes. And whoever has
// begun to type must not lose it to news.
document.addEventListener("htmx:beforeRequest", (event) => {
  const element = event.detail.elt;
  const hold = document.getElementById("hold");
  const isHeld = hold && hold.checked && element.hasAttribute("data-live");
  const isTyped = element.hasAttribute("data-keep-input") && element.dataset.typed === "yes";
  if (isHeld || isTyped) {
    event.preventDefault();
  }
});

document.addEventListener("input", (event) => {
  const kept = event.target.closest("[data-keep-input]");
  if (kept) {
    kept.dataset.typed = "yes";
  }
});

document.addEventListener("htmx:afterRequest", (event) => {
  const kept = event.detail.elt.closest && event.detail.elt.closest("[data-keep-input]");
  if (kept && event.detail.elt.tagName === "FORM" && event.detail.successful) {
    delete kept.dataset.typed;
    window.htmx.trigger(kept, "refresh");
  }
});

// What somebody has opened or closed stays so when news come.
const opened = new Map();
document.addEventListener("toggle", (event) => {
  if (event.target.tagName === "DETAILS" && event.target.id) {
    opened.set(event.target.id, event.target.open);
  }
}, true);
document.addEventListener("htmx:afterSettle", () => {
  opened.forEach((isOpen, id) => {
    const details = document.getElementById(id);
    if (details) {
      details.open = isOpen;
    }
  });
  fillNames();
});

// The name is typed once on each computer.
const NAME = "cellos-name";
function fillNames() {
  const name = window.localStorage.getItem(NAME);
  document.querySelectorAll("input[name=by]").forEach((input) => {
    if (name && !input.value) {
      input.value = name;
    }
  });
}
document.addEventListener("change", (event) => {
  if (event.target.name === "by" && event.target.value) {
    window.localStorage.setItem(NAME, event.target.value);
  }
});
document.addEventListener("DOMContentLoaded", fillNames);

document.addEventListener("click", (event) => {
  const text = event.target.dataset && event.target.dataset.copy;
  if (text) {
    navigator.clipboard.writeText(text).then(() => {
      event.target.textContent = "Copied";
    });
  }
});
