"use strict";
// The theme is set before anything is painted; everything else waits for the page.
{
  const root = document.documentElement;
  const base = document.currentScript.dataset.root;
  const THEMES = ["system", "light", "dark"];
  const $ = (selector, within = document) => [...within.querySelectorAll(selector)];
  const id = (name) => document.getElementById(name);

  // A browser may forbid a page of a file to keep anything: then the choice lasts as long as the page.
  const kept = () => { try { return localStorage.getItem("theme"); } catch { return null; } };
  const keep = (theme) => { try { localStorage.setItem("theme", theme); } catch { /* as said above */ } };
  const show = (theme) => { if (theme === "system") delete root.dataset.theme; else root.dataset.theme = theme; };
  let theme = THEMES.includes(kept()) ? kept() : "system";
  show(theme);

  const themes = () => {
    const button = id("theme");
    const name = () => { button.textContent = `Theme: ${theme}`; };
    button.addEventListener("click", () => {
      theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
      show(theme);
      keep(theme);
      name();
    });
    name();
    button.hidden = false;
  };

  const fitting = (text) => {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    return (candidate) => words.every((word) => candidate.includes(word));
  };

  const searching = () => {
    const MOST = 40;
    const dialog = id("search"), input = id("search-words"), list = id("search-results"), told = id("search-found");
    let entries = null;
    const find = () => {
      list.replaceChildren();
      told.textContent = "";
      if (!entries || !input.value.trim()) return;
      const fits = fitting(input.value), exact = input.value.trim().toLowerCase();
      const rank = ([title]) => (title.toLowerCase() === exact ? 0 : title.toLowerCase().includes(exact) ? 1 : 2);
      const found = entries.filter((entry) => fits(entry.lower)).sort((one, other) => rank(one) - rank(other));
      told.textContent = found.length > MOST ? `${found.length} found, the first ${MOST} shown` : `${found.length} found`;
      for (const [title, kind, address, text] of found.slice(0, MOST)) {
        const link = Object.assign(document.createElement("a"), { href: base + address });
        link.append(Object.assign(document.createElement("strong"), { textContent: title }));
        link.append(Object.assign(document.createElement("span"), { textContent: `${kind} · ${text}` }));
        link.addEventListener("click", () => dialog.close());
        const item = document.createElement("li");
        item.append(link);
        list.append(item);
      }
    };
    // The index is a script, for a page of a file may fetch no data.
    const load = () => {
      if (entries) return;
      const script = Object.assign(document.createElement("script"), { src: `${base}assets/search.js` });
      script.addEventListener("load", () => {
        entries = globalThis.searchIndex;
        for (const entry of entries) entry.lower = entry.join(" ").toLowerCase();
        find();
      });
      document.head.append(script);
    };
    const open = () => { load(); dialog.showModal(); input.select(); };
    id("search-open").addEventListener("click", open);
    id("search-open").hidden = false;
    input.addEventListener("input", find);
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { event.preventDefault(); list.querySelector("a")?.click(); }
    });
    dialog.addEventListener("keydown", (event) => {
      // A search field takes the key to empty itself.
      if (event.key === "Escape") dialog.close();
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const stops = [input, ...$("a", list)];
      stops[Math.min(Math.max(stops.indexOf(document.activeElement) + step, 0), stops.length - 1)].focus();
    });
    addEventListener("keydown", (event) => {
      const typing = event.target.matches("input, textarea, select, [contenteditable]");
      const asked = (event.key === "/" && !typing) || (event.key === "k" && (event.ctrlKey || event.metaKey));
      if (!asked || dialog.open) return;
      event.preventDefault();
      open();
    });
  };

  const filtering = () => {
    const form = id("filter");
    if (!form) return;
    const words = id("filter-words"), rows = $("tr[data-level]"), groups = $(".requirements tbody");
    const text = new Map(rows.map((row) => [row, row.textContent.toLowerCase()]));
    const filter = () => {
      const fits = fitting(words.value);
      const chosen = (name) => new Set($(`[name=${name}]:checked`, form).map((box) => box.value));
      const levels = chosen("level"), evidences = chosen("evidence");
      let shown = 0;
      for (const row of rows) {
        const visible = levels.has(row.dataset.level) && evidences.has(row.dataset.evidence) && fits(text.get(row));
        row.classList.toggle("hidden", !visible);
        shown += visible;
      }
      for (const group of groups) group.classList.toggle("hidden", !group.querySelector("tr[data-level]:not(.hidden)"));
      id("shown").textContent = `${shown} of ${rows.length} shown`;
    };
    // What a link names is shown, whatever the filter says.
    const reveal = () => {
      const named = id(decodeURIComponent(location.hash.slice(1)));
      if (!named?.matches("tr[data-level].hidden")) return;
      form.reset();
      filter();
      named.scrollIntoView();
    };
    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    addEventListener("hashchange", reveal);
    form.hidden = false;
    filter();
  };

  const copying = () => {
    for (const code of $(".sample code, pre[aria-label='Code'] code")) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Copy" });
      const told = Object.assign(document.createElement("span"), { className: "note" });
      told.setAttribute("role", "status");
      button.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(code.textContent);
          told.textContent = "copied";
        } catch {
          getSelection().selectAllChildren(code);
          told.textContent = "selected: copy it with the keyboard";
        }
      });
      const tool = Object.assign(document.createElement("div"), { className: "tool" });
      tool.append(button, told);
      code.parentElement.after(tool);
    }
  };

  // On paper everything is open. Those of a name are open one at a time, so the name goes for as long as that takes.
  const printing = () => {
    let closed = [];
    addEventListener("beforeprint", () => {
      closed = $("details:not([open])");
      for (const element of $("details[name]")) { element.dataset.name = element.name; element.removeAttribute("name"); }
      for (const element of closed) element.open = true;
    });
    addEventListener("afterprint", () => {
      for (const element of closed) element.open = false;
      for (const element of $("details[data-name]")) element.name = element.dataset.name;
    });
  };

  // Where there is little room, what stands beside a page would stand between the reader and the page.
  const folding = () => {
    const beside = document.querySelector(".beside details");
    if (beside && matchMedia("(max-width: 56rem)").matches) beside.open = false;
  };

  addEventListener("DOMContentLoaded", () => {
    folding();
    themes();
    searching();
    filtering();
    copying();
    printing();
  });
}
