// The payment window: opens the payment, lets a person decide its fate, and goes back to the
// shop with it (Toss: sdk.md §4).

const MIXES = {
  CARD: "카드", CARD_POINTS: "카드 + 포인트", BALANCE: "계좌·머니",
  BALANCE_POINTS: "계좌·머니 + 포인트", POINTS: "포인트",
};
// What may happen once the buyer has paid; as the control API calls it.
const TROUBLES = {
  none: { text: "아무 일 없음" },
  tamper: { text: "돌아갈 주소의 금액이 바뀜" },
  refuse: { text: "승인이 거절됨", fault: () => ({ kind: "refuse", code: value("code") }) },
  loseBefore: { text: "승인 전에 답이 사라짐", fault: () => ({ kind: "lose", when: "before" }) },
  loseAfter: { text: "승인된 뒤에 답이 사라짐", fault: () => ({ kind: "lose", when: "after" }) },
  slow: {
    text: "승인이 느림",
    fault: () => ({ kind: "delay", when: "before", delayMs: Number(value("seconds")) * 1000 }),
  },
  failBefore: { text: "승인 전에 서버 오류 (500)", fault: () => ({ kind: "fail", when: "before" }) },
  failAfter: { text: "승인된 뒤에 서버 오류 (500)", fault: () => ({ kind: "fail", when: "after" }) },
  expire: { text: "승인하기 전에 10분이 지남" },
};
const MESSAGES = {
  PAY_PROCESS_CANCELED: "사용자에 의해 결제가 취소되었습니다.",
  PAY_PROCESS_ABORTED: "결제 진행 중 승인에 실패하여 결제가 중단되었습니다.",
};

const byId = (id) => document.getElementById(id);
const value = (id) => byId(id).value;
const inFrame = embedded && told.mode === "iframe";
let paymentKey = null;

function fill(id, options) {
  byId(id).append(
    ...options.map(([value, text]) => element("option", { value, text })),
  );
}

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

function leave(address, parts) {
  const url = withQuery(address, parts);
  if (!["http:", "https:"].includes(new URL(url).protocol)) return;
  byId("form").inert = true;
  if (inFrame) tellShop({ type: "leave", url });
  else location.replace(url);
}

function succeed(result) {
  const { paymentType, orderId, amount } = result;
  if (!told.successUrl) {
    tellShop({ type: "done", result: { paymentType, paymentKey, orderId, amount: told.amount } });
    return;
  }
  const claimed = value("trouble") === "tamper" ? Number(value("tampered")) : amount;
  leave(told.successUrl, { paymentType, orderId, paymentKey, amount: claimed });
}

// Without a failUrl the shop waits for a promise.
function goBack(code, message, orderId) {
  if (!told.failUrl) {
    tellShop({ type: "refused", code, message });
    return;
  }
  leave(told.failUrl, { code, message, ...(orderId && { orderId }) });
}

function close() {
  if (inFrame && !(byId("to-fail-url").checked && told.failUrl)) {
    tellShop({ type: "refused", code: "USER_CANCEL" });
    return;
  }
  // Toss leaves the order id out when the buyer cancels.
  goBack("PAY_PROCESS_CANCELED", MESSAGES.PAY_PROCESS_CANCELED);
}

async function pay() {
  const method = value("method");
  const body = { paymentKey, method };
  if (method === "CARD") {
    if (!value("company")) return problem("카드사를 선택해 주세요.");
    body.cardCompany = value("company");
    body.installmentMonths = Number(value("months"));
  } else {
    body.mix = value("mix");
  }
  const trouble = TROUBLES[value("trouble")];
  if (trouble.fault) body.fault = trouble.fault();
  if (value("trouble") === "expire") body.expire = true;
  byId("pay").disabled = true;
  problem("");
  const answer = await post("/v2/window/authenticate", body);
  if (answer.ok) return succeed(answer.body);
  byId("pay").disabled = false;
  problem(answer.body.message);
}

async function open() {
  const answer = await post("/v2/window/open", {
    clientKey: told.clientKey,
    orderId: told.orderId,
    orderName: told.orderName,
    amount: told.amount?.value,
    currency: told.amount?.currency,
    taxFreeAmount: told.taxFreeAmount,
    taxExemptionAmount: told.taxExemptionAmount,
    metadata: told.metadata,
  });
  if (answer.ok) {
    paymentKey = answer.body.paymentKey;
    byId("pay").disabled = false;
    byId("pay").focus({ preventScroll: true });
    return;
  }
  const { code, message } = answer.body;
  problem(`결제창을 열 수 없어요. ${message}`);
  byId("cancel").textContent = "돌아가기";
  leaving = () => goBack(code, message, told.orderId);
}

let leaving = close;

function show() {
  const isCard = value("method") === "CARD";
  for (const part of document.querySelectorAll("[data-for]")) {
    part.hidden = (part.dataset.for === "card") !== isCard;
  }
  for (const part of document.querySelectorAll("[data-trouble]")) {
    part.hidden = part.dataset.trouble !== value("trouble");
  }
}

function build() {
  document.body.classList.toggle("embedded", embedded);
  const { amount = { value: 0 }, choice } = told;
  byId("amount").textContent = won(amount.value, amount.currency);
  byId("name").textContent = told.orderName ?? "";
  byId("pay").textContent = `${won(amount.value, amount.currency)} 결제하기`;
  byId("pay").disabled = true;
  fill("method", [["CARD", "카드"], ...FACTS.easyPays.map(({ code, korean }) => [code, korean])]);
  fill("company", [["", "카드사 선택"], ...FACTS.companies.map(({ code, korean }) => [code, korean])]);
  const plans = [...Array(13).keys()].filter((count) => count !== 1);
  fill("months", plans.map((count) => [String(count), count ? `${count}개월` : "일시불"]));
  byId("months").disabled = !(amount.currency === "KRW" && amount.value >= 50_000);
  fill("mix", Object.entries(MIXES));
  fill("reason", FACTS.declines.map(({ code, message }) => [code, `${message} (${code})`]));
  fill("trouble", Object.entries(TROUBLES).map(([name, { text }]) => [name, text]));
  fill("code", FACTS.confirmCodes.map((code) => [code, code]));
  byId("method").value = choice?.event?.code ?? "CARD";
  byId("company").value = choice?.card?.company ?? "";
  byId("months").value = String(choice?.card?.months ?? 0);
  byId("to-fail-url").checked = !FACTS.iframeCloseRejects;
  byId("to-fail-url").closest("label").hidden = !inFrame || !told.failUrl;
  show();
}

build();
byId("form").addEventListener("change", show);
byId("form").addEventListener("submit", (event) => {
  event.preventDefault();
  pay();
});
byId("close").addEventListener("click", () => leaving());
byId("cancel").addEventListener("click", () => leaving());
byId("decline").addEventListener("click", () => {
  const { code, message } = FACTS.declines[byId("reason").selectedIndex];
  goBack(code, message, told.orderId);
});
byId("abort").addEventListener("click", () =>
  goBack("PAY_PROCESS_ABORTED", MESSAGES.PAY_PROCESS_ABORTED, told.orderId),
);
addEventListener("keydown", (event) => {
  if (event.key === "Escape") leaving();
});
hearShop((message) => {
  if (message.type === "close") leaving();
});
open();
