// The method widget: tells the shop's page what is chosen, and whether the choice is whole.

const METHODS = [
  { code: "CARD", name: "카드", mark: "▭", color: "#4e5968" },
  { code: "TOSSPAY", name: "토스페이", mark: "t", color: "#1b64da" },
  { code: "NAVERPAY", name: "네이버페이", mark: "N", color: "#037c3a" },
  { code: "KAKAOPAY", name: "카카오페이", mark: "K", color: "#3a2929" },
  { code: "PAYCO", name: "페이코", mark: "P", color: "#d22030" },
  { code: "SAMSUNGPAY", name: "삼성페이", mark: "S", color: "#1428a0" },
];
// Below this no card offers instalments.
const PLAN_AMOUNT_MIN = 50_000;

const company = document.getElementById("company");
const months = document.getElementById("months");
const tiles = document.getElementById("tiles");
let amount = told.amount ?? { value: 0, currency: "KRW" };

function chosen() {
  return tiles.querySelector(":checked")?.value;
}

function state() {
  const code = chosen();
  const isCard = code === "CARD";
  return {
    event: { code },
    complete: !isCard || company.value !== "",
    card: isCard ? { company: company.value, months: Number(months.value) } : null,
  };
}

function tell(changed) {
  tellShop({ type: "state", state: state(), changed });
}

function show() {
  const isCard = chosen() === "CARD";
  document.getElementById("card").hidden = !isCard;
  const easy = document.getElementById("easy");
  easy.hidden = isCard;
  const name = METHODS.find(({ code }) => code === chosen())?.name ?? "";
  easy.textContent = `${name}에 등록한 결제수단으로 결제해요. 결제하기를 누르면 ${name} 창이 열려요.`;
  const plans = amount.currency === "KRW" && amount.value >= PLAN_AMOUNT_MIN;
  months.disabled = !plans;
  if (!plans) months.value = "0";
  document.getElementById("plan").textContent = plans
    ? "할부 개월은 카드사에 따라 다를 수 있어요."
    : `할부는 ${won(PLAN_AMOUNT_MIN)}부터 할 수 있어요.`;
}

for (const { code, name, mark, color } of METHODS) {
  const radio = element("input", { type: "radio", name: "method", value: code });
  radio.checked = code === "CARD";
  const sign = element("span", { class: "mark", "aria-hidden": "true", text: mark });
  sign.style.background = color;
  tiles.append(element("label", { class: "tile" }, radio, sign, element("span", { text: name })));
}
for (const { code, korean } of FACTS.companies) {
  company.append(element("option", { value: code, text: korean }));
}
for (let count = 0; count <= 12; count += 1) {
  if (count === 1) continue;
  const text = count === 0 ? "일시불" : `${count}개월`;
  months.append(element("option", { value: String(count), text }));
}

document.getElementById("form").addEventListener("change", (event) => {
  show();
  tell(event.target.name === "method");
});
document.getElementById("form").addEventListener("submit", (event) => event.preventDefault());
hearShop((message) => {
  if (message.type !== "amount") return;
  amount = message.amount;
  show();
  tell(false);
});

show();
keepHeight(document.getElementById("page"));
fetch(`/v2/client?clientKey=${encodeURIComponent(told.clientKey ?? "")}`).then((response) => {
  if (response.ok) tell(false);
  else tellShop({ type: "refused", code: "INVALID_CLIENT_KEY" });
});
