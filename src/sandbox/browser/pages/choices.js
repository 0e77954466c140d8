// What the buyer chooses in the payment window, as the server wants to be told.

const GROUPS = {
  card: "카드", easy: "간편결제", virtual: "가상계좌", transfer: "계좌이체", phone: "휴대폰",
  gift: "상품권", foreign: "해외결제", brandpay: "브랜드페이",
};
// The methods that stand for a group by themselves.
const GROUP_OF = {
  CARD: "card", VIRTUAL_ACCOUNT: "virtual", TRANSFER: "transfer", MOBILE_PHONE: "phone",
  BRANDPAY: "brandpay", FOREIGN_EASY_PAY: "foreign",
};
const MIXES = {
  CARD: "카드", CARD_POINTS: "카드 + 포인트", BALANCE: "계좌·머니",
  BALANCE_POINTS: "계좌·머니 + 포인트", POINTS: "포인트",
};
const HOURS = [[168, "7일"], [1, "1시간"], [24, "1일"], [72, "3일"], [720, "30일"], [2160, "90일"]];

const amount = told.amount ?? { value: 0, currency: "KRW" };
const first = told.choice ?? {};
const { card, virtualAccount, transfer, carriers } = told.options ?? {};

function groupOf(method) {
  if (GROUP_OF[method]) return GROUP_OF[method];
  if (/_GIFT_CERTIFICATE$/.test(method)) return "gift";
  if (FACTS.foreignEasyPays.some(({ code, korean }) => [code, korean].includes(method))) return "foreign";
  return "easy";
}

// payment() is for one method; its card window has easy pay too, unless it was told where to go.
function groups() {
  if (told.kind === "brandpay") return ["brandpay"];
  if (told.kind === "payment" && told.method !== "CARD") return [groupOf(told.method)];
  if (told.kind === "payment") {
    if (card?.flowMode === "DIRECT") return [card.easyPay ? "easy" : "card"];
    return amount.currency === "KRW" ? ["card", "easy"] : ["card"];
  }
  if (first.method === "BRANDPAY") return ["brandpay"];
  if (amount.currency === "USD") return ["card", "foreign"];
  if (amount.currency !== "KRW") return ["card"];
  return ["card", "easy", "virtual", "transfer", "phone", "gift"];
}

const group = () => document.querySelector("#chips :checked").value;

// The one row with this code or one of these names.
function pick(id, rows, wanted) {
  const found = rows.find((row) => wanted && [row.code, row.korean, row.english].includes(wanted));
  if (found) byId(id).value = found.code;
}

function freeMonths() {
  const company = FACTS.companies.find(({ code }) => code === value("company"));
  const plan = (card?.freeInstallmentPlans ?? []).find((plan) =>
    [company?.code, company?.korean, company?.english].includes(plan.company),
  );
  return plan?.months ?? [];
}

function fillMonths() {
  const before = value("months");
  const fixed = card?.cardInstallmentPlan;
  const most = card?.maxCardInstallmentPlan ?? 12;
  const counts = [0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].filter((count) =>
    fixed === undefined || fixed === null ? count <= most : count === fixed,
  );
  const free = freeMonths();
  byId("months").replaceChildren();
  fill("months", counts.map((count) => [
    String(count),
    count ? `${count}개월${free.includes(count) ? " (무이자)" : ""}` : "일시불",
  ]));
  if (before && counts.includes(Number(before))) byId("months").value = before;
  const plans = amount.currency === "KRW" && amount.value >= PLAN_AMOUNT_MIN;
  byId("months").disabled = !plans;
  if (!plans) byId("months").value = "0";
}

function showChoices() {
  const chosen = group();
  for (const part of document.querySelectorAll("[data-for]")) {
    part.hidden = !part.dataset.for.split(" ").includes(chosen);
  }
  const mix = value("mix");
  byId("easy-card-field").hidden = !mix.startsWith("CARD");
  byId("points-field").hidden = !mix.endsWith("_POINTS");
  byId("receipt-number-field").hidden = value("receipt") === "미발행";
  byId("receipt-number-name").textContent =
    value("receipt") === "지출증빙" ? "사업자등록번호 (숫자만)" : "휴대폰 번호 (숫자만)";
  byId("refund-account").hidden = !byId("refund").checked;
}

