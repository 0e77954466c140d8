// The forms: what can be asked of the sandbox. A link such as `#fault?kind=lose&when=after` fills
// one in; only the person in front of the page sends it.

const KINDS = {
  refuse: "거절 (코드 지정)", fail: "5xx 응답", lose: "응답 없이 끊김", delay: "늦은 응답",
  hold: "풀어 줄 때까지 붙잡음", cut: "본문이 중간에 끊김", wrongAmount: "다른 금액을 응답",
  unknownField: "모르는 필드", unknownStatus: "모르는 상태값", unknownCode: "모르는 에러 코드",
  rateLimit: "호출 한도 초과 (429)",
};
const TRICKS = {
  early: "승인 응답보다 먼저 도착", delay: "늦게 (샌드박스 시계)", repeat: "한꺼번에 여러 번",
  reorder: "모아서 거꾸로", drop: "보내지 않음", unknownEvent: "모르는 이벤트 종류",
  unknownField: "모르는 필드", wrongSecret: "틀린 secret이나 서명", reversal: "입금 뒤 은행이 되돌림",
};
const EVENTS = [
  "PAYMENT_STATUS_CHANGED", "DEPOSIT_CALLBACK", "CANCEL_STATUS_CHANGED", "BILLING_DELETED",
  "METHOD_UPDATED", "CUSTOMER_STATUS_CHANGED", "ORDER_PAYMENT_STATUS_CHANGED",
  "payout.changed", "seller.changed", "ars-reservation.changed",
];
const CALLS = {
  any: "모든 호출", confirm: "승인", read: "조회", cancel: "취소", keyIn: "키인 결제", virtualAccount: "가상계좌 발급",
  billingIssue: "빌링키 발급", billingCharge: "자동결제", billingDelete: "빌링키 삭제", cashReceipt: "현금영수증",
  transactions: "거래 조회", settlements: "정산", promotions: "프로모션", brandPay: "브랜드페이",
};
const METHODS = {
  CARD: "카드", TOSSPAY: "토스페이", NAVERPAY: "네이버페이", KAKAOPAY: "카카오페이", VIRTUAL_ACCOUNT: "가상계좌",
  TRANSFER: "계좌이체", MOBILE_PHONE: "휴대폰", CULTURE_GIFT_CERTIFICATE: "문화상품권",
  BOOK_GIFT_CERTIFICATE: "도서문화상품권", GAME_GIFT_CERTIFICATE: "게임문화상품권",
};
const same = (words) => Object.fromEntries(words.map((word) => [word, word]));
const optional = (words, text) => ({ "": text, ...words });
const forKinds = (...kinds) => (values) => kinds.includes(values.kind);
const WHICH = [
  { name: "orderId", label: "주문번호 (비우면 모두)" },
  { name: "paymentKey", label: "결제 키 (비우면 모두)" },
  { name: "times", label: "횟수", type: "number", min: 1 },
  { name: "probability", label: "확률 (0~1)", type: "number", min: 0, step: "0.000001" },
];

const FORMS = {
  fault: {
    path: "faults", submit: "장애 걸기", done: "장애를 걸었어요.",
    fields: [
      { name: "kind", label: "종류", choices: KINDS },
      { name: "call", label: "호출", choices: CALLS },
      { name: "when", label: "때", choices: { before: "효과 전", after: "효과 뒤" }, only: forKinds("fail", "lose", "delay", "hold") },
      { name: "code", label: "코드", value: "REJECT_CARD_COMPANY", only: forKinds("refuse") },
      { name: "message", label: "메시지 (비우면 문서대로)", only: forKinds("refuse") },
      { name: "status", label: "HTTP 상태", type: "number", min: 400, max: 599, only: forKinds("refuse", "fail") },
      { name: "delayMs", label: "늦춤 (ms, 실제 시간)", type: "number", min: 1, value: 3000, only: forKinds("delay") },
      { name: "amount", label: "응답할 금액", type: "number", min: 0, only: forKinds("wrongAmount") },
      ...WHICH,
    ],
  },
  "webhook-fault": {
    path: "webhook-faults", submit: "웹훅 장애 걸기", done: "웹훅 장애를 걸었어요.",
    fields: [
      { name: "kind", label: "종류", choices: TRICKS },
      { name: "event", label: "이벤트", choices: optional(same(EVENTS), "모든 이벤트") },
      { name: "delaySeconds", label: "늦춤 (초, 샌드박스 시계)", type: "number", min: 0, value: 60, only: forKinds("delay", "reversal") },
      { name: "copies", label: "더 보낼 횟수", type: "number", min: 1, max: 20, only: forKinds("repeat") },
      { name: "count", label: "모을 개수", type: "number", min: 2, max: 100, only: forKinds("reorder") },
      ...WHICH.map((it) => (it.name === "times" ? { ...it, only: (values) => values.kind !== "reorder" } : it)),
    ],
  },
  event: {
    path: "events", submit: "보내기", done: "이벤트를 보냈어요.",
    fields: [
      { name: "event", label: "이벤트", choices: same(EVENTS) },
      { name: "paymentKey", label: "결제 키 (비우면 없는 결제)", only: (values) => ["PAYMENT_STATUS_CHANGED", "DEPOSIT_CALLBACK"].includes(values.event) },
      { name: "mId", label: "가맹점 (비우면 첫째)", only: (values) => !values.paymentKey },
      { name: "data", label: "바꿀 내용 (JSON)", type: "json", only: (values) => !values.paymentKey },
    ],
  },
  webhook: {
    path: "webhooks", submit: "등록하기", done: "웹훅을 등록했어요.",
    fields: [
      { name: "url", label: "주소 (이 컴퓨터의 주소도 돼요)", type: "url", placeholder: "http://127.0.0.1:3000/webhooks", required: true, wide: true },
      { name: "mId", label: "가맹점 (비우면 모두)" },
      { name: "events", label: "이벤트 (고르지 않으면 모두)", type: "checks", choices: EVENTS, wide: true },
    ],
  },
  clock: {
    path: "clock", submit: "시계 옮기기", done: "시계를 옮겼어요.",
    fields: [
      { name: "advanceSeconds", label: "앞으로 (초)", type: "number", min: 0 },
      { name: "now", label: "이 시각으로 (한국 시간)", type: "datetime-local", step: 1 },
    ],
  },
  latency: {
    path: "latency", submit: "정하기", done: "지연을 정했어요.",
    fields: [{ name: "latencyMs", label: "지연 (ms)", type: "number", min: 0, max: 120000, required: true }],
  },
  authenticate: {
    path: "authenticate", submit: "인증하기", done: "인증했어요. 이제 상점이 승인할 수 있어요.",
    fields: [
      { name: "clientKey", label: "클라이언트 키", required: true, value: "test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm" },
      { name: "orderId", label: "주문번호", required: true },
      { name: "orderName", label: "주문명", required: true, value: "머그컵 외 1건" },
      { name: "amount", label: "금액", type: "number", min: 1, required: true, value: 33000 },
      { name: "method", label: "결제수단", choices: METHODS },
    ],
  },
};

