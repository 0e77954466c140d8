// The sandbox's own page: reads the control API and shows it as tables, as text alone.

const ROWS_MAX = 200;

const TABLES = {
  faults: {
    columns: {
      id: "번호", kind: "종류", when: "때", call: "호출", orderId: "주문", paymentKey: "결제",
      times: "남은 횟수", code: "코드", status: "상태", delayMs: "늦춤(ms)",
    },
    empty: "없어요.",
  },
  payments: {
    columns: {
      requestedAt: "요청", orderId: "주문", orderName: "이름", totalAmount: "금액",
      balanceAmount: "남은 금액", status: "상태", method: "수단", failureCode: "실패",
      paymentKey: "결제 키", clientKey: "클라이언트 키",
    },
    empty: "아직 결제가 없어요.",
  },
  calls: {
    columns: {
      at: "시각", method: "메서드", path: "경로", status: "답", code: "코드", replayed: "되풀이",
      fault: "장애", orderId: "주문", paymentKey: "결제 키", idempotencyKey: "멱등키",
      traceId: "추적",
    },
    empty: "아직 호출이 없어요.",
  },
  assumptions: {
    columns: { about: "무엇", chosen: "여기서는", source: "근거" },
    empty: "없어요.",
  },
};

async function show(name) {
  const { columns, empty } = TABLES[name];
  const response = await fetch(`/__sandbox/${name}`);
  let rows = (await response.json())[name];
  if (name === "calls") rows = rows.reverse();
  const head = element("tr", {}, ...Object.values(columns).map((text) => element("th", { text, scope: "col" })));
  const lines = rows.slice(0, ROWS_MAX).map((row) =>
    element("tr", {}, ...Object.keys(columns).map((key) => element("td", { text: row[key] ?? "" }))),
  );
  document.getElementById(name).replaceChildren(
    rows.length
      ? element("table", {}, element("thead", {}, head), element("tbody", {}, ...lines))
      : element("p", { class: "hint", text: empty }),
  );
}

async function showAll() {
  const clock = await (await fetch("/__sandbox/clock")).json();
  document.getElementById("clock").textContent = clock.now.replace("T", " ").replace("+09:00", "");
  await Promise.all(Object.keys(TABLES).map(show));
}

document.getElementById("clear").addEventListener("click", async () => {
  await fetch("/__sandbox/faults", { method: "DELETE" });
  await show("faults");
});

showAll();
setInterval(() => {
  if (document.visibilityState === "visible") showAll();
}, 3_000);
