// The payment window: opens the payment, lets a person decide its fate, and goes back to the
// shop with it.

// What may happen once the buyer has paid; as the control API calls it.
const TROUBLES = {
  none: { text: "아무 일 없음" },
  tamper: { text: "돌아갈 주소의 금액이 바뀜" },
  twice: { text: "돌아가기를 두 번 함 (새 탭에서도)" },
  refuse: { text: "승인이 거절됨", fault: () => ({ kind: "refuse", code: value("code") }) },
  loseBefore: { text: "승인 전에 답이 사라짐", fault: () => ({ kind: "lose", when: "before" }) },
  loseAfter: { text: "승인된 뒤에 답이 사라짐", fault: () => ({ kind: "lose", when: "after" }) },
  slow: {
    text: "승인이 느림",
    fault: () => ({ kind: "delay", when: "before", delayMs: Number(value("seconds")) * 1000 }),
  },
  failBefore: { text: "승인 전에 서버 오류 (500)", fault: () => ({ kind: "fail", when: "before" }) },
  failAfter: { text: "승인된 뒤에 서버 오류 (500)", fault: () => ({ kind: "fail", when: "after" }) },
  cut: { text: "승인의 답이 중간에서 끊김", fault: () => ({ kind: "cut" }) },
  wrongAmount: { text: "승인의 답에 다른 금액이 옴", fault: () => ({ kind: "wrongAmount", amount: 1 }) },
  unknownField: { text: "승인의 답에 모르는 항목이 있음", fault: () => ({ kind: "unknownField" }) },
  unknownStatus: { text: "승인의 답에 모르는 상태가 옴", fault: () => ({ kind: "unknownStatus" }) },
  rateLimit: { text: "호출이 너무 많음 (429)", fault: () => ({ kind: "rateLimit" }) },
  expire: { text: "승인하기 전에 10분이 지남" },
  timeout: { text: "결제하기 전에 30분이 지남" },
};

let paymentKey = null;
let leaving = closeWindow;

function succeed({ paymentType, orderId, amount: stored }) {
  // Only the widgets say what kind of payment it was.
  const kind = told.kind === "widgets" ? { paymentType } : {};
  if (!told.successUrl) {
    tellShop({ type: "done", result: { ...kind, paymentKey, orderId, amount } });
    return;
  }
  const claimed = value("trouble") === "tamper" ? Number(value("tampered")) : stored;
  const parts = { ...kind, orderId, paymentKey, amount: claimed };
  const twin = value("trouble") === "twice" && safe(withQuery(told.successUrl, parts));
  if (twin) open(twin, "_blank", "noopener");
  leave(told.successUrl, parts);
}

async function pay() {
  const { missing, ...choice } = chosenMethod();
  if (missing) return problem(missing);
  const body = { paymentKey, ...choice };
  const trouble = value("trouble");
  if (TROUBLES[trouble].fault) body.fault = TROUBLES[trouble].fault();
  if (trouble === "expire") body.expire = true;
  byId("pay").disabled = true;
  problem("");
  const refused = group() === "brandpay" && (await recognise({ first: true }));
  if (refused) {
    byId("pay").disabled = false;
    return problem(refused.message);
  }
  if (trouble === "timeout") await post(`/__sandbox/payments/${paymentKey}/expire`, {});
  const answer = await post("/v2/window/authenticate", body);
  if (answer.ok) return succeed(answer.body);
  if (answer.body.code === "NOT_FOUND_PAYMENT_SESSION") return stuck(answer.body, "결제 시간이 지났어요.");
  byId("pay").disabled = false;
  problem(answer.body.message);
}

// There is only the way back, with the reason.
function stuck({ code, message }, sentence) {
  problem(`${sentence} ${message}`);
  byId("cancel").textContent = "돌아가기";
  leaving = () => goBack(code, message, told.orderId);
  byId("cancel").focus();
}

async function openPayment() {
  const answer = await post("/v2/window/open", {
    clientKey: told.clientKey,
    orderId: told.orderId,
    orderName: told.orderName,
    amount: amount.value,
    currency: amount.currency,
    taxFreeAmount: told.taxFreeAmount,
    taxExemptionAmount: told.taxExemptionAmount,
    metadata: told.metadata,
    customerKey: told.customerKey,
    // Empty is nothing.
    customerName: told.customerName || undefined,
    customerEmail: told.customerEmail || undefined,
    customerMobilePhone: told.customerMobilePhone || undefined,
    paymentType: groups()[0] === "brandpay" ? "BRANDPAY" : "NORMAL",
  });
  if (!answer.ok) return stuck(answer.body, "결제창을 열 수 없어요.");
  paymentKey = answer.body.paymentKey;
  byId("pay").disabled = false;
  byId("pay").focus({ preventScroll: true });
}

function showTrouble() {
  for (const part of document.querySelectorAll("[data-trouble]")) {
    part.hidden = part.dataset.trouble !== value("trouble");
  }
}

byId("amount").textContent = won(amount.value, amount.currency);
byId("name").textContent = told.orderName ?? "";
byId("pay").textContent = `${won(amount.value, amount.currency)} 결제하기`;
byId("pay").disabled = true;
buildChoices();
fill("trouble", Object.entries(TROUBLES).map(([name, { text }]) => [name, text]));
fill("code", FACTS.confirmCodes.map((code) => [code, code]));
byId("to-fail-url").checked = !FACTS.iframeCloseRejects;
byId("to-fail-url").closest("label").hidden = !inFrame || !told.failUrl;
showTrouble();
byId("form").addEventListener("change", showTrouble);
byId("form").addEventListener("submit", (event) => {
  event.preventDefault();
  pay();
});
offerWaysOut({
  leaving: () => leaving(),
  declines: told.kind === "brandpay" ? FACTS.brandpayDeclines : FACTS.declines,
  orderId: told.orderId,
});
openPayment();
