// What the page is made of: elements, calls to the control API, and lists that keep the focus.

const scheme = matchMedia("(prefers-color-scheme: dark)");
const useScheme = () => { document.documentElement.dataset.scheme = scheme.matches ? "dark" : "light"; };
useScheme();
scheme.addEventListener("change", useScheme);

// Text is always set as text: nothing that a shop sent is ever HTML here.
function element(name, { text, on = {}, ...attributes } = {}, ...children) {
  const made = document.createElement(name);
  if (text !== undefined && text !== null) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  for (const [event, handle] of Object.entries(on)) made.addEventListener(event, handle);
  made.append(...children);
  return made;
}

function tell(text, good = true) {
  const told = document.getElementById("told");
  told.textContent = text;
  told.classList.toggle("bad", !good);
}

async function ask(path) {
  const response = await fetch(`/__sandbox/${path}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

// Changes something, says what came of it, and shows the new state at once.
async function change(method, path, body, done) {
  try {
    const response = await fetch(`/__sandbox/${path}`, {
      method,
      headers: body === undefined ? {} : { "content-type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const answer = await response.json().catch(() => ({}));
    tell(response.ok ? done : `안 됐어요: ${answer.message ?? response.status}`, response.ok);
    await showAll();
    return response.ok;
  } catch {
    tell("샌드박스에 닿지 않아요.", false);
    return false;
  }
}

function button(text, key, press) {
  return element("button", { type: "button", class: "button small", text, "data-key": key, on: { click: press } });
}

function time(iso) {
  return iso ? iso.replace("T", " ").replace("+09:00", "") : "";
}

function money(amount, currency = "KRW") {
  const digits = new Intl.NumberFormat("ko-KR").format(amount);
  return currency === "KRW" ? `${digits}원` : `${digits} ${currency}`;
}

function state(word, good = [], bad = []) {
  const kind = good.includes(word) ? " good" : bad.includes(word) ? " bad" : "";
  return element("span", { class: `state${kind}`, text: word });
}

function isSomething(content) {
  return content !== null && content !== undefined && content !== "";
}

// One cell: a text, a number, or an element.
function cell(label, content, actions = false) {
  // What is short stays on one line; keys and names may break anywhere.
  const short = !(content instanceof Node) && String(content ?? "").length <= 24;
  const made = element("td", { "data-label": label, class: actions ? "actions" : short ? "short" : undefined });
  if (isSomething(content)) made.append(content);
  return made;
}

// A text and what is less important beneath it.
function two(text, small) {
  return element("div", {}, element("div", { text }), element("div", { class: "hint", text: small }));
}

const shown = new Map();
const opened = new Set();

// Shows rows as a table. `columns` is heading → what of the row; `more` fills a row beneath.
function showList(name, rows, { columns, empty, key, more }) {
  const place = document.querySelector(`[data-list="${name}"]`);
  const now = JSON.stringify([rows, [...opened]]);
  if (shown.get(name) === now) return;
  shown.set(name, now);
  const focused = place.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  const scrolled = place.firstElementChild?.scrollTop ?? 0;
  if (rows.length === 0) {
    place.replaceChildren(element("p", { class: "hint", text: empty }));
    return;
  }
  // A column that has nothing in any row would only take room.
  const filled = Object.entries(columns).filter(([, of]) => rows.some((row) => isSomething(of(row))));
  const head = element("tr", {}, ...filled.map(([text]) => element("th", { scope: "col", text })));
  const lines = rows.flatMap((row) => {
    const cells = filled.map(([label, of]) => {
      const content = of(row);
      return Array.isArray(content) ? cell(label, element("div", {}, ...content), true) : cell(label, content);
    });
    const line = element("tr", {}, ...cells);
    const id = key && `${name}-${key(row)}`;
    if (!more || !opened.has(id)) return [line];
    return [line, element("tr", { class: "more" }, element("td", { colspan: cells.length }, more(row)))];
  });
  const title = `${name}-title`;
  const box = element("div", { class: "list", tabindex: 0, role: "group", "aria-labelledby": title },
    element("table", {}, element("thead", {}, head), element("tbody", {}, ...lines)));
  place.replaceChildren(box);
  box.scrollTop = scrolled;
  if (focused) place.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

// A button that opens and closes what is beneath a row.
function opener(name, id, text) {
  const key = `${name}-${id}`;
  const made = button(opened.has(key) ? "닫기" : text, `open-${key}`, async () => {
    if (!opened.delete(key)) opened.add(key);
    await showAll();
  });
  made.setAttribute("aria-expanded", opened.has(key));
  return made;
}
