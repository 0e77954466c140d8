// The window in which a buyer allows later charges: it ends with an authKey for the shop
// (Toss: sdk.md §5.2).

const byCard = told.method !== "TRANSFER";
const OWNERS = { PERSONAL: "개인", CORPORATE: "법인" };
const owners = told.cardTypes?.length ? told.cardTypes : Object.keys(OWNERS);
let leaving = closeWindow;

function company() {
  const wanted = told.cardCompany;
  const found = FACTS.companies.find(({ code, korean, english }) => [code, korean, english].includes(wanted));
  return found?.code ?? "";
}

async function register() {
  if (byCard && !value("company")) return problem("카드사를 선택해 주세요.");
  if (!byId("agreed").checked) return problem("자동결제 이용에 동의해 주세요.");
  byId("register").disabled = true;
  problem("");
  const choice = byCard
    ? {
        cardCompany: value("company"),
        corporate: value("owner") === "CORPORATE",
        checkCard: value("card-kind") === "check",
      }
    : { bank: value("bank") };
  const { clientKey, customerKey, method, customerName, customerEmail } = told;
  const answer = await post("/v2/window/billing", {
    clientKey, customerKey, method, ...choice,
    // Empty is nothing.
    customerName: customerName || undefined,
    customerEmail: customerEmail || undefined,
  });
  if (answer.ok) return leave(told.successUrl, answer.body);
  byId("register").disabled = false;
  const { code, message } = answer.body;
  problem(message);
  byId("cancel").textContent = "돌아가기";
  leaving = () => goBack(code, message);
}

byId("lead").textContent = byCard
  ? "등록한 카드로 상점이 정해진 날에 결제해요."
  : "등록한 계좌에서 상점이 정해진 날에 출금해요.";
byId("by-card").hidden = !byCard;
byId("by-account").hidden = byCard;
fill("company", [["", "카드사 선택"], ...named(FACTS.companies)]);
byId("company").value = company();
fill("owner", owners.map((type) => [type, OWNERS[type] ?? type]));
fill("bank", named(FACTS.banks));
byId("form").addEventListener("submit", (event) => {
  event.preventDefault();
  register();
});
offerWaysOut({ leaving: () => leaving(), declines: FACTS.declines });
byId("register").focus({ preventScroll: true });
