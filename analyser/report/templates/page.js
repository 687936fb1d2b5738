(() => {
  "use strict";
  const lang = document.documentElement.lang;
  const words = document.body.dataset;
  const order = new Intl.Collator(lang, { numeric: true });
  // What a cell is sorted by: figures as they are written in the page's language; a dash is less than any figure.
  const figure = (cell) => {
    const found = cell.textContent.replace(/\s/g, "").match(/-?\d[\d.,]*/);
    if (!found) return -Infinity;
    return parseFloat(lang === "en" ? found[0].replace(/,/g, "") : found[0].replace(",", "."));
  };
  const grouped = (row) => row.querySelector("th.group") !== null;
  const asked = (text) => text.toLocaleLowerCase(lang).split(/\s+/).filter(Boolean);
  const tables = [];
  let everywhere = [];

  // A row is shown when it holds every word asked for in the table and on the page; a heading when a row under it is.
  const show = (table) => {
    let shown = 0;
    for (const body of table.bodies) {
      let any = false;
      for (const [row, text] of body.rows) {
        const hit = [...table.words, ...everywhere].every((word) => text.includes(word));
        row.hidden = !hit;
        if (hit) { any = true; shown += 1; }
      }
      for (const row of body.heads) row.hidden = !any;
    }
    const filtered = table.words.length + everywhere.length > 0;
    if (table.told) table.told.textContent = filtered ? `${shown} / ${table.count}` : "";
    const fold = table.element.closest("details");
    if (fold && everywhere.length) fold.open = shown > 0;
    return shown;
  };

  // First down from the largest figure or up from the first name, then the other way, then as it was.
  const sort = (table, head, column) => {
    const figures = head.classList.contains("n");
    const turns = figures ? ["descending", "ascending", ""] : ["ascending", "descending", ""];
    const next = turns[(turns.indexOf(head.getAttribute("aria-sort") || "") + 1) % 3];
    for (const other of table.heads) other.removeAttribute("aria-sort");
    if (next) head.setAttribute("aria-sort", next);
    for (const body of table.bodies) {
      const rows = body.rows.map(([row]) => row);
      const down = next === "descending" ? -1 : 1;
      if (next) rows.sort((one, other) => {
        const [a, b] = [one.cells[column], other.cells[column]];
        return down * (figures ? Math.sign(figure(a) - figure(b)) || 0 : order.compare(a.textContent, b.textContent));
      });
      body.element.append(...body.heads, ...rows);
    }
  };

  const box = (label) => {
    const tools = document.createElement("p"), input = document.createElement("input");
    const told = document.createElement("output");
    tools.className = "tools";
    input.type = "search";
    input.placeholder = label;
    input.setAttribute("aria-label", label);
    tools.append(input, " ", told);
    return [tools, input, told];
  };

  for (const element of document.querySelectorAll("table:not(.map)")) {
    const bodies = [...element.tBodies].map((body) => ({
      element: body,
      heads: [...body.rows].filter(grouped),
      rows: [...body.rows].filter((row) => !grouped(row)).map((row) => [row, row.textContent.toLocaleLowerCase(lang)]),
    }));
    const count = bodies.reduce((sum, body) => sum + body.rows.length, 0);
    const heads = element.tHead ? [...element.tHead.rows[element.tHead.rows.length - 1].cells] : [];
    if (count < 2) continue;
    const table = { element, bodies, heads, count, words: [], told: null };
    tables.push(table);
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sort(table, head, column));
      head.append(button);
    });
    if (count < 8) continue;
    const [tools, input, told] = box(words.filter);
    table.told = told;
    table.input = input;
    input.addEventListener("input", () => { table.words = asked(input.value); show(table); });
    (element.closest(".scroll") || element).before(tools);
  }

  const place = document.querySelector("header");
  if (place && tables.length > 1) {
    const [tools, input, told] = box(words.search);
    input.addEventListener("input", () => {
      everywhere = asked(input.value);
      const shown = tables.reduce((sum, table) => sum + show(table), 0);
      const all = tables.reduce((sum, table) => sum + table.count, 0);
      told.textContent = everywhere.length ? `${shown} / ${all}` : "";
    });
    place.append(tools);
  }

  // What a link leads to is shown, whatever is filtered or folded.
  window.addEventListener("hashchange", () => {
    const aim = document.getElementById(location.hash.slice(1));
    if (!aim) return;
    const fold = aim.closest("details");
    if (fold) fold.open = true;
    for (const table of tables) if (table.element.contains(aim) && aim.closest("tr").hidden) {
      if (table.input) table.input.value = "";
      table.words = [];
      everywhere = [];
      for (const input of document.querySelectorAll("header input")) input.value = "";
      show(table);
    }
    aim.scrollIntoView();
  });

  let folded = [];
  window.addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const fold of folded) fold.open = true;
  });
  window.addEventListener("afterprint", () => { for (const fold of folded) fold.open = false; });
})();
