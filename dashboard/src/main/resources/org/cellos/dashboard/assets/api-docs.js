"use strict";

document.addEventListener("submit", async (event) => {
  const method = event.target.dataset.try;
  if (!method) {
    return;
  }
  event.preventDefault();
  const out = event.target.querySelector("pre");
  const request = { method };
  if (event.target.elements.body) {
    request.body = event.target.elements.body.value;
    request.headers = { "Content-Type": "application/json" };
  }
  try {
    const answer = await fetch(event.target.elements.address.value, request);
    out.textContent = answer.status + "\n" + JSON.stringify(JSON.parse(await answer.text()), null, 2);
  } catch (error) {
    out.textContent = String(error);
  }
});
