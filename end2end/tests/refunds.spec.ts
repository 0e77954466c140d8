// Money that comes by transfer and goes back in parts, in front of an open page.
import { expect, test, won, type Buyer } from "./shop";
import { passesAudit } from "./sandbox";

/** From the shelf to an order that waits for its deposit. */
async function awaitDeposit(buyer: Buyer) {
  const orderId = await buyer.order({ tee: 2, socks: 1 });
  await buyer.chooseMethod("가상계좌");
  await buyer.agree();
  await buyer.pay();
  await expect(buyer.status).toHaveAttribute("data-status", "WAITING_FOR_DEPOSIT");
  return orderId;
}

test("a deposit and its reversal appear on the open page", async ({ buyer, shop }) => {
  const orderId = await awaitDeposit(buyer);
  const left = buyer.page.getByRole("timer");
  await expect(left).toHaveText(/^\d+일 \d+시간 남음$/);
  await passesAudit(buyer.page, "an order that waits for its deposit");
  await shop.deposit(orderId);
  await shop.hint(orderId);
  await expect(buyer.status).toHaveAttribute("data-status", "COMPLETED");
  await expect(buyer.page.getByText("입금할 계좌")).toHaveCount(0);
  await shop.reverseDeposit(orderId);
  await shop.hint(orderId);
  await expect(async () => {
    await buyer.page.reload();
    await expect(buyer.status).toHaveAttribute("data-status", "WAITING_FOR_DEPOSIT", { timeout: 1_000 });
  }).toPass();
  await expect(buyer.page.getByText("은행이 입금을 되돌려")).toBeVisible();
  await shop.deposit(orderId);
  await shop.hint(orderId);
  await expect(buyer.status).toHaveAttribute("data-status", "COMPLETED");
});

test("the account number is copied, and that is told", async ({ buyer, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await awaitDeposit(buyer);
  const number = await buyer.page.locator("#account-number").innerText();
  await buyer.page.getByRole("button", { name: "계좌번호 복사" }).click();
  await expect(buyer.page.getByText("계좌번호를 복사했습니다.")).toBeVisible();
  expect(await buyer.page.evaluate(() => navigator.clipboard.readText())).toBe(number);
});

test("without a clipboard the number is marked, and copied by hand", async ({ buyer }) => {
  await buyer.page.addInitScript(() => {
    Object.defineProperty(navigator, "clipboard", { value: undefined });
    document.execCommand = () => false;
  });
  await awaitDeposit(buyer);
  const number = await buyer.page.locator("#account-number").innerText();
  await buyer.page.getByRole("button", { name: "계좌번호 복사" }).click();
  await expect(buyer.page.getByText("복사하지 못했습니다")).toBeVisible();
  expect(await buyer.page.evaluate(() => getSelection()!.toString())).toBe(number);
});

test("partial refunds until nothing is left", async ({ buyer, shop }) => {
  const orderId = await buyer.buy({ tee: 2, socks: 1 });
  const refunds = buyer.page.locator(".refund");
  shop.refund(orderId, "--line", "tee=1");
  await expect(async () => {
    await buyer.page.reload();
    await expect(buyer.status).toHaveAttribute("data-status", "PARTIALLY_REFUNDED", { timeout: 1_000 });
  }).toPass();
  await expect(refunds).toHaveCount(1);
  await expect(refunds.first()).toContainText("토스 티셔츠 1개");
  await expect(refunds.first()).toContainText(won(29_000));
  shop.refund(orderId, "--amount", "4500");
  await expect(async () => {
    await buyer.page.reload();
    await expect(refunds).toHaveCount(2, { timeout: 1_000 });
    await expect(refunds.first()).toContainText("환불 완료", { timeout: 1_000 });
  }).toPass();
  shop.refund(orderId);
  await expect(async () => {
    await buyer.page.reload();
    await expect(buyer.status).toHaveText("전액 환불되었습니다", { timeout: 1_000 });
  }).toPass();
  await expect(refunds).toHaveCount(3);
  expect(await shop.payments(orderId)).toMatchObject([{ balanceAmount: 0 }]);
  await passesAudit(buyer.page, "an order that is refunded");
});

for (const javaScript of [true, false]) {
  test(`a refund asks for an account, ${javaScript ? "with" : "without"} JavaScript`, async ({ buyer, shop, browser }) => {
    const orderId = await awaitDeposit(buyer);
    await shop.deposit(orderId);
    await shop.hint(orderId);
    await expect(buyer.status).toHaveAttribute("data-status", "COMPLETED");
    expect(shop.refund(orderId)).toContain("asks the buyer for an account");
    const context = await browser.newContext({
      javaScriptEnabled: javaScript,
      storageState: await buyer.page.context().storageState(),
      locale: "ko-KR",
    });
    const page = await context.newPage();
    await page.goto(`${shop.url}/orders/${orderId}`);
    await expect(page.getByTestId("status")).toHaveText("환불받을 계좌를 알려 주세요");
    if (javaScript) await passesAudit(page, "the form for an account");
    await page.getByLabel("은행").selectOption({ label: "우리은행" });
    await page.getByLabel("계좌번호").fill("1234");
    await page.getByLabel("예금주").fill("홍길동");
    await page.getByRole("button", { name: "이 계좌로 환불받기" }).click();
    await expect(page.getByRole("alert")).toHaveText("계좌번호는 숫자 6~20자리로 입력해 주세요");
    expect(page.url()).not.toContain("1234&");
    await page.getByLabel("은행").selectOption({ label: "우리은행" });
    await page.getByLabel("계좌번호").fill("1002-123-456789");
    await page.getByLabel("예금주").fill("홍길동");
    await page.getByRole("button", { name: "이 계좌로 환불받기" }).click();
    await expect(async () => {
      await page.reload();
      await expect(page.getByTestId("status")).toHaveText("전액 환불되었습니다", { timeout: 1_000 });
    }).toPass();
    await expect(page.getByText("우리은행 ****6789")).toBeVisible();
    await context.close();
  });
}
