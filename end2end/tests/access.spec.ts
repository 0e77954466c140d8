// For everyone: what each page says to a screen reader, and an audit of it in light and in dark.
import AxeBuilder from "@axe-core/playwright";
import { BUYER, CART, expect, test, type Buyer } from "./shop";

const RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];

/** No rule is broken, whichever colours the buyer prefers. The sandbox's frames are Toss's. */
async function passesAudit({ page }: Buyer) {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations, passes } = await new AxeBuilder({ page }).withTags(RULES).exclude("iframe").analyze();
    const broken = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
    expect(broken, colorScheme).toEqual([]);
    // An audit that looked at nothing finds nothing.
    expect(passes.length).toBeGreaterThan(5);
  }
}

test("around every page", async ({ buyer }) => {
  await buyer.page.goto("/");
  await expect(buyer.page.locator("html")).toHaveAttribute("lang", "ko");
  await expect(buyer.page).toHaveTitle("계산 상점");
  await expect(buyer.page.locator("body")).toMatchAriaSnapshot(`
    - link "본문으로 건너뛰기":
      - /url: "#main"
    - paragraph: 시험용 상점입니다. 실제로 결제되지 않습니다.
    - banner:
      - link "계산 상점":
        - /url: /
      - navigation "주 메뉴":
        - link "장바구니":
          - /url: /cart
    - main
    - contentinfo:
      - paragraph: 결제는 토스페이먼츠가 처리합니다. 카드 정보는 상점에 저장되지 않습니다.
  `);
  await buyer.page.keyboard.press("Tab");
  await expect(buyer.page.getByRole("link", { name: "본문으로 건너뛰기" })).toBeFocused();
  await expect(buyer.page.getByRole("link", { name: "본문으로 건너뛰기" })).toBeInViewport();
});

test("shop", async ({ buyer }) => {
  await buyer.fillCart(CART);
  await expect(buyer.page.getByRole("main")).toMatchAriaSnapshot(`
    - heading "상품" [level=1]
    - list:
      - /children: equal
      - listitem:
        - heading "토스 티셔츠" [level=2]
        - paragraph: 매일 입기 좋은 순면 티셔츠
        - paragraph: 29,000원
        - paragraph: /재고 \\d+개/
        - button "토스 티셔츠 2개 담음 · 하나 더"
      - listitem:
        - heading "파란 머그컵" [level=2]
        - paragraph: 전자레인지에 넣어도 되는 도자기 컵
        - paragraph: 12,000원
        - paragraph: /재고 \\d+개/
        - button "파란 머그컵 담기"
      - listitem:
        - heading "줄무늬 양말" [level=2]
        - button "줄무늬 양말 1개 담음 · 하나 더"
      - listitem:
        - heading "캔버스 장바구니" [level=2]
        - paragraph: 3개 남음
        - button "캔버스 장바구니 담기"
      - listitem:
        - heading /겨울 한정 손뜨개/ [level=2]
        - button /겨울 한정 손뜨개.* 담기/
      - listitem:
        - heading "한정판 포스터" [level=2]
        - paragraph: 품절
        - button "한정판 포스터 품절" [disabled]
    - paragraph: 장바구니 3개 · 62,500원
    - link "주문하기":
      - /url: /cart
  `);
  await passesAudit(buyer);
});

