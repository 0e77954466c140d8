// What the page was told by the script that opened it, and how they talk. Every message is
// checked: it must come from the page that embeds this one.

const told = (() => {
  try {
    return JSON.parse(decodeURIComponent(location.hash.slice(1))) ?? {};
  } catch {
    return {};
  }
})();

const embedded = parent !== window;
const wantsDark = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
document.documentElement.dataset.scheme =
  embedded && ["dark", "light"].includes(told.scheme) ? told.scheme : wantsDark;
document.documentElement.dataset.embedded = embedded;

function tellShop(message) {
  // A page opened from a file has no origin that could be named.
  const target = /^https?:\/\//.test(told.origin) ? told.origin : "*";
  if (embedded) parent.postMessage(message, target);
}

function hearShop(handle) {
  addEventListener("message", (event) => {
    if (event.source !== parent || event.origin !== told.origin || !event.data) return;
    handle(event.data);
  });
}

// Says where things stand when the shop's page asks: after all that happened here before.
function answerShop(state) {
  hearShop(({ type, number }) => {
    if (type === "ask") tellShop({ type: "state", state: state(), changed: false, answers: number });
  });
}

// Keeps the frame as high as what is in it.
function keepHeight(element) {
  const tell = () => tellShop({ type: "height", height: Math.ceil(element.offsetHeight) });
  new ResizeObserver(tell).observe(element);
}

const knowClient = async (clientKey) =>
  (await fetch(`/v2/client?clientKey=${encodeURIComponent(clientKey ?? "")}`)).ok;

function fill(id, options) {
  document
    .getElementById(id)
    .append(...options.map(([value, text]) => element("option", { value, text })));
}

function won(value, currency = "KRW") {
  const digits = new Intl.NumberFormat("ko-KR").format(value);
  return currency === "KRW" ? `${digits}원` : `${digits} ${currency}`;
}

function element(name, { text, ...attributes } = {}, ...children) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

async function post(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { ok: response.ok, body: await response.json() };
}
