// Coming back without having paid: what is told, and the one press that starts again.
import { expect, test } from "./shop";

test("a declined card is told, and one press pays the same cart as a new order", async ({ buyer, shop }) => {
  const orderId = await buyer.order();
  await buyer.page.getByRole("radio", { name: "첫 구매 3,000원 할인" }).check();
  await buyer.chooseCardAndAgree();
  await buyer.openWindow();
  await buyer.window.getByLabel("거절 사유").selectOption("REJECT_CARD_COMPANY");
  await buyer.window.getByRole("button", { name: "거절" }).click();
  await buyer.page.waitForURL(/\/fail\?code=REJECT_CARD_COMPANY/);
  await expect(buyer.status).toHaveText("결제되지 않았습니다");
  await expect(buyer.page.getByText(/카드사에서 승인을 거절해 결제되지 않았습니다/)).toBeVisible();
  await expect(buyer.page.getByTestId("toss-message")).toContainText("거절");
  expect((await buyer.stored(orderId)).status).toBe("FAILED");

  await buyer.page.getByRole("button", { name: "토스 티셔츠 외 1건 59,500원 다시 결제하기" }).click();
  const second = await buyer.orderAtCheckout();
  expect(second).not.toBe(orderId);
  const [before, after] = [await buyer.stored(orderId), await buyer.stored(second)];
  expect(after.lines).toEqual(before.lines);
  expect(after.amount).toBe(59_500);
  await buyer.chooseCardAndAgree();
  await buyer.pay();
  await buyer.seesPaid(second);
  expect(await shop.confirms(orderId)).toHaveLength(0);
  expect(await shop.confirms(second)).toMatchObject([{ status: 200 }]);
});

test("starting again what has been paid meanwhile leads to the order that is paid", async ({ buyer, shop }) => {
  const orderId = await buyer.order({ mug: 1 });
  await buyer.page.goto(`/fail?code=REJECT_CARD_COMPANY&message=x&orderId=${orderId}`);
  const other = await buyer.anotherTab();
  await other.page.goto(buyer.page.url());
  await other.page.getByRole("button", { name: /다시 결제하기$/ }).click();
  const second = await other.orderAtCheckout();
  await other.chooseCardAndAgree();
  await other.pay();
  await other.seesPaid(second);

  await buyer.page.getByRole("button", { name: /다시 결제하기$/ }).click();
  await expect(buyer.page).toHaveURL(new RegExp(`/orders/${second}$`));
  await buyer.seesPaid(second);
  expect(await shop.confirms(second)).toHaveLength(1);
});

test("a refusal at confirm is told, and stock and coupon can be used again", async ({ buyer, shop }) => {
  buyer.expectErrors(/status of 400/);
  const orderId = await buyer.order();
  await buyer.chooseCardAndAgree();
  await buyer.openWindow();
  await buyer.plot("refuse");
  await buyer.window.getByLabel("승인 때 돌려줄 코드").selectOption("REJECT_CARD_PAYMENT");
  await buyer.window.getByRole("button", { name: /결제하기$/ }).click();
  await expect(buyer.status).toHaveText("결제되지 않았습니다");
  await expect(buyer.page.getByText(/결제되지 않았습니다\.$/)).toBeVisible();
  await expect(buyer.page.getByText("REJECT_CARD_PAYMENT")).toHaveCount(0);
  expect(await shop.confirms(orderId)).toHaveLength(1);
  await buyer.page.getByRole("button", { name: "다시 결제하기" }).click();
  const second = await buyer.orderAtCheckout();
  expect(second).not.toBe(orderId);
  await buyer.chooseCardAndAgree();
  await buyer.pay();
  await buyer.seesPaid(second);
});

test("words of a link are nobody's", async ({ buyer }) => {
  const orderId = await buyer.order({ mug: 1 });
  buyer.page.on("dialog", () => expect(true, "a script ran").toBe(false));
  const hostile = `<img src=x onerror="alert(1)"><script>alert(2)</script>&quot;'{{7*7}}`;
  const address = (id: string) =>
    `/fail?code=${encodeURIComponent("<b>X</b>")}&message=${encodeURIComponent(hostile)}&orderId=${id}`;
  for (const id of ["", orderId, encodeURIComponent(`"><script>alert(3)</script>`)]) {
    await buyer.page.goto(address(id));
    await expect(buyer.status).toHaveText("결제되지 않았습니다");
    await expect(buyer.page.getByTestId("toss-message")).toHaveCount(0);
    await expect(buyer.page.getByText("7*7")).toHaveCount(0);
    await expect(buyer.page.locator("main :is(img, script)")).toHaveCount(0);
  }
  await buyer.page.goto(`/orders/${orderId}`);
  await expect(buyer.page.getByText("결제를 마치지 않았습니다.")).toBeVisible();
  await expect(buyer.page.getByText(hostile)).toHaveCount(0);
  await expect(buyer.page.locator("main :is(img, script, b)")).toHaveCount(0);
});

test("the fail address cannot undo a paid order", async ({ buyer }) => {
  const orderId = await buyer.buy({ mug: 1 });
  await buyer.page.goto(`/fail?code=PAY_PROCESS_ABORTED&message=x&orderId=${orderId}`);
  await buyer.seesPaid(orderId);
});