test("cart, with a mistake in its form", async ({ buyer }) => {
  await buyer.fillCart(CART);
  await buyer.openCart();
  await buyer.fillForm({ ...BUYER, mobilePhone: "12" });
  await buyer.page.getByRole("button", { name: /주문하기$/ }).click();
  await expect(buyer.page.getByRole("main")).toMatchAriaSnapshot(`
    - heading "장바구니" [level=1]
    - heading "담은 상품" [level=2]
    - list:
      - /children: equal
      - listitem:
        - paragraph: 토스 티셔츠
        - paragraph: 29,000원
        - button "토스 티셔츠 하나 빼기"
        - status "토스 티셔츠 수량": "2"
        - button "토스 티셔츠 하나 더하기"
        - button "토스 티셔츠 삭제"
        - paragraph: 58,000원
      - listitem:
        - paragraph: 줄무늬 양말
        - button "줄무늬 양말 하나 빼기"
        - status "줄무늬 양말 수량": "1"
        - button "줄무늬 양말 하나 더하기"
        - button "줄무늬 양말 삭제"
        - paragraph: 4,500원
    - group "주문자":
      - textbox "이름": 홍길동
      - textbox "이메일": hong@example.com
      - textbox "휴대폰" [invalid]: "12"
      - alert: 휴대폰 번호는 010-1234-5678처럼 010(011, 016~019)으로 시작하게 입력해 주세요
    - term: 상품 금액
    - definition: 62,500원
    - term: 주문 금액
    - definition: 62,500원
    - button "62,500원 주문하기"
  `);
  await passesAudit(buyer);
});

test("an empty cart", async ({ buyer }) => {
  await buyer.page.goto("/cart");
  await expect(buyer.page.getByRole("main")).toMatchAriaSnapshot(`
    - heading "장바구니" [level=1]
    - paragraph: 장바구니가 비어 있습니다.
    - link "상품 보러 가기":
      - /url: /
  `);
  await passesAudit(buyer);
});

test("checkout", async ({ buyer }) => {
  await buyer.order();
  await expect(buyer.obstacle).toHaveText("필수 약관에 동의하면 결제할 수 있습니다.");
  await expect(buyer.page.getByRole("main")).toMatchAriaSnapshot(`
    - heading "주문·결제" [level=1]
    - heading "토스 티셔츠 외 1건" [level=2]
    - list:
      - /children: equal
      - listitem: 토스 티셔츠 29,000원 × 2개 58,000원
      - listitem: 줄무늬 양말 4,500원 × 1개 4,500원
    - group "쿠폰":
      - radio "사용 안 함" [checked]
    - text: 쿠폰 코드
    - textbox "쿠폰 코드"
    - button "쿠폰 받기"
    - region "결제 수단":
      - iframe
      - iframe
    - term: 상품 금액
    - definition: 62,500원
    - term: 쿠폰 할인
    - definition: 0원
    - term: 결제 금액
    - definition: 62,500원
    - button "62,500원 결제하기" [disabled]
    - paragraph: 필수 약관에 동의하면 결제할 수 있습니다.
  `);
  // In no order that is promised.
  for (const coupon of ["10% 할인 (최대 5,000원) −5,000원", "첫 구매 3,000원 할인 −3,000원"]) {
    await expect(buyer.page.getByRole("radio", { name: coupon })).toBeEnabled();
  }
  const refused = "10만 원 이상 15,000원 할인 100,000원 이상 주문할 때 사용할 수 있습니다.";
  await expect(buyer.page.getByRole("radio", { name: refused })).toBeDisabled();
  await passesAudit(buyer);
  // With a sentence on it, and the button enabled.
  await buyer.agree();
  await buyer.payButton.click();
  await expect(buyer.page.getByRole("main").getByRole("alert")).toHaveText("카드사와 할부 개월을 선택해 주세요.");
  await passesAudit(buyer);
});

test("checkout without Toss's script", async ({ buyer }) => {
  buyer.expectErrors(/ERR_FAILED.*\/v2\/standard/, /SCRIPT_NOT_LOADED/);
  await buyer.page.route("**/v2/standard", (route) => route.abort());
  await buyer.order({ mug: 1 });
  await expect(buyer.page.getByRole("region", { name: "결제 수단" })).toMatchAriaSnapshot(`
    - alert: /불러오지 못했습니다/
    - button "다시 시도"
  `);
  await passesAudit(buyer);
});