function buildChoices() {
  const offered = groups();
  byId("chips").append(
    ...offered.map((name) => {
      const radio = element("input", { type: "radio", name: "group", value: name });
      return element("label", { class: "tile" }, radio, element("span", { text: GROUPS[name] }));
    }),
  );
  byId("groups").hidden = offered.length === 1;
  const start = groupOf(first.method ?? told.method ?? "CARD");
  const radio = document.querySelector(`#chips [value="${offered.includes(start) ? start : offered[0]}"]`);
  radio.checked = true;
  fill("company", [["", "카드사 선택"], ...named(FACTS.companies)]);
  fill("easy-card", named(FACTS.companies));
  for (const id of ["bank", "transfer-bank", "refund-bank"]) fill(id, named(FACTS.banks));
  fill("provider", named(FACTS.easyPays));
  fill("mix", Object.entries(MIXES));
  const due = virtualAccount?.dueDate ? [["", virtualAccount.dueDate.replace("T", " ")]] : HOURS;
  fill("hours", due.map(([hours, text]) => [String(hours), text]));
  const hours = virtualAccount?.validHours;
  if (hours && !HOURS.some(([known]) => known === hours)) fill("hours", [[String(hours), `${hours}시간`]]);
  if (hours) byId("hours").value = String(hours);
  fill("receipt", RECEIPTS);
  fill("carrier", carrierRows(carriers?.length ? carriers : FACTS.carriers));
  fill("gift", GIFTS);
  fill("foreign", named(FACTS.foreignEasyPays));
  fillMonths();
  prefill();
  // A company may have plans of its own.
  byId("company").addEventListener("change", fillMonths);
  byId("form").addEventListener("input", showChoices);
  showChoices();
}

// What was chosen on the shop's page, or settled by the shop.
function prefill() {
  pick("company", FACTS.companies, first.cardCompany);
  // The shop has said where to go.
  byId("company").disabled = card?.flowMode === "DIRECT" && value("company") !== "";
  byId("provider").disabled = card?.flowMode === "DIRECT" && Boolean(card.easyPay);
  fillMonths();
  if (first.installmentMonths) byId("months").value = String(first.installmentMonths);
  pick("provider", FACTS.easyPays, first.method);
  pick("foreign", FACTS.foreignEasyPays, first.method);
  pick("bank", FACTS.banks, first.bank);
  pick("transfer-bank", FACTS.banks, first.bank);
  byId("card-point").checked = card?.useCardPoint === true;
  const receipt = first.cashReceipt ?? virtualAccount?.cashReceipt ?? transfer?.cashReceipt;
  byId("receipt").value = receipt?.type ?? "미발행";
  byId("receipt-number").value = told.customerMobilePhone ?? "";
  byId("depositor").value = told.customerName ?? "";
  byId("phone").value = told.customerMobilePhone ?? "";
  if (first.carrier) byId("carrier").value = first.carrier;
  if (/_GIFT_CERTIFICATE$/.test(first.method)) byId("gift").value = first.method;
  if (!first.refundReceiveAccount) return;
  const { bank, accountNumber, holderName } = first.refundReceiveAccount;
  byId("refund").checked = true;
  pick("refund-bank", FACTS.banks, bank);
  byId("refund-number").value = accountNumber;
  byId("refund-holder").value = holderName;
}

function cashReceipt() {
  const type = value("receipt");
  if (type === "미발행") return undefined;
  return { type, registrationNumber: value("receipt-number").trim() || undefined };
}

const accountChoices = (settled) => ({
  cashReceipt: cashReceipt(),
  useEscrow: settled?.useEscrow ?? undefined,
  isCulturalExpenses: settled?.isCulturalExpenses ?? undefined,
});

// What is sent for each group. One that is not whole says in a sentence what is missing.
const CHOICES = {
  card() {
    if (!value("company")) return { missing: "카드사를 선택해 주세요." };
    const months = Number(value("months"));
    return {
      method: "CARD",
      cardCompany: value("company"),
      installmentMonths: months,
      interestFree: freeMonths().includes(months),
      useCardPoint: byId("card-point").checked,
      checkCard: value("card-kind") === "check",
      corporate: value("card-kind") === "corporate",
    };
  },
  easy() {
    const mix = value("mix");
    return {
      method: value("provider"),
      mix,
      points: mix.endsWith("_POINTS") ? Number(value("points")) : undefined,
      cardCompany: mix.startsWith("CARD") ? value("easy-card") : undefined,
    };
  },
  virtual() {
    const refundReceiveAccount = byId("refund").checked
      ? {
          bank: value("refund-bank"),
          accountNumber: value("refund-number").trim(),
          holderName: value("refund-holder").trim(),
        }
      : undefined;
    if (refundReceiveAccount && !(refundReceiveAccount.accountNumber && refundReceiveAccount.holderName)) {
      return { missing: "환불받을 계좌를 모두 적어 주세요." };
    }
    return {
      method: "VIRTUAL_ACCOUNT",
      bank: value("bank"),
      customerName: value("depositor").trim() || undefined,
      ...(value("hours") ? { validHours: Number(value("hours")) } : { dueDate: virtualAccount.dueDate }),
      ...accountChoices(virtualAccount),
      refundReceiveAccount,
    };
  },
  transfer: () => ({ method: "TRANSFER", bank: value("transfer-bank"), ...accountChoices(transfer) }),
  phone() {
    const customerMobilePhone = value("phone").trim();
    if (!/^\d{8,15}$/.test(customerMobilePhone)) {
      return { missing: "휴대폰 번호를 숫자 8~15자리로 적어 주세요." };
    }
    return { method: "MOBILE_PHONE", carrier: value("carrier"), customerMobilePhone };
  },
  gift: () => ({ method: value("gift") }),
  foreign: () => ({ method: value("foreign") }),
  brandpay: () => ({ method: "BRANDPAY" }),
};

const chosenMethod = () => CHOICES[group()]();
