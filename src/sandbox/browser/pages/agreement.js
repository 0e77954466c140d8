// The terms: whether those that are required are agreed to.

const TERMS = [
  { id: "payment-service", required: true, text: "[필수] 결제 서비스 이용 약관 동의" },
  { id: "personal-data", required: true, text: "[필수] 개인정보 수집·이용 동의" },
  { id: "benefits", required: false, text: "[선택] 혜택 알림 받기" },
];

function startAgreement(tell) {
  const all = document.getElementById("all");
  const boxes = TERMS.map(({ text }) => {
    const box = element("input", { type: "checkbox" });
    box.checked = FACTS.termsStartAgreed;
    const line = element("label", { class: "check" }, box, element("span", { text }));
    document.getElementById("terms").append(line);
    return box;
  });

  function state() {
    all.checked = boxes.every((box) => box.checked);
    all.indeterminate = !all.checked && boxes.some((box) => box.checked);
    const agreements = TERMS.map(({ id, required }, at) => ({
      term: { id, required },
      agreed: boxes[at].checked,
    }));
    const agreedRequiredTerms = agreements.every(({ term, agreed }) => agreed || !term.required);
    return { event: { agreedRequiredTerms, agreements } };
  }

  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    tell(state(), true);
  });
  document.getElementById("terms").addEventListener("change", () => tell(state(), true));
  document.getElementById("agreement").addEventListener("submit", (event) => event.preventDefault());
  return { state };
}
