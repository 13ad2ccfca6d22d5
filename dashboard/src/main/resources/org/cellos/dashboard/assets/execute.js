"use strict";

// A protocol file is read here, so that its text can be looked at before it is sent.
document.addEventListener("change", (event) => {
  const into = event.target.dataset && event.target.dataset.into;
  if (into && event.target.files.length === 1) {
    event.target.files[0].text().then((text) => {
      const area = document.getElementById(into);
      area.value = text;
      area.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
});

// The table beside it says the same to whoever does not see pictures.
function drawCosts() {
  const canvas = document.querySelector("canvas[data-chart=costs]");
  if (!canvas || !window.Chart || canvas.dataset.drawn) {
    return;
  }
  canvas.dataset.drawn = "yes";
  const rows = [...document.querySelectorAll("#costs-table tbody tr")];
  const style = window.getComputedStyle(document.body);
  new window.Chart(canvas, {
    type: "bar",
    data: {
      labels: rows.map((row) => row.cells[0].textContent),
      datasets: [{ label: "USD", data: rows.map((row) => Number(row.dataset.dollars)), backgroundColor: "#4a90a4" }],
    },
    options: {
      indexAxis: "y",
      animation: false,
      plugins: { legend: { display: false } },
      scales: { x: { ticks: { color: style.color } }, y: { ticks: { color: style.color } } },
    },
  });
}
window.addEventListener("load", drawCosts);
document.addEventListener("htmx:load", () => window.setTimeout(drawCosts, 200));
