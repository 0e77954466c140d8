// The return address is a claim: tampered, unknown, repeated, at once, lost; one confirm at most.
import { expect, test } from "./shop";

test("a tampered amount is not confirmed", async ({ buyer, shop }) => {
  buyer.expectErrors(/status of 400/);
  const orderId = await buyer.order();
  await buyer.chooseCardAndAgree();
  await buyer.openWindow();
  await buyer.plot("tamper");
  await buyer.window.getByLabel("돌아갈 주소에 넣을 금액").fill("100");
  await buyer.window.getByRole("button", { name: /결제하기$/ }).click();
  await buyer.page.waitForURL(/\/success\?.*amount=100(&|$)/);
  await expect(buyer.status).toHaveText("결제되지 않았습니다");
  await expect(buyer.page.getByText("결제 금액 불일치")).toBeVisible();
  expect(await shop.confirms(orderId)).toHaveLength(0);
  expect(await shop.payments(orderId)).toMatchObject([{ status: "IN_PROGRESS" }]);
  expect((await buyer.stored(orderId)).status).toBe("FAILED");
  // And one press leads on.
  await buyer.page.getByRole("button", { name: "다시 결제하기" }).click();
  expect(await buyer.orderAtCheckout()).not.toBe(orderId);
});

test("an unknown order is a page that says so", async ({ buyer }) => {
  buyer.expectErrors(/status of 404/);
  for (const address of [
    "/success?paymentType=NORMAL&orderId=there-is-no-such-order&paymentKey=tgen_00000000000000000000&amount=1000",
    "/checkout?orderId=there-is-no-such-order",
    "/orders/there-is-no-such-order",
    "/fail?code=PAY_PROCESS_ABORTED&message=x&orderId=there-is-no-such-order",
  ]) {
    const answer = await buyer.page.goto(address);
    expect(answer?.status(), address).toBe(404);
    await expect(buyer.page.getByRole("heading", { level: 1 })).toHaveText("찾을 수 없습니다");
    await expect(buyer.page.getByRole("link", { name: "상점으로 가기" })).toBeVisible();
  }
});

test("a return address that makes no sense is a page that says so", async ({ buyer, shop }) => {
  buyer.expectErrors(/status of 400/);
  const orderId = await buyer.order({ mug: 1 });
  const key = "paymentKey=tgen_00000000000000000000";
  for (const address of [
    "/success",
    `/success?orderId=${orderId}`,
    `/success?orderId=${orderId}&${key}`,
    `/success?orderId=${orderId}&${key}&amount=`,
    `/success?orderId=${orderId}&${key}&amount=0`,
    `/success?orderId=${orderId}&${key}&amount=-12000`,
    `/success?orderId=${orderId}&${key}&amount=1e3`,
    `/success?orderId=${orderId}&${key}&amount=12000.5`,
    `/success?orderId=${orderId}&${key}&amount=99999999999999999999`,
    `/success?orderId=..%2F..%2Fetc&${key}&amount=12000`,
    `/success?orderId=${orderId}&paymentKey=%00%0a&amount=12000`,
  ]) {
    const answer = await buyer.page.goto(address);
    expect(answer?.status(), address).toBe(400);
    await expect(buyer.page.getByRole("heading", { level: 1 })).toHaveText("주소가 올바르지 않습니다");
  }
  expect((await buyer.stored(orderId)).status).toBe("PENDING");
  expect(await shop.confirms(orderId)).toHaveLength(0);
});

