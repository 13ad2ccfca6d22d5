"use strict";

// Hold still: people who read must not have the picture change under their eyes.
document.addEventListener("htmx:beforeRequest", (event) => {
  const hold = document.getElementById("hold");
  if (hold && hold.checked && event.detail.elt.hasAttribute("data-live")) {
    event.preventDefault();
  }
});
