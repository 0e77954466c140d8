// The small windows of the wallet: each is confirmed, refused or closed (Toss: sdk.md §6).

const ACTIONS = {
  addPaymentMethod: ["결제수단 추가", "이 상점의 브랜드페이에 결제수단을 추가해요."],
  changePassword: ["비밀번호 바꾸기", "브랜드페이 결제 비밀번호를 바꿔요."],
  openSettings: ["브랜드페이 설정", "결제수단과 비밀번호를 관리해요."],
  requestBillingAuth: ["자동결제 등록", "브랜드페이에 등록한 결제수단으로 상점이 정해진 날에 결제해요."],
  changeOneTouchPay: ["원터치결제 설정", "비밀번호 없이 한 번에 결제하도록 바꿔요."],
};
// The SDK has the sentences.
const REFUSALS = [
  "NEED_AGREEMENT_WITH_TERMS", "NEED_MERCHANT_ONE_TOUCH_SETTING", "NOT_REGISTERED_REDIRECT_URL", "UNKNOWN",
].map((code) => ({ code }));

async function settle() {
  byId("settle").disabled = true;
  const refused = await recognise();
  if (refused) {
    byId("settle").disabled = false;
    return problem(refused.message);
  }
  tellShop({ type: "done" });
}

const [title, lead] = ACTIONS[told.action] ?? ACTIONS.openSettings;
byId("title").textContent = title;
byId("lead").textContent = lead;
byId("form").addEventListener("submit", (event) => {
  event.preventDefault();
  settle();
});
offerWaysOut({ leaving: closeWindow, declines: REFUSALS });
byId("settle").focus({ preventScroll: true });