test("success", async ({ buyer }) => {
  await buyer.buy();
  await expect(buyer.page.getByRole("main")).toMatchAriaSnapshot(`
    - heading "결제가 완료되었습니다" [level=1]
    - paragraph: 62,500원 결제가 승인되었습니다.
    - paragraph:
      - link "상점으로 가기":
        - /url: /
    - heading "주문 상품" [level=2]
    - list:
      - /children: equal
      - listitem: 토스 티셔츠 29,000원 × 2개 58,000원
      - listitem: 줄무늬 양말 4,500원 × 1개 4,500원
    - term: 상품 금액
    - definition: 62,500원
    - term: 결제 금액
    - definition: 62,500원
    - heading "결제 정보" [level=2]
    - term: 결제 수단
    - definition: 카드
    - term: 카드
    - definition: /^신한카드 .*\\*.*$/
    - term: 할부
    - definition: 일시불
    - term: 승인 시각
    - definition: /^\\d{4}\\. \\d+\\. \\d+\\. \\d{2}:\\d{2}$/
    - term: 영수증
    - definition:
      - link "영수증 보기":
        - /url: /\\/receipt\\/redirection/
    - heading "주문 정보" [level=2]
    - term: 주문 번호
    - definition: /^[A-Za-z0-9_-]{6,64}$/
    - term: 주문 시각
    - definition: /^\\d{4}\\. \\d+\\. \\d+\\. \\d{2}:\\d{2}$/
    - term: 주문자
    - definition: 홍길동
    - term: 이메일
    - definition: /^hong\\d{8}@example\\.com$/
    - term: 휴대폰
    - definition: /^010\\d{8}$/
  `);
  await passesAudit(buyer);
});

test("in doubt", async ({ buyer, shop }) => {
  const orderId = await buyer.order({ mug: 1 });
  const address = await shop.authenticate(await buyer.stored(orderId));
  await shop.fault(orderId, { call: "confirm", kind: "lose", when: "after" });
  await shop.fault(orderId, { call: "read", kind: "hold", when: "before" });
  await buyer.page.goto(address);
  await expect(buyer.page.getByRole("main")).toMatchAriaSnapshot(`
    - heading "확인 중입니다, 다시 결제하지 마세요" [level=1]
    - paragraph: /결과가 나오면 이 화면이 바뀝니다/
    - progressbar "결제 결과 확인 중"
    - paragraph:
      - link "지금 다시 확인하기":
        - /url: /^\\/orders\\//
    - heading "주문 상품" [level=2]
  `);
  await passesAudit(buyer);
  await shop.liftFaults(orderId);
  await buyer.seesPaid(orderId);
});

test("fail", async ({ buyer }) => {
  const orderId = await buyer.order({ mug: 1 });
  const message = encodeURIComponent("카드사에서 거절했습니다.");
  await buyer.page.goto(`/fail?code=REJECT_CARD_COMPANY&message=${message}&orderId=${orderId}`);
  await expect(buyer.page.getByRole("main")).toMatchAriaSnapshot(`
    - alert:
      - heading "결제되지 않았습니다" [level=1]
      - paragraph: /카드사에서 승인을 거절해 결제되지 않았습니다/
      - paragraph: "토스가 보낸 내용: “카드사에서 거절했습니다.”"
    - button "파란 머그컵 12,000원 다시 결제하기"
    - paragraph:
      - link "장바구니로 돌아가기":
        - /url: /cart
  `);
  await passesAudit(buyer);
});

test("not found", async ({ buyer }) => {
  buyer.expectErrors(/status of 404/);
  await buyer.page.goto("/nowhere");
  await expect(buyer.page.getByRole("main")).toMatchAriaSnapshot(`
    - alert:
      - heading "찾을 수 없습니다" [level=1]
      - paragraph: 없는 주소입니다. 주소를 다시 확인해 주세요.
    - paragraph:
      - link "상점으로 가기":
        - /url: /
  `);
  await passesAudit(buyer);
});
