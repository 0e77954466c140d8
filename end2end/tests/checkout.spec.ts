// The checkout page: when the button may be pressed, what it says otherwise, and how it recovers.
import { expect, test } from "./shop";

test("the button waits for the terms and says so", async ({ buyer }) => {
  await buyer.order();
  await expect(buyer.obstacle).toHaveText("필수 약관에 동의하면 결제할 수 있습니다.");
  await expect(buyer.payButton).toBeDisabled();
  await expect(buyer.payButton).toHaveAccessibleDescription("필수 약관에 동의하면 결제할 수 있습니다.");
  const [first, second] = await buyer.terms.getByRole("checkbox", { name: /^\[필수\]/ }).all();
  await first.check();
  await expect(buyer.payButton).toBeDisabled();
  await second.check();
  await expect(buyer.payButton).toBeEnabled();
  await expect(buyer.obstacle).toBeEmpty();
  await first.uncheck();
  await expect(buyer.payButton).toBeDisabled();
});

test("paying without a card company is answered by a sentence", async ({ buyer }) => {
  const orderId = await buyer.order();
  await buyer.agree();
  await buyer.payButton.click();
  await expect(buyer.notice).toHaveText("카드사와 할부 개월을 선택해 주세요.");
  await expect(buyer.notice).toBeInViewport({ ratio: 1 });
  await expect(buyer.payButton).toBeEnabled();
  await buyer.chooseCard();
  await buyer.pay();
  await buyer.seesPaid(orderId);
});

test("a buyer who closes the window stays and can pay again", async ({ buyer, shop }) => {
  const orderId = await buyer.order();
  await buyer.chooseCardAndAgree();
  const leave = [
    () => buyer.window.getByRole("button", { name: "닫기" }).click(),
    () => buyer.window.getByRole("button", { name: "취소" }).click(),
    () => buyer.page.keyboard.press("Escape"),
  ];
  for (const way of leave) {
    await buyer.openWindow();
    await expect(buyer.notice).toBeHidden();
    await way();
    await expect(buyer.notice).toHaveText("결제를 취소했습니다. 결제된 금액은 없으며 다시 결제할 수 있습니다.");
    await expect(buyer.notice).toBeInViewport({ ratio: 1 });
    await expect(buyer.page.locator('iframe[title="결제창"]')).toHaveCount(0);
    await expect(buyer.payButton).toBeEnabled();
  }
  await buyer.pay();
  await buyer.seesPaid(orderId);
  expect(await shop.confirms(orderId)).toHaveLength(1);
});

test("closing the window leads the keyboard back to the button", async ({ buyer }) => {
  await buyer.order({ mug: 1 });
  await buyer.chooseCardAndAgree();
  await buyer.payButton.focus();
  await buyer.page.keyboard.press("Enter");
  await expect(buyer.window.getByRole("button", { name: /결제하기$/ })).toBeFocused();
  await buyer.page.keyboard.press("Escape");
  await expect(buyer.notice).toBeVisible();
  await expect(buyer.payButton).toBeFocused();
});

test("Toss's script does not wait for the page's own program, and is fetched once", async ({ buyer }) => {
  const orderId = await buyer.order();
  const scripts: string[] = [];
  buyer.page.on("request", (request) => request.url().endsWith("/v2/standard") && scripts.push(request.url()));
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  await buyer.page.route("**/*.wasm*", async (route) => {
    await held;
    await route.continue();
  });
  const asked = buyer.page.waitForResponse("**/v2/standard");
  await buyer.page.reload({ waitUntil: "commit" });
  await (await asked).finished();
  await expect(buyer.obstacle).toHaveText("결제 수단을 불러오고 있습니다.");
  letGo();
  await buyer.chooseCardAndAgree();
  expect(scripts).toHaveLength(1);
  await buyer.pay();
  await buyer.seesPaid(orderId);
});

test("a script that cannot be loaded is told, and can be tried again", async ({ buyer }) => {
  buyer.expectErrors(/ERR_FAILED.*\/v2\/standard/, /SCRIPT_NOT_LOADED/);
  await buyer.page.route("**/v2/standard", (route) => route.abort());
  const orderId = await buyer.order();
  const told = buyer.page.getByRole("alert").filter({ hasText: "결제 모듈을 불러오지 못했습니다" });
  await expect(told).toBeVisible();
  await expect(buyer.payButton).toBeDisabled();
  await expect(buyer.obstacle).toHaveText("결제 수단을 불러오지 못해 결제할 수 없습니다.");
  // Still unreachable: told again, not hung.
  await Promise.all([
    buyer.page.waitForRequest("**/v2/standard"),
    buyer.page.getByRole("button", { name: "다시 시도" }).click(),
  ]);
  await expect(told).toBeVisible();
  await buyer.page.unroute("**/v2/standard");
  await buyer.page.getByRole("button", { name: "다시 시도" }).click();
  await expect(told).toBeHidden();
  await buyer.chooseCardAndAgree();
  await buyer.pay();
  await buyer.seesPaid(orderId);
});

