// The shelf, the cart and the order form; and who may read an order.
import { BUYER, expect, test } from "./shop";

test("the cart survives a reload and keeps its limits", async ({ buyer }) => {
  await buyer.fillCart({ bag: 3, socks: 1 });
  const bag = buyer.product("bag").getByRole("button");
  await expect(bag).toBeDisabled();
  await expect(bag).toHaveText("3개 담음 (최대)");
  await expect(buyer.page.getByRole("button", { name: "한정판 포스터 품절" })).toBeDisabled();
  await buyer.page.reload();
  await expect(buyer.page.getByTestId("cart-bar")).toHaveText("장바구니 4개 · 58,500원");

  await buyer.openCart();
  await expect(buyer.page.getByLabel("캔버스 장바구니 하나 더하기")).toBeDisabled();
  await buyer.page.getByLabel("캔버스 장바구니 하나 빼기").click();
  await expect(buyer.page.getByLabel("캔버스 장바구니 수량")).toHaveText("2");
  await expect(buyer.total).toHaveText("40,500원");
  await buyer.page.getByLabel("줄무늬 양말 삭제").click();
  await expect(buyer.total).toHaveText("36,000원");
  await buyer.page.reload();
  await expect(buyer.total).toHaveText("36,000원");

  for (const quantity of ["100", "-1", "1.5", "많이"]) {
    const answer = await buyer.page.request.post("/form/cart", {
      form: { productId: "socks", quantity, back: "shop" },
      headers: { accept: "text/html" },
    });
    expect(await answer.text()).toContain("수량은");
  }
  await buyer.page.reload();
  await expect(buyer.total).toHaveText("36,000원");
});

test("the cart by keyboard: the same button again, and the new number is in its name", async ({ buyer }) => {
  await buyer.fillCart({ mug: 1 });
  await buyer.openCart();
  const more = buyer.page.getByLabel("파란 머그컵 하나 더하기");
  await more.focus();
  for (const count of [2, 3]) {
    await buyer.page.keyboard.press("Enter");
    await expect(buyer.page.getByLabel("파란 머그컵 수량")).toHaveText(`${count}`);
    await expect(more).toBeFocused();
    await expect(more).toHaveAccessibleName(`파란 머그컵 하나 더하기, 현재 ${count}개`);
  }
  await buyer.page.getByLabel("파란 머그컵 삭제").focus();
  await buyer.page.keyboard.press("Enter");
  await expect(buyer.page.getByText("장바구니가 비어 있습니다.")).toBeFocused();
});

test("the shelf is found, comes back, and its pictures are kept by their content", async ({ buyer }) => {
  const answer = await buyer.page.request.get("/");
  expect(answer.headers()["cache-control"]).toBe("private, no-cache");
  await buyer.page.goto("/");
  await expect(buyer.page.locator('meta[name="description"]')).toHaveAttribute("content", /[가-힣]/);
  const pictures = buyer.page.locator(".product img");
  await expect(pictures.first()).toHaveAttribute("loading", "eager");
  const address = await pictures.first().getAttribute("src");
  expect(address).toMatch(/\?v=[0-9a-f]{16}$/);
  const picture = await buyer.page.request.get(address!);
  expect(picture.headers()["cache-control"]).toContain("immutable");
  // Another content by that name is not what was asked for.
  const stale = await buyer.page.request.get(address!.replace(/v=.*/, "v=0"));
  expect(stale.headers()["cache-control"]).not.toContain("immutable");
});

test("text of twice the size grows whole", async ({ buyer }) => {
  await buyer.page.goto("/");
  const size = () => buyer.page.locator("body").evaluate((body) => parseFloat(getComputedStyle(body).fontSize));
  expect(await size()).toBe(16);
  await buyer.page.evaluate(() => (document.documentElement.style.fontSize = "200%"));
  expect(await size()).toBe(32);
});

test("pressing twice makes one order", async ({ buyer }) => {
  await buyer.fillCart();
  await buyer.openCart();
  await buyer.fillForm();
  const requestId = await buyer.page.locator('input[name="requestId"]').inputValue();
  const lines = await buyer.page.locator('input[name="lines"]').inputValue();
  await buyer.page.getByRole("button", { name: /주문하기$/ }).dblclick();
  const orderId = await buyer.orderAtCheckout();
  // The same form twice more, at once.
  const sent = { form: { requestId, lines, ...buyer.person }, maxRedirects: 0 };
  const answers = await Promise.all([1, 2].map(() => buyer.page.request.post("/form/order", sent)));
  for (const answer of answers) {
    expect(answer.headers()["location"]).toContain(`/checkout?orderId=${orderId}`);
  }
});

test("what is wrong in the form is said beside it, and what was typed stays", async ({ buyer }) => {
  await buyer.fillCart({ mug: 1 });
  await buyer.openCart();
  await buyer.fillForm({ ...BUYER, mobilePhone: "12" });
  await buyer.page.getByRole("button", { name: /주문하기$/ }).click();
  const phone = buyer.page.getByLabel("휴대폰");
  await expect(buyer.page.getByRole("alert")).toContainText(/[가-힣]/);
  await expect(phone).toHaveAttribute("aria-invalid", "true");
  await expect(phone).toHaveAccessibleDescription(/[가-힣]/);
  await expect(phone).toBeFocused();
  await expect(phone).toHaveValue("12");
  await expect(buyer.page.getByLabel("이름")).toHaveValue(BUYER.name);
  await phone.fill(BUYER.mobilePhone);
  await buyer.page.getByRole("button", { name: /주문하기$/ }).click();
  await buyer.orderAtCheckout();
});

test("somebody else's browser sees an order without private details", async ({ buyer, visitor }) => {
  const orderId = await buyer.buy({ mug: 1 });
  await buyer.page.goto(`/orders/${orderId}`);
  await expect(buyer.page.getByText(buyer.person.email)).toBeVisible();
  await expect(buyer.page.getByText("홍길동")).toBeVisible();
  await expect(buyer.page.getByRole("link", { name: "영수증 보기" })).toBeVisible();

  const stranger = await visitor();
  await stranger.page.goto(`/orders/${orderId}`);
  await expect(stranger.status).toHaveText("결제가 완료되었습니다");
  await expect(stranger.page.getByText("파란 머그컵")).toBeVisible();
  await expect(stranger.page.getByText("주문한 브라우저가 아니어서 일부 정보를 가렸습니다.")).toBeVisible();
  const source = await stranger.page.content();
  const { mobilePhone } = buyer.person;
  for (const secret of ["홍길동", buyer.person.email, mobilePhone, mobilePhone.replaceAll("-", ""), "영수증 보기", "신한"]) {
    expect(source, secret).not.toContain(secret);
  }
  await expect(stranger.page.getByText("홍*동")).toBeVisible();
  await expect(stranger.page.getByRole("button")).toHaveCount(0);
});
