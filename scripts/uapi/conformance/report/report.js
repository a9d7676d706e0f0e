"use strict";
{
  const $ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const form = document.getElementById("filter");
  const search = document.getElementById("search");
  const boxes = $("input[type=checkbox]", form);
  const rows = $(".row").map((element) => ({
    element,
    outcome: element.dataset.outcome,
    words: [$("summary", element)[0], $(".message", element)[0]].map((part) => part?.textContent ?? "").join(" ").toLowerCase(),
  }));

  const filter = () => {
    const outcomes = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const fits = outcomes.has(row.outcome) && words.every((word) => row.words.includes(word));
      row.element.classList.toggle("hidden", !fits);
      shown += fits;
    }
    document.getElementById("shown").textContent = `${shown} of ${rows.length} shown`;
  };

  // What a link names is shown and opened, whatever the filter says. Its summary has the id, for it takes the focus.
  const reveal = (hash) => {
    const named = document.getElementById(hash.slice(1));
    if (!named?.matches("summary")) return;
    for (let element = named; element; element = element.parentElement) {
      if (element.matches("details")) element.open = true;
      element.classList.remove("hidden");
    }
    named.scrollIntoView();
    named.focus({ preventScroll: true });
  };

  const copy = async (code, told) => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      told.textContent = "copied";
    } catch {
      getSelection().selectAllChildren(code);
      told.textContent = "selected: copy it with the keyboard";
    }
  };

  const addCopyButtons = (exchange) => {
    if (exchange.dataset.ready) return;
    exchange.dataset.ready = "yes";
    for (const code of $(".curl", exchange)) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Copy the command" });
      const told = Object.assign(document.createElement("span"), { className: "copied", role: "status" });
      button.addEventListener("click", () => copy(code, told));
      code.after(button, told);
    }
  };

  const only = (outcome) => {
    search.value = "";
    for (const box of boxes) box.checked = box.value === outcome;
    filter();
  };

  for (const link of $("[data-only]")) link.addEventListener("click", () => only(link.dataset.only));
  for (const exchange of $(".exchange")) exchange.addEventListener("toggle", () => addCopyButtons(exchange));
  for (const exchange of $(".exchange[open]")) addCopyButtons(exchange);
  const setAll = (open) => rows.filter(({ element }) => !element.matches(".hidden")).forEach(({ element }) => { element.open = open; });
  document.getElementById("open").addEventListener("click", () => setAll(true));
  document.getElementById("close").addEventListener("click", () => setAll(false));
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", () => reveal(location.hash));
  // A link to where the page already is changes no hash.
  for (const link of $("a[href^='#']")) link.addEventListener("click", () => setTimeout(reveal, 0, link.hash));
  // On paper all that has to be acted on is open; afterwards the page is as it was.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = $(".row.found, .row.found .exchange").filter((element) => !element.open);
    for (const element of opened) element.open = true;
  });
  addEventListener("afterprint", () => {
    for (const element of opened) element.open = false;
  });
  form.hidden = false;
  filter();
  reveal(location.hash);
}
