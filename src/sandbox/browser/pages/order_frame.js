// The order window: methods and terms together, with a button of its own (Toss: sdk.md §3.4).

const pay = document.getElementById("pay");
const state = () => ({ methods: methods.state(), agreement: agreement.state() });
const tellState = () => tellShop({ type: "state", state: state() });
const agreement = startAgreement(tellState);
const methods = startMethods(told, tellState);

function showAmount({ value, currency }) {
  document.getElementById("amount").textContent = won(value, currency);
  pay.textContent = `${won(value, currency)} 결제하기`;
}

const PROBLEMS = {
  NEED_CARD_PAYMENT_DETAIL: "카드사를 선택해 주세요.",
  NEED_REFUND_ACCOUNT_DETAIL: "환불받을 계좌를 모두 적어 주세요.",
};

pay.addEventListener("click", () => {
  const agreed = agreement.state().event.agreedRequiredTerms;
  const problem = agreed ? PROBLEMS[methods.state().obstacle] : "필수 약관에 동의해 주세요.";
  document.getElementById("problem").textContent = problem ?? "";
  if (!problem) tellShop({ type: "pay" });
});
answerShop(state);
document.getElementById("close").addEventListener("click", () => tellShop({ type: "cancel" }));
addEventListener("keydown", (event) => {
  if (event.key === "Escape") tellShop({ type: "cancel" });
});
hearShop((message) => {
  if (message.type === "close") tellShop({ type: "cancel" });
  if (message.type !== "amount") return;
  showAmount(message.amount);
  methods.setAmount(message.amount);
});
document.body.classList.toggle("embedded", embedded);
showAmount(told.amount ?? { value: 0, currency: "KRW" });
knowClient(told.clientKey).then((known) => {
  if (!known) return tellShop({ type: "refused", code: "INVALID_CLIENT_KEY" });
  tellState();
  document.querySelector("#tiles :checked").focus({ preventScroll: true });
});