test("reloaded, opened again, gone back to: one confirm and the same result", async ({ buyer, shop }) => {
  // What the result page asks the server for, beyond itself.
  const asked: string[] = [];
  buyer.page.context().on("request", (request) => {
    if (request.isNavigationRequest() || !request.frame().url().includes("/success?")) return;
    asked.push(new URL(request.url()).pathname);
  });
  const orderId = await buyer.buy();
  const address = buyer.page.url();
  expect(address).toContain("/success?");
  const whole = buyer.page.getByRole("main");
  const told = await whole.innerText();
  const again = async (page = buyer.page) => {
    // The WASM has been there, and had nothing to ask.
    await page.waitForLoadState("networkidle");
    await expect(page.getByRole("main")).toHaveText(told, { useInnerText: true });
  };
  await again();
  for (let times = 0; times < 3; times += 1) {
    await buyer.page.reload();
    await again();
  }
  const tabs = await Promise.all([buyer.anotherTab(), buyer.anotherTab()]);
  await Promise.all(tabs.map(({ page }) => page.goto(address)));
  for (const { page } of tabs) await again(page);

  await buyer.page.goBack();
  await expect(buyer.page.getByRole("heading", { name: "이미 결제가 완료된 주문입니다." })).toBeVisible();
  await buyer.page.goForward();
  await again();
  expect(await shop.confirms(orderId)).toMatchObject([{ status: 200 }]);
  expect(asked).toContainEqual(expect.stringMatching(/\.wasm$/));
  expect(asked.filter((path) => path.startsWith("/api/"))).toEqual([]);
});

test("two tabs that come back at once confirm once", async ({ buyer, shop }) => {
  const orderId = await buyer.order();
  const address = await shop.authenticate(await buyer.stored(orderId));
  // The first is being confirmed while the second arrives.
  await shop.fault(orderId, { call: "confirm", kind: "hold", when: "after" });
  const first = buyer.page.goto(address);
  await expect.poll(async () => (await buyer.stored(orderId)).status).toBe("CONFIRMING");
  const other = await buyer.anotherTab();
  const sent = other.page.waitForRequest("**/success?**");
  const second = other.page.goto(address);
  await sent;
  await shop.liftFaults(orderId);
  await Promise.all([first, second]);
  await buyer.seesPaid(orderId);
  await other.seesPaid(orderId);
  expect(await shop.confirms(orderId)).toMatchObject([{ status: 200 }]);
  expect(await shop.payments(orderId)).toMatchObject([{ status: "DONE", balanceAmount: 62_500 }]);
});

test("an answer lost after the money moved settles by itself", async ({ buyer, shop }) => {
  const orderId = await buyer.order();
  await buyer.chooseCardAndAgree();
  await buyer.openWindow();
  await buyer.plot("loseAfter");
  // Asking how it went gets no answer either, until the page has been seen.
  await shop.fault(orderId, { call: "read", kind: "hold", when: "before" });
  await buyer.window.getByRole("button", { name: /결제하기$/ }).click();
  await expect(buyer.status).toHaveText("확인 중입니다, 다시 결제하지 마세요");
  await expect(buyer.page.getByRole("progressbar", { name: "결제 결과 확인 중" })).toBeVisible();
  await expect(buyer.page.getByRole("button", { name: /결제하기/ })).toHaveCount(0);
  await shop.liftFaults(orderId);
  await buyer.seesPaid(orderId);
  expect(await shop.confirms(orderId)).toMatchObject([{ status: null, fault: "lose" }]);
  expect(await shop.payments(orderId)).toMatchObject([{ status: "DONE", balanceAmount: 62_500 }]);
  // Going back leads to no second question.
  await buyer.page.goBack();
  await expect(buyer.page.getByRole("heading", { name: "이미 결제가 완료된 주문입니다." })).toBeVisible();
  expect(await shop.confirms(orderId)).toHaveLength(1);
});

test("an answer that takes longer than a buyer's patience settles by itself", async ({ buyer, shop }) => {
  const orderId = await buyer.order();
  const address = await shop.authenticate(await buyer.stored(orderId));
  await shop.fault(orderId, { call: "confirm", kind: "hold", when: "before" });
  // The page gives up waiting before Toss answers, and then follows by itself.
  await buyer.page.goto(address);
  await expect(buyer.status).toHaveText("확인 중입니다, 다시 결제하지 마세요");
  await shop.liftFaults(orderId);
  await buyer.seesPaid(orderId);
  expect(await shop.confirms(orderId)).toMatchObject([{ status: 200 }]);
});
