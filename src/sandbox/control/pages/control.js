// The page itself: what it lists, and how it keeps up with the sandbox.

const ROWS_MAX = 100;
const LOOK_EVERY_MS = 2_000;
const GOOD = ["DONE", "success"];
const BAD = ["ABORTED", "EXPIRED", "failed", "dropped"];
const STEPS = { "+1분": 60, "+10분": 600, "+30분": 1_800, "+1시간": 3_600, "+1일": 86_400, "+7일": 604_800, "+15일": 1_296_000 };
const WHAT = { opened: "결제창 열림", authenticated: "구매자 인증", approved: "승인", canceled: "취소", call: "호출", webhook: "웹훅", transaction: "거래" };
const RUNNING = ["READY", "IN_PROGRESS"];
// What a fault by chance is given, so that it strikes until it is removed.
const FOR_EVER = 1_000_000;

function detailOf(line) {
  const it = line.detail ?? {};
  if (line.what === "call") return `${it.method} ${it.path} → ${it.status ?? "응답 없음"} ${it.code ?? ""}${it.fault ? ` (장애: ${it.fault})` : ""}${it.replayed ? " (멱등 응답)" : ""}`;
  if (line.what === "webhook") return `${it.eventType} → ${it.status ?? it.error}${it.retriedCount ? ` (재전송 ${it.retriedCount})` : ""}${it.fault ? ` (장애: ${it.fault})` : ""}`;
  if (line.what === "canceled") return `${money(it.amount)} ${it.reason}`;
  if (line.what === "transaction") return `${it.status} ${money(it.amount)} ${it.transactionKey}`;
  return "";
}

const details = new Map();

const LISTS = {
  payments: {
    empty: "아직 결제가 없어요.", key: (it) => it.paymentKey,
    columns: {
      요청: (it) => time(it.requestedAt),
      주문: (it) => two(it.orderId, it.orderName),
      금액: (it) => two(money(it.totalAmount, it.currency), it.balanceAmount === it.totalAmount ? "" : `남은 ${money(it.balanceAmount, it.currency)}`),
      상태: (it) => element("div", {}, state(it.status, GOOD, BAD), element("div", { class: "hint", text: it.failureCode })),
      수단: (it) => it.method,
      할일: (it) => {
        const path = `payments/${encodeURIComponent(it.paymentKey)}`;
        const act = (text, what, done) => button(text, `${what}-${it.paymentKey}`, () => change("POST", `${path}/${what}`, {}, done));
        const made = [opener("payments", it.paymentKey, "타임라인")];
        if (it.status === "WAITING_FOR_DEPOSIT") made.push(act("입금", "deposit", "입금했어요."));
        if (it.status === "DONE" && it.method === "가상계좌") made.push(act("입금 되돌리기", "reverse-deposit", "은행이 입금을 되돌렸어요."));
        if (RUNNING.includes(it.status)) made.push(act("만료", "expire", "만료시켰어요."));
        return made;
      },
    },
    more: (it) => element("div", {},
      element("p", { class: "hint", text: `결제 키 ${it.paymentKey} · ${it.clientKey}` }),
      element("ol", { class: "timeline" }, ...(details.get(it.paymentKey) ?? []).map((line) =>
        element("li", { text: `${time(line.at)} ${WHAT[line.what] ?? line.what} ${detailOf(line)}` })))),
  },
  deliveries: {
    empty: "아직 보낸 웹훅이 없어요.", key: (it) => it.id,
    columns: {
      만듦: (it) => time(it.createdAt), 이벤트: (it) => it.eventType, 상태: (it) => state(it.state, GOOD, BAD),
      시도: (it) => it.attempts.length, 답: (it) => it.attempts.at(-1)?.status ?? it.attempts.at(-1)?.error,
      다음: (it) => time(it.nextAttemptAt), 장애: (it) => it.fault, 주문: (it) => two(it.orderId ?? "-", it.url),
      할일: (it) => [
        opener("deliveries", it.id, "자세히"),
        button("다시 보내기", `resend-${it.id}`, () => change("POST", `deliveries/${it.id}/resend`, {}, "다시 보내요.")),
      ],
    },
    more: (it) => element("div", {},
      element("ol", { class: "timeline" }, ...it.attempts.map((one) => element("li", { text: `${time(one.at)} → ${one.status ?? one.error} · ${one.tookMs}ms${one.answer ? ` · ${one.answer}` : ""}` }))),
      element("p", { class: "hint", text: it.transmissionId }),
      element("pre", { text: details.get(`delivery-${it.id}`) ?? "" })),
  },
  faults: {
    empty: "걸려 있는 장애가 없어요.",
    columns: {
      종류: (it) => KINDS[it.kind] ?? it.kind, 때: (it) => it.when, 호출: (it) => it.call, 코드: (it) => it.code,
      상태: (it) => it.status, "늦춤(ms)": (it) => it.delayMs, 주문: (it) => it.orderId, 결제: (it) => it.paymentKey,
      횟수: (it) => (it.times >= FOR_EVER ? "계속" : it.times), 확률: (it) => (it.probability === 1 ? "" : it.probability),
      할일: (it) => [button("지우기", `fault-${it.id}`, () => change("DELETE", `faults/${it.id}`, undefined, "장애를 지웠어요."))],
    },
  },
  "webhook-faults": {
    of: "webhookFaults", empty: "걸려 있는 웹훅 장애가 없어요.",
    columns: {
      종류: (it) => TRICKS[it.kind] ?? it.kind, 이벤트: (it) => it.event, 주문: (it) => it.orderId, 결제: (it) => it.paymentKey,
      "늦춤(초)": (it) => it.delaySeconds, "더 보냄": (it) => it.copies, 모음: (it) => (it.count ? `${it.held}/${it.count}` : ""),
      횟수: (it) => (it.times >= FOR_EVER ? "계속" : it.times), 확률: (it) => (it.probability === 1 ? "" : it.probability),
      할일: (it) => [button("지우기", `webhook-fault-${it.id}`, () => change("DELETE", `webhook-faults/${it.id}`, undefined, "웹훅 장애를 지웠어요."))],
    },
  },
  webhooks: {
    empty: "등록된 주소가 없어서 아무것도 보내지 않아요.",
    columns: {
      주소: (it) => it.url, 가맹점: (it) => it.mId ?? "모두",
      이벤트: (it) => (it.events.length === EVENTS.length ? "모두" : it.events.join(", ")),
      할일: (it) => [button("지우기", `webhook-${it.id}`, () => change("DELETE", `webhooks/${it.id}`, undefined, "등록을 지웠어요."))],
    },
  },
  calls: {
    empty: "아직 호출이 없어요.",
    columns: {
      시각: (it) => time(it.at), 호출: (it) => `${it.method} ${it.path}`, 답: (it) => it.status ?? "응답 없음", 코드: (it) => it.code,
      되풀이: (it) => (it.replayed ? "멱등 응답" : ""), 장애: (it) => it.fault, 주문: (it) => it.orderId,
      멱등키: (it) => it.idempotencyKey, 추적: (it) => it.traceId,
    },
  },
  merchants: {
    empty: "없어요.",
    columns: {
      가맹점: (it) => it.mId, "클라이언트 키": (it) => it.clients.map((one) => `${one.clientKey} (${one.version})`).join(", "),
      "보안 키": (it) => it.securityKeys.join(", "),
      할일: (it) => [button("보안 키 재발급", `key-${it.mId}`, () => change("POST", `merchants/${encodeURIComponent(it.mId)}/security-key`, {}, "보안 키를 다시 발급했어요."))],
    },
  },
  assumptions: {
    empty: "없어요.",
    columns: { 무엇: (it) => it.about, 여기서는: (it) => it.chosen, 근거: (it) => it.source },
  },
};