test("a script that never comes is told in time, and can be tried again", async ({ buyer }) => {
  buyer.expectErrors(/SCRIPT_NOT_LOADED/);
  await buyer.page.clock.install();
  // Neither an answer nor an error.
  await buyer.page.route("**/v2/standard", () => {});
  const asked = buyer.page.waitForRequest("**/v2/standard");
  const orderId = await buyer.order();
  await asked;
  const told = buyer.page.getByRole("alert").filter({ hasText: "결제 모듈을 불러오지 못했습니다" });
  await expect(buyer.obstacle).toHaveText("결제 수단을 불러오고 있습니다.");
  await buyer.page.clock.pauseAt(Date.now() + 8_000);
  await expect(told).toBeHidden();
  await buyer.page.clock.runFor(15_000);
  await expect(told).toBeVisible();
  await expect(buyer.payButton).toBeDisabled();
  await expect(buyer.obstacle).toHaveText("결제 수단을 불러오지 못해 결제할 수 없습니다.");
  await buyer.page.clock.resume();
  await buyer.page.unroute("**/v2/standard");
  await buyer.page.getByRole("button", { name: "다시 시도" }).click();
  await expect(told).toBeHidden();
  await buyer.chooseCardAndAgree();
  await buyer.pay();
  await buyer.seesPaid(orderId);
});

for (const [about, path] of [["its own program", "**/*.wasm*"], ["Toss's frames", "**/v2/frames/**"]]) {
  test(`a checkout that waits for ${about} says so within 15 seconds, and can be tried again`, async ({ buyer }) => {
    if (path.includes("wasm")) buyer.expectErrors(/ERR_FAILED/, /Failed to fetch/);
    const orderId = await buyer.order();
    const late = buyer.page.getByRole("alert").filter({ hasText: "결제 화면을 아직 불러오지 못했습니다" });
    await buyer.page.clock.install();
    await buyer.page.route(path, (route) => route.abort());
    await buyer.page.reload();
    await expect(buyer.obstacle).toHaveText("결제 수단을 불러오고 있습니다.");
    await buyer.page.clock.runFor(8_000);
    await expect(late).toBeHidden();
    await buyer.page.clock.runFor(7_000);
    await expect(late).toBeVisible();
    await expect(buyer.payButton).toBeDisabled();
    await buyer.page.unroute(path);
    await late.getByRole("link", { name: "다시 시도" }).click();
    await buyer.chooseCardAndAgree();
    await buyer.page.clock.runFor(20_000);
    await expect(late).toBeHidden();
    await buyer.pay();
    await buyer.seesPaid(orderId);
  });
}

test("a server that does not answer at the press is told, and the press can be repeated", async ({ buyer }) => {
  buyer.expectErrors(/ERR_FAILED.*\/api\/price/);
  const orderId = await buyer.order();
  await buyer.chooseCardAndAgree();
  await buyer.page.route("**/api/price", (route) => route.abort());
  await buyer.payButton.click();
  await expect(buyer.notice).toContainText(/[가-힣]/);
  await expect(buyer.notice).not.toContainText(/[A-Z_]{4,}/);
  await expect(buyer.payButton).toBeEnabled();
  await buyer.page.unroute("**/api/price");
  await buyer.pay();
  await buyer.seesPaid(orderId);
});

test("an order paid in another tab cannot be paid again", async ({ buyer, shop }) => {
  const orderId = await buyer.order();
  await buyer.chooseCardAndAgree();
  const other = await buyer.anotherTab();
  await other.page.goto(buyer.page.url());
  await other.chooseCardAndAgree();
  await other.pay();
  await other.seesPaid(orderId);
  await buyer.payButton.click();
  await expect(buyer.obstacle).toHaveText("이 주문은 더 이상 여기에서 결제할 수 없습니다.");
  await expect(buyer.payButton).toBeDisabled();
  await buyer.page.getByRole("link", { name: "주문 보기" }).click();
  await buyer.seesPaid(orderId);
  expect(await shop.confirms(orderId)).toHaveLength(1);
});

for (const width of [390, 1280]) {
  test(`nothing jumps while the page loads, ${width} pixels wide`, async ({ buyer }) => {
    await buyer.page.setViewportSize({ width, height: 844 });
    await buyer.page.addInitScript(() => {
      const jumps: number[] = [];
      const note = (list: PerformanceEntry[]) => {
        for (const entry of list as (PerformanceEntry & { value: number })[]) jumps.push(entry.value);
      };
      const observer = new PerformanceObserver((list) => note(list.getEntries()));
      observer.observe({ type: "layout-shift", buffered: true });
      Object.assign(window, {
        jumped() {
          note(observer.takeRecords());
          return jumps.reduce((sum, jump) => sum + jump, 0);
        },
      });
    });
    await buyer.order();
    // The last to arrive.
    await expect(buyer.obstacle).toHaveText("필수 약관에 동의하면 결제할 수 있습니다.");
    await expect(buyer.methods.getByLabel("카드사")).toBeVisible();
    await expect(buyer.terms.getByLabel("전체 동의")).toBeVisible();
    const jumped = await buyer.page.evaluate(
      () =>
        new Promise<number>((resolve) =>
          requestAnimationFrame(() =>
            requestAnimationFrame(() => resolve((window as unknown as { jumped(): number }).jumped())),
          ),
        ),
    );
    expect(jumped).toBeLessThan(0.05);
  });
}
