// The sandbox's own page: what it shows, what its buttons do, and that a link alone does nothing.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { GCK, Toss, expect, newOrderId, passesAudit, test } from "./sandbox";

const LONG = "아주 긴 이름의 순면 티셔츠와 띄어쓰기없이이어지는도자기머그컵과줄무늬양말외열두건을한번에사는주문";

/** A virtual account that waits for its money. */
async function waiting(toss: Toss) {
  const order = { clientKey: GCK, orderId: newOrderId(), orderName: LONG, amount: 33_000 };
  const choice = { method: "VIRTUAL_ACCOUNT", bank: "20", customerName: "박토스" };
  const { paymentKey } = await toss.control("POST", "authenticate", { ...order, ...choice });
  const claim = { paymentKey, orderId: order.orderId, amount: order.amount };
  expect((await toss.api("POST", "/v1/payments/confirm", claim, GCK)).status).toBe(200);
  return { paymentKey, orderId: order.orderId };
}

/** A row that names this. */
const row = (page: Page, list: string, text: string) =>
  page.locator(`[data-list="${list}"] tr`).filter({ hasText: text });

test("a link fills a fault in, and only the button sets it", async ({ page, toss }) => {
  const orderId = newOrderId();
  const faults = async () => (await toss.control("GET", "faults")).faults.filter((it: any) => it.orderId === orderId);
  await page.goto(`${toss.url}/__sandbox/#fault?kind=lose&when=after&call=confirm&orderId=${orderId}`);
  await expect(page.getByText("링크로 채웠어요")).toBeVisible();
  await expect(page.getByRole("button", { name: "장애 걸기", exact: true })).toBeFocused();
  expect(await faults()).toEqual([]);

  await page.keyboard.press("Enter");
  await expect(page.getByRole("status")).toHaveText("장애를 걸었어요.");
  expect(await faults()).toMatchObject([{ kind: "lose", when: "after", call: "confirm", times: 1 }]);
  await row(page, "faults", orderId).getByRole("button", { name: "지우기" }).click();
  await expect(row(page, "faults", orderId)).toHaveCount(0);
  expect(await faults()).toEqual([]);
});

test("money arrives, goes back, and every step is in the timeline", async ({ page, toss }) => {
  const { orderId } = await waiting(toss);
  await page.goto(`${toss.url}/__sandbox/`);
  const payment = row(page, "payments", orderId);
  await payment.getByRole("button", { name: "입금", exact: true }).click();
  await expect(payment).toContainText("DONE");
  await payment.getByRole("button", { name: "입금 되돌리기" }).click();
  await expect(payment).toContainText("WAITING_FOR_DEPOSIT");
  await payment.getByRole("button", { name: "타임라인" }).click();
  const timeline = page.locator(".timeline").filter({ hasText: "/v1/payments/confirm" });
  await expect(timeline).toContainText("DONE 33,000원");
  await expect(timeline).toContainText("POST /v1/payments/confirm → 200");
});

test("the clock stops, goes forward, and never back", async ({ page, toss }) => {
  await page.goto(`${toss.url}/__sandbox/`);
  const before = (await toss.control("GET", "clock")).aheadSeconds;
  await page.getByRole("button", { name: "+10분" }).click();
  await expect(page.getByRole("status")).toHaveText("시계를 +10분 옮겼어요.");
  expect((await toss.control("GET", "clock")).aheadSeconds).toBe(before + 600);
  await page.getByLabel("이 시각으로").fill("2001-01-31T09:00:00");
  await page.getByRole("button", { name: "시계 옮기기" }).click();
  await expect(page.getByRole("status")).toContainText("is in the past");
});

test("a webhook is registered, sent, and sent again", async ({ page, toss }) => {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += part)).on("end", () => {
      bodies.push(body);
      response.end();
    });
  });
  await new Promise<void>((up) => server.listen(0, "127.0.0.1", up));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  await page.goto(`${toss.url}/__sandbox/#webhook?url=${encodeURIComponent(url)}`);
  await page.getByRole("button", { name: "등록하기" }).click();
  await expect(row(page, "webhooks", url)).toBeVisible();

  const { orderId } = await waiting(toss);
  const delivery = row(page, "deliveries", orderId);
  await expect(delivery).toContainText("success");
  await delivery.getByRole("button", { name: "다시 보내기" }).click();
  await expect.poll(() => bodies.filter((body) => body.includes(orderId)).length).toBe(2);
  await delivery.getByRole("button", { name: "자세히" }).click();
  await expect(page.locator("pre").filter({ hasText: orderId })).toBeVisible();
  await row(page, "webhooks", url).getByRole("button", { name: "지우기" }).click();
  await expect(row(page, "webhooks", url)).toHaveCount(0);
  server.close();
});

for (const [width, colorScheme] of [[390, "dark"], [1280, "light"]] as const) {
  test(`its page passes the audit and fits, ${colorScheme}, ${width} pixels wide`, async ({ page, toss }) => {
    await page.setViewportSize({ width, height: 844 });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const { orderId } = await waiting(toss);
    await toss.control("POST", "faults", { kind: "cut", orderId });
    await page.goto(`${toss.url}/__sandbox/`);
    await row(page, "payments", orderId).getByRole("button", { name: "타임라인" }).click();
    await expect(page.locator(".timeline").first()).toBeVisible();
    await expect(page.getByText("가상 결제", { exact: true })).toBeVisible();
    await passesAudit(page, "the sandbox's page");
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(wider, "scrolls sideways").toBeLessThanOrEqual(0);
  });
}