async function show(name) {
  const list = LISTS[name];
  let rows = (await ask(name))[list.of ?? name];
  if (name === "calls") rows = rows.reverse();
  rows = rows.slice(0, ROWS_MAX);
  if (name === "payments") {
    for (const row of rows.filter((it) => opened.has(`payments-${it.paymentKey}`))) {
      row.timeline = (await ask(`payments/${encodeURIComponent(row.paymentKey)}`)).timeline;
      details.set(row.paymentKey, row.timeline);
    }
  }
  if (name === "deliveries") {
    for (const row of rows.filter((it) => opened.has(`deliveries-${it.id}`) && !details.has(`delivery-${it.id}`))) {
      details.set(`delivery-${row.id}`, JSON.stringify(JSON.parse((await ask(`deliveries/${row.id}`)).body), null, 2));
    }
  }
  showList(name, rows, list);
}

async function showClock() {
  const clock = await ask("clock");
  document.getElementById("now").textContent = time(clock.now);
  document.getElementById("standing").hidden = !clock.stopped;
  const label = clock.stopped ? "시계 다시 가게 하기" : "시계 멈추기";
  const toggle = document.querySelector('[data-key="stop"]');
  toggle.textContent = label;
  toggle.onclick = () => change("POST", "clock", { stopped: !clock.stopped }, clock.stopped ? "시계가 다시 가요." : "시계를 멈췄어요.");
  document.getElementById("latency-ms").textContent = (await ask("latency")).latencyMs;
}

let showing = Promise.resolve();

// One after the other, so that an old answer never covers a new one.
function showAll() {
  showing = showing
    .then(() => Promise.all([showClock(), ...Object.keys(LISTS).map(show)]))
    .catch(() => tell("샌드박스에 닿지 않아요. 다시 켜지면 이어서 보여 드려요.", false));
  return showing;
}

document.getElementById("clock-buttons").append(
  button("시계 멈추기", "stop", () => {}),
  ...Object.entries(STEPS).map(([text, seconds]) =>
    button(text, `step-${seconds}`, () => change("POST", "clock", { advanceSeconds: seconds }, `시계를 ${text} 옮겼어요.`))),
);
Object.keys(FORMS).forEach(makeForm);
showAll().then(followLink);
addEventListener("hashchange", followLink);
setInterval(() => {
  if (document.visibilityState === "visible") showAll();
}, LOOK_EVERY_MS);
