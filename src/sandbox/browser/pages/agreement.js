// The agreement widget: tells the shop's page whether the required terms are agreed to.

const TERMS = [
  { id: "payment-service", required: true, text: "[필수] 결제 서비스 이용 약관 동의" },
  { id: "personal-data", required: true, text: "[필수] 개인정보 수집·이용 동의" },
  { id: "benefits", required: false, text: "[선택] 혜택 알림 받기" },
];

const all = document.getElementById("all");
const boxes = TERMS.map(({ text }) => {
  const box = element("input", { type: "checkbox" });
  box.checked = FACTS.termsStartAgreed;
  document.getElementById("terms").append(element("label", {}, box, element("span", { text })));
  return box;
});

function tell(changed) {
  all.checked = boxes.every((box) => box.checked);
  all.indeterminate = !all.checked && boxes.some((box) => box.checked);
  const agreements = TERMS.map(({ id, required }, at) => ({
    term: { id, required },
    agreed: boxes[at].checked,
  }));
  const agreedRequiredTerms = agreements.every(({ term, agreed }) => agreed || !term.required);
  tellShop({ type: "state", state: { event: { agreedRequiredTerms, agreements } }, changed });
}

all.addEventListener("change", () => {
  for (const box of boxes) box.checked = all.checked;
  tell(true);
});
document.getElementById("terms").addEventListener("change", () => tell(true));
document.getElementById("form").addEventListener("submit", (event) => event.preventDefault());

keepHeight(document.getElementById("page"));
tell(false);
