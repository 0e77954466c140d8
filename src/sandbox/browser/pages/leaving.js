// The ways out of a window: to successUrl, to failUrl, or back to the shop's script
// (Toss: sdk.md §4).

const MESSAGES = {
  PAY_PROCESS_CANCELED: "사용자에 의해 결제가 취소되었습니다.",
  PAY_PROCESS_ABORTED: "결제 진행 중 승인에 실패하여 결제가 중단되었습니다.",
};

const byId = (id) => document.getElementById(id);
const value = (id) => byId(id).value;
const inFrame = embedded && told.mode === "iframe";

function problem(text) {
  byId("problem").textContent = text;
}

// Adds to an address what was not in it, and leaves what was.
function withQuery(address, parts) {
  const [rest, hash] = address.split("#", 2);
  const query = Object.entries(parts)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("&");
  const joint = !rest.includes("?") ? "?" : /[?&]$/.test(rest) ? "" : "&";
  return `${rest}${joint}${query}${hash === undefined ? "" : `#${hash}`}`;
}

// The address, if a browser may be sent there.
function safe(url) {
  try {
    return ["http:", "https:"].includes(new URL(url).protocol) ? url : null;
  } catch {
    return null;
  }
}

function leave(address, parts) {
  const url = safe(withQuery(address, parts));
  if (!url) return;
  byId("form").inert = true;
  if (inFrame) tellShop({ type: "leave", url });
  else location.replace(url);
}

// Without a failUrl the shop waits for a promise.
function goBack(code, message, orderId) {
  if (!told.failUrl) tellShop({ type: "refused", code, message });
  else leave(told.failUrl, { code, message, ...(orderId && { orderId }) });
}

function closeWindow() {
  if (inFrame && !(byId("to-fail-url")?.checked && told.failUrl)) {
    tellShop({ type: "refused", code: "USER_CANCEL" });
    return;
  }
  // Toss leaves the order id out when the buyer cancels.
  goBack("PAY_PROCESS_CANCELED", MESSAGES.PAY_PROCESS_CANCELED);
}

// BrandPay knows the buyer from now on: the shop's redirect address is called with a code, for which
// it gets an access token. `first` is for whom it has none yet alone. Answers why not.
async function recognise({ first = false } = {}) {
  if (!told.redirectUrl || !safe(told.redirectUrl)) return null;
  const { clientKey, customerKey } = told;
  const answer = await post("/v2/window/brandpay", { clientKey, customerKey, first });
  if (!answer.ok) return answer.body;
  const { code } = answer.body;
  if (!code) return null;
  // The shop's answer can't be read from here, and need not be.
  await fetch(withQuery(told.redirectUrl, { code, customerKey }), { mode: "no-cors" }).catch(() => {});
  return null;
}

// The buttons with which a person ends the window without success.
function offerWaysOut({ leaving, declines, orderId }) {
  document.body.classList.toggle("embedded", embedded);
  for (const id of ["close", "cancel"]) byId(id).addEventListener("click", () => leaving());
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") leaving();
  });
  hearShop((message) => {
    if (message.type === "close") leaving();
  });
  fill("reason", declines.map(({ code, message }) => [code, message ?? code]));
  const showCode = () => {
    const { code, message } = declines[byId("reason").selectedIndex];
    byId("reason-code").textContent = message ? code : "";
  };
  showCode();
  byId("reason").addEventListener("change", showCode);
  byId("decline").addEventListener("click", () => {
    const { code, message } = declines[byId("reason").selectedIndex];
    goBack(code, message, orderId);
  });
  byId("abort")?.addEventListener("click", () =>
    goBack("PAY_PROCESS_ABORTED", MESSAGES.PAY_PROCESS_ABORTED, orderId),
  );
}
