// The choice of a method: what is chosen, whether it is whole, and what stands in its way.

const TILES = {
  CARD: { name: "카드", mark: "▭", color: "#4e5968" },
  TOSSPAY: { name: "토스페이", mark: "t", color: "#1b64da" },
  NAVERPAY: { name: "네이버페이", mark: "N", color: "#037c3a" },
  KAKAOPAY: { name: "카카오페이", mark: "K", color: "#3a2929" },
  PAYCO: { name: "페이코", mark: "P", color: "#d22030" },
  SAMSUNGPAY: { name: "삼성페이", mark: "S", color: "#1428a0" },
  OTHER: { name: "다른 간편결제", mark: "＋", color: "#4e5968" },
  TRANSFER: { name: "계좌이체", mark: "₩", color: "#0b6e82" },
  VIRTUAL_ACCOUNT: { name: "가상계좌", mark: "#", color: "#6b4ea8" },
  MOBILE_PHONE: { name: "휴대폰", mark: "☎", color: "#8a5a00" },
  GIFT: { name: "상품권", mark: "★", color: "#b03a5b" },
  BRANDPAY: { name: "브랜드페이", mark: "B", color: "#2b4a8b" },
};
// Tiles that go wrong when they are to pay, and with which code.
const TROUBLESOME = {
  SANDBOX_CUSTOM_METHOD: { name: "상점 직접 결제", obstacle: "CUSTOM_PAYMENT_METHOD_UNABLE_TO_PAY" },
  PINPAY: { name: "핀페이 (점검 중)", obstacle: "PROVIDER_STATUS_UNHEALTHY" },
  KBPAY: { name: "KB Pay (시험 불가)", obstacle: "UNSUPPORTED_TEST_PHASE_PAYMENT_METHOD" },
  LATE: { name: "가상계좌 (기한 초과)", code: "VIRTUAL_ACCOUNT", obstacle: "EXCEED_MAX_DUE_DATE" },
};
function startMethods({ variant, brandpay, amount: first }, tell) {
  const byId = (id) => document.getElementById(id);
  const tiles = byId("tiles");
  const shown = Object.keys(TILES).filter((code) => FACTS.easyPays.some((it) => it.code === code));
  const others = FACTS.easyPays.filter(({ code }) => !shown.includes(code));
  let amount = first ?? { value: 0, currency: "KRW" };

  function offered() {
    if (variant === "SANDBOX") return ["CARD", "VIRTUAL_ACCOUNT", ...Object.keys(TROUBLESOME)];
    if (amount.currency === "USD") return ["CARD", ...FACTS.foreignEasyPays.map(({ code }) => code)];
    if (amount.currency !== "KRW") return ["CARD"];
    return Object.keys(TILES).filter((code) => code !== "BRANDPAY" || brandpay);
  }

  function tileOf(code) {
    const foreign = FACTS.foreignEasyPays.find((it) => it.code === code);
    const name = TROUBLESOME[code]?.name ?? foreign?.korean ?? code;
    return TILES[code] ?? { name, mark: code[0], color: "#4e5968" };
  }

  const chosen = () => tiles.querySelector(":checked")?.value;
  const trouble = () => (variant === "SANDBOX" ? TROUBLESOME[chosen()] : undefined);
  const isForeign = () => FACTS.foreignEasyPays.some(({ code }) => code === chosen());

  // The method's code as Toss spells it: some tiles stand for several.
  function code() {
    if (chosen() === "GIFT") return byId("gift").value;
    if (chosen() === "OTHER") return byId("other").value;
    return trouble()?.code ?? chosen();
  }

  function refundAccount() {
    if (!byId("refund").checked) return undefined;
    return {
      bank: byId("refund-bank").value,
      accountNumber: byId("refund-number").value.trim(),
      holderName: byId("refund-holder").value.trim(),
    };
  }

  const receipt = (id) => (byId(id).value === "미발행" ? undefined : { type: byId(id).value });

  // In the words of the window's call.
  function choice() {
    const method = code();
    if (method === "CARD") {
      return { method, cardCompany: byId("company").value, installmentMonths: Number(byId("months").value) };
    }
    if (method === "VIRTUAL_ACCOUNT") {
      const refundReceiveAccount = refundAccount();
      return { method, bank: byId("deposit-bank").value, cashReceipt: receipt("deposit-receipt"), refundReceiveAccount };
    }
    if (method === "TRANSFER") {
      return { method, bank: byId("transfer-bank").value, cashReceipt: receipt("transfer-receipt") };
    }
    if (method === "MOBILE_PHONE") return { method, carrier: byId("carrier").value };
    return { method };
  }

  // The code with which the script refuses to open the window.
  function obstacle() {
    const method = code();
    if (trouble()) return trouble().obstacle;
    if (method === "CARD" && !byId("company").value) return "NEED_CARD_PAYMENT_DETAIL";
    if (method !== "VIRTUAL_ACCOUNT") return null;
    if (amount.value > FACTS.depositAmountMax) return "EXCEED_DEPOSIT_AMOUNT_LIMIT";
    const { accountNumber, holderName } = refundAccount() ?? { accountNumber: "0", holderName: "-" };
    return /^\d{1,20}$/.test(accountNumber) && holderName ? null : "NEED_REFUND_ACCOUNT_DETAIL";
  }

  function state() {
    return { event: { code: code() }, choice: choice(), obstacle: obstacle(), isForeign: isForeign() };
  }

  function show() {
    const method = chosen();
    const panels = [...document.querySelectorAll("[data-panel]")];
    const known = panels.some(({ dataset }) => dataset.panel === method);
    for (const panel of panels) panel.hidden = panel.dataset.panel !== (known ? method : "EASY");
    const { name } = tileOf(method);
    byId("easy").textContent = trouble()
      ? `결제하기를 누르면 ${trouble().obstacle} 에러가 나요.`
      : `${name}에 등록한 결제수단으로 결제해요. 결제하기를 누르면 ${name} 창이 열려요.`;
    byId("refund-account").hidden = !byId("refund").checked;
    const plans = amount.currency === "KRW" && amount.value >= PLAN_AMOUNT_MIN;
    byId("months").disabled = !plans;
    if (!plans) byId("months").value = "0";
    byId("plan").textContent = plans
      ? "할부 개월은 카드사에 따라 다를 수 있어요."
      : amount.currency === "KRW"
        ? `할부는 ${won(PLAN_AMOUNT_MIN)}부터 할 수 있어요.`
        : "할부는 원화로만 할 수 있어요.";
  }

  function build() {
    const before = chosen();
    const codes = offered();
    if ([...tiles.querySelectorAll("input")].map(({ value }) => value).join() === codes.join()) return;
    tiles.replaceChildren(
      ...codes.map((code) => {
        const { name, mark, color } = tileOf(code);
        const radio = element("input", { type: "radio", name: "method", value: code });
        const sign = element("span", { class: "mark", "aria-hidden": "true", text: mark });
        sign.style.background = color;
        return element("label", { class: "tile" }, radio, sign, element("span", { text: name }));
      }),
    );
    const kept = codes.includes(before) ? before : codes[0];
    tiles.querySelector(`[value="${kept}"]`).checked = true;
  }

  fill("company", named(FACTS.companies));
  const counts = [...Array(13).keys()].filter((count) => count !== 1);
  fill("months", counts.map((count) => [String(count), count ? `${count}개월` : "일시불"]));
  for (const id of ["deposit-bank", "transfer-bank", "refund-bank"]) {
    fill(id, named(FACTS.banks));
  }
  for (const id of ["deposit-receipt", "transfer-receipt"]) fill(id, RECEIPTS);
  fill("carrier", carrierRows(FACTS.carriers));
  fill("gift", GIFTS);
  fill("other", named(others));
  build();
  show();

  byId("methods").addEventListener("input", (event) => {
    show();
    tell(state(), event.target.name === "method" || ["gift", "other"].includes(event.target.id));
  });
  byId("methods").addEventListener("submit", (event) => event.preventDefault());

  return {
    state,
    setAmount(told) {
      const before = code();
      amount = told;
      build();
      show();
      tell(state(), code() !== before);
    },
  };
}
