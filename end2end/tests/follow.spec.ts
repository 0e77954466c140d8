// An open page follows its order: by a stream of the server's, and by asking where that fails.
import { expect, test, type Buyer } from "./shop";

// Toss tells the shop of a deposit at once.
test.use({ settings: ["--sandbox-webhooks"] });

/** From the shelf to the page that waits for a deposit; it is marked, so that a reload shows. */
async function waitsForDeposit(buyer: Buyer) {
  const orderId = await buyer.order();
  await buyer.chooseMethod("가상계좌");
  await buyer.agree();
  await buyer.pay();
  await expect(buyer.status).toHaveText("입금을 기다리고 있습니다");
  return orderId;
}

const seesReversal = (buyer: Buyer) =>
  expect(buyer.status).toHaveAttribute("data-status", "WAITING_FOR_DEPOSIT");

test("a deposit and its reversal appear in front of an open page", async ({ buyer, shop }, info) => {
  const asked: string[] = [];
  const streams: string[] = [];
  buyer.page.on("request", (request) => {
    if (request.url().endsWith("/api/price")) asked.push(request.url());
    if (request.url().endsWith("/events")) streams.push(request.url());
  });
  const orderId = await waitsForDeposit(buyer);
  await expect.poll(() => streams.length).toBe(1);
  const before = asked.length;
  await shop.deposit(orderId);
  await buyer.seesPaid(orderId);
  // The change is said, once, and nobody had to ask.
  await expect(buyer.page.locator("#news")).toHaveText("결제가 완료되었습니다");
  await expect(buyer.page).toHaveURL(`${shop.url}/orders/${orderId}`);
  expect(asked.length).toBe(before);
  await buyer.page.screenshot({ path: info.outputPath("deposited.png"), fullPage: true });
  // On the order's own page now.
  await expect.poll(() => streams.length).toBe(2);
  await shop.reverseDeposit(orderId);
  await seesReversal(buyer);
  await expect(buyer.page.locator("#news")).toHaveText("입금을 기다리고 있습니다");
  await buyer.page.reload();
  await seesReversal(buyer);
  await expect(buyer.page.locator("#news")).toHaveText("");
});

for (const [why, without] of [
  ["a browser that has no streams", "delete"],
  ["a line that lets no stream through", "block"],
] as const) {
  test(`a deposit appears by asking: ${why}`, async ({ buyer, shop }) => {
    if (without === "delete") {
      await buyer.page.addInitScript(() => Reflect.deleteProperty(window, "EventSource"));
    } else {
      buyer.expectErrors(/net::ERR_FAILED/);
      await buyer.page.route("**/events", (route) => route.abort());
    }
    const orderId = await waitsForDeposit(buyer);
    await shop.deposit(orderId);
    await buyer.seesPaid(orderId);
  });
}

test("a settled doubt appears on the page that a buyer came back to", async ({ buyer, shop }) => {
  const orderId = await buyer.order();
  const address = await shop.authenticate(await buyer.stored(orderId));
  await shop.fault(orderId, { call: "confirm", kind: "lose", when: "after" });
  await shop.fault(orderId, { call: "read", kind: "lose", when: "before" });
  await buyer.page.goto(address);
  await expect(buyer.status).toHaveText("확인 중입니다, 다시 결제하지 마세요");
  await shop.liftFaults(orderId);
  await buyer.seesPaid(orderId);
  await expect(buyer.page.locator("#news")).toHaveText("결제가 완료되었습니다");
  // Going back does not lead to the address from Toss.
  expect(buyer.page.url()).toBe(`${shop.url}/orders/${orderId}`);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the page says that it stands still, and how to look again", async ({ buyer, shop }) => {
    const orderId = await buyer.order({ mug: 1 });
    const address = await shop.authenticate(await buyer.stored(orderId));
    await shop.fault(orderId, { call: "confirm", kind: "lose", when: "after" });
    await shop.fault(orderId, { call: "read", kind: "hold", when: "before" });
    await buyer.page.goto(address);
    await expect(buyer.page.locator("noscript p")).toContainText("저절로 바뀌지 않습니다");
    await shop.liftFaults(orderId);
    await expect(async () => {
      // It is gone once there is nothing to wait for.
      const again = buyer.page.getByRole("link", { name: "지금 다시 확인하기" });
      if (await again.isVisible()) await again.click({ timeout: 1_000 });
      await expect(buyer.status).toHaveAttribute("data-status", "COMPLETED", { timeout: 1_000 });
    }).toPass();
  });
});