// What a form holds, with nothing in it for what is empty or does not belong to the choice made.
function valuesOf(form, fields) {
  const values = {};
  for (const field of fields) {
    const label = form.querySelector(`[data-field="${field.name}"]`);
    label.hidden = Boolean(field.only && !field.only(values));
    if (label.hidden) continue;
    if (field.type === "checks") {
      const checked = [...label.querySelectorAll("input:checked")].map((input) => input.value);
      if (checked.length > 0) values[field.name] = checked;
      continue;
    }
    const text = form.elements[field.name].value.trim();
    if (text === "") continue;
    if (field.type === "number") values[field.name] = Number(text);
    else if (field.type === "datetime-local") values[field.name] = `${text.length === 16 ? `${text}:00` : text}+09:00`;
    else values[field.name] = text;
  }
  return values;
}

function control(field) {
  const { name, choices, type = "text", value, min, max, step, required, placeholder } = field;
  if (type === "checks") {
    return element("span", { class: "checks" }, ...choices.map((word) =>
      element("label", {}, element("input", { type: "checkbox", name, value: word }), word)));
  }
  if (choices) {
    return element("select", { name }, ...Object.entries(choices).map(([word, text]) => element("option", { value: word, text })));
  }
  if (type === "json") return element("textarea", { name, spellcheck: "false", placeholder: "{\"status\": \"CANCELED\"}" });
  return element("input", { name, type, value, min, max, step, required, placeholder, autocomplete: "off" });
}

function makeForm(name) {
  const { path, submit, done, fields } = FORMS[name];
  const rows = fields.map((field) => {
    const kind = field.type === "checks" ? "div" : "label";
    const wide = field.wide || field.type === "json" ? " wide" : "";
    return element(kind, { class: `field${wide}`, "data-field": field.name }, element("span", { text: field.label }), control(field));
  });
  const send = element("button", { class: "button first", text: submit, "data-key": `send-${name}` });
  const form = element("form", { id: `form-${name}` }, ...rows, send);
  form.addEventListener("input", () => valuesOf(form, fields));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = valuesOf(form, fields);
    if (typeof values.data === "string") {
      try {
        values.data = JSON.parse(values.data);
      } catch {
        tell("바꿀 내용이 JSON이 아니에요.", false);
        return;
      }
    }
    form.querySelector(".prepared")?.remove();
    const link = new URLSearchParams(Object.entries(values).filter(([, value]) => typeof value !== "object"));
    if (await change("POST", path, values, done)) history.replaceState(null, "", `#${name}?${link}`);
  });
  document.querySelector(`[data-form="${name}"]`).append(form);
  valuesOf(form, fields);
}

// Fills the form that a link names. Nothing is sent: see `control/page.rs`.
function followLink() {
  const [name, query] = location.hash.slice(1).split("?");
  if (query === undefined || !Object.hasOwn(FORMS, name)) return;
  const form = document.getElementById(`form-${name}`);
  form.reset();
  for (const [key, value] of new URLSearchParams(query)) {
    const input = form.elements[key];
    if (input instanceof Element) input.value = value;
  }
  valuesOf(form, FORMS[name].fields);
  form.querySelector(".prepared")?.remove();
  form.prepend(element("p", { class: "prepared", text: "링크로 채웠어요. 아래 버튼을 눌러야 적용돼요." }));
  form.closest("details")?.setAttribute("open", "");
  form.scrollIntoView({ block: "center" });
  form.querySelector("button.first").focus({ preventScroll: true });
}
