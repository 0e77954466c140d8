// A shop of one's own for each worker, and the verbs of those who use it.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { test as plain, expect, type BrowserContext, type Page } from "@playwright/test";

export { expect };

/** The program under test. */
const PROGRAM = resolve(
  process.env.GYESAN_BIN ?? fileURLToPath(new URL("../../target/checked/gyesan", import.meta.url)),
);

const NAMES = { tee: "토스 티셔츠", mug: "파란 머그컵", socks: "줄무늬 양말", bag: "캔버스 장바구니" };
type Cart = Partial<Record<keyof typeof NAMES, number>>;

/** Two things for 62,500원: enough for instalments and for the small coupons. */
export const CART: Cart = { tee: 2, socks: 1 };

export const BUYER = { name: "홍길동", email: "hong@example.com", mobilePhone: "010-1234-5678" };

function newPerson(): typeof BUYER {
  const digits = String(Math.floor(Math.random() * 1e8)).padStart(8, "0");
  const mobilePhone = `010-${digits.slice(0, 4)}-${digits.slice(4)}`;
  return { name: BUYER.name, email: `hong${digits}@example.com`, mobilePhone };
}

/** `12,000원` */
export const won = (amount: number) => `${amount.toLocaleString("ko-KR")}원`;

/** A call that the sandbox received. */
interface Call {
  method: string;
  path: string;
  status: number | null;
  fault: string | null;
}

/** A shop that is up, with the sandbox beside it. */
export class Shop {
  constructor(
    readonly url: string,
    readonly toss: string,
    private readonly database: string,
  ) {}

  /** What staff type into a terminal. */
  staff(...command: string[]) {
    const database = ["--database-url", this.database];
    return execFileSync(PROGRAM, [...command, ...database], { env: {}, encoding: "utf8" });
  }

  /** The control API of the sandbox. */
  private async control(method: string, path: string, body?: object) {
    const response = await fetch(`${this.toss}/__sandbox/${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
    return response.json();
  }

  /** What the next call about an order will suffer. */
  fault(orderId: string, fault: object) {
    return this.control("POST", "faults", { orderId, ...fault });
  }

  /** Lets everything about an order go on. */
  liftFaults(orderId: string) {
    return this.control("DELETE", `faults?orderId=${orderId}`);
  }

  /** Whether the sandbox still waits for a call that a fault is meant for. */
  async isFaultUnmet(orderId: string): Promise<boolean> {
    const { faults } = await this.control("GET", "faults");
    return faults.some((fault: { orderId: string }) => fault.orderId === orderId);
  }

  /** Pays for an order in no browser; says where the buyer is led back to. */
  async authenticate(order: { orderId: string; orderName: string; amount: number; clientKey: string }) {
    const { orderId, orderName, amount, clientKey } = order;
    const claim = { clientKey, orderId, orderName, amount, method: "CARD" };
    const { paymentKey } = await this.control("POST", "authenticate", claim);
    return `/success?paymentType=NORMAL&orderId=${orderId}&paymentKey=${paymentKey}&amount=${amount}`;
  }

  /** The money for a virtual account arrives. */
  async deposit(orderId: string) {
    const [{ paymentKey }] = (await this.control("GET", `payments?orderId=${orderId}`)).payments;
    await this.control("POST", `payments/${paymentKey}/deposit`, { depositorName: BUYER.name });
  }

  /** The bank takes the deposit back. */
  async reverseDeposit(orderId: string) {
    const [{ paymentKey }] = (await this.control("GET", `payments?orderId=${orderId}`)).payments;
    await this.control("POST", `payments/${paymentKey}/reverse-deposit`, {});
  }

  /** What Toss posts when something has changed, so that nobody waits for the next look. */
  async hint(orderId: string) {
    const data = { orderId, lastTransactionKey: crypto.randomUUID() };
    const body = JSON.stringify({ eventType: "PAYMENT_STATUS_CHANGED", data });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`${this.url}/webhooks/toss`, { method: "POST", headers, body });
    expect(answer.status).toBe(200);
  }

  /** Staff give money back; says what was printed. */
  refund(orderId: string, ...options: string[]) {
    return this.staff("refund", orderId, "--reason", "고객 요청", ...options);
  }

  async payments(orderId: string): Promise<{ status: string; balanceAmount: number }[]> {
    return (await this.control("GET", `payments?orderId=${orderId}`)).payments;
  }

  /** The confirms that came for an order. */
  async confirms(orderId: string): Promise<Call[]> {
    const { calls } = await this.control("GET", `calls?orderId=${orderId}`);
    return calls.filter((call: Call) => call.path.endsWith("/confirm"));
  }

  /** Starts the program on free ports with a database of its own. */
  static async start(settings: string[] = []): Promise<{ shop: Shop; stop: () => Promise<void> }> {
    const folder = mkdtempSync(join(tmpdir(), "gyesan-end2end-"));
    const free = "127.0.0.1:0";
    const database = `sqlite://${folder}/shop.db`;
    const program = spawn(
      PROGRAM,
      ["serve", "--addr", free, "--sandbox-addr", free, "--database-url", database, ...settings],
      // Neither a file of the repository nor a developer's settings may play a part.
      { cwd: folder, env: { PATH: process.env.PATH, GYESAN_LOG: "off" }, stdio: ["ignore", "pipe", "inherit"] },
    );
    const ended = new Promise<number | string | null>((done) => {
      program.on("exit", (code, signal) => done(code ?? signal));
      program.on("error", (error) => done(error.message));
    });
    const kill = () => program.kill("SIGKILL");
    process.once("exit", kill);
    let said = "";
    const shop = new Promise<Shop>((up) => {
      createInterface(program.stdout).on("line", (line) => {
        said += `${line}\n`;
        const [, url] = said.match(/^Shop:\s+(http:\S+)/m) ?? [];
        const [, toss] = said.match(/^Toss:\s+the sandbox at (http:\S+)/m) ?? [];
        if (url && toss) up(new Shop(url, toss, database));
      });
    });
    const failed = ended.then((end) => {
      throw new Error(`${PROGRAM} did not start: ${end}\n${said}`);
    });
    const stop = async () => {
      program.kill("SIGTERM");
      expect(await ended, "a stop is no failure").toBe(0);
      process.off("exit", kill);
      rmSync(folder, { recursive: true });
    };
    return { shop: await Promise.race([shop, failed]), stop };
  }
}

/** What went wrong in a browser's console, held against what a test says must go wrong. */
class Console {
  private heard: string[] = [];
  private expected: RegExp[] = [];

  listen(context: BrowserContext) {
    context.on("weberror", (error) => this.heard.push(`pageerror: ${error.error()}`));
    context.on("console", (message) => {
      if (message.type() === "error") this.heard.push(`${message.text()} (${message.location().url})`);
    });
  }

  expect(...errors: RegExp[]) {
    this.expected.push(...errors);
  }

  settle() {
    const isNamed = (error: string) => this.expected.some((pattern) => pattern.test(error));
    expect(this.heard.filter((error) => !isNamed(error)), "errors in the console").toEqual([]);
    const missing = this.expected.filter((pattern) => !this.heard.some((error) => pattern.test(error)));
    expect(missing, "errors that did not come").toEqual([]);
  }
}

/** A person with a browser. */
export class Buyer {
  constructor(
    readonly page: Page,
    readonly shop: Shop,
    private readonly console: Console,
    /** Nobody else's phone and e-mail: a coupon is for a person, and a person has few open accounts. */
    readonly person = newPerson(),
  ) {}

  /** Errors in the console that belong to this test. */
  expectErrors(...errors: RegExp[]) {
    this.console.expect(...errors);
  }

  /** The same browser in another tab. */
  async anotherTab() {
    return new Buyer(await this.page.context().newPage(), this.shop, this.console, this.person);
  }

  // What there is to see.

  get status() {
    return this.page.getByTestId("status");
  }
  get total() {
    return this.page.getByTestId("total");
  }
  get payButton() {
    return this.page.getByRole("button", { name: /결제하기$/ });
  }
  /** Why the pay button is disabled. */
  get obstacle() {
    return this.page.locator("#obstacle");
  }
  get notice() {
    return this.page.locator(".notice-place .notice");
  }
  get methods() {
    return this.page.frameLocator('iframe[title="결제수단 선택"]');
  }
  get terms() {
    return this.page.frameLocator('iframe[title="약관 동의"]');
  }
  /** The payment window on a desk; on a phone it is the page itself. */
  get window() {
    return this.page.frameLocator('iframe[title="결제창"]');
  }
  product(id: keyof typeof NAMES) {
    return this.page.getByRole("listitem").filter({ has: this.page.getByText(NAMES[id], { exact: true }) });
  }

  // Verbs.

  /** From the shelf into the cart, press by press. */
  async fillCart(cart: Cart = CART) {
    await this.page.goto("/");
    let pieces = 0;
    for (const [id, count] of Object.entries(cart) as [keyof typeof NAMES, number][]) {
      for (let had = 0; had < count; had += 1) {
        await this.product(id).getByRole("button").click();
        pieces += 1;
        await expect(this.page.getByTestId("cart-bar")).toContainText(`장바구니 ${pieces}개`);
      }
    }
  }

  /** From the shelf to the order form. */
  async openCart() {
    await this.page.getByRole("link", { name: "주문하기" }).click();
    await expect(this.page.getByRole("heading", { name: "장바구니", level: 1 })).toBeVisible();
  }

  async fillForm(buyer = this.person) {
    await this.page.getByLabel("이름").fill(buyer.name);
    await this.page.getByLabel("이메일").fill(buyer.email);
    await this.page.getByLabel("휴대폰").fill(buyer.mobilePhone);
  }

  /** From an empty cart to the checkout page; says the order's id. */
  async order(cart: Cart = CART) {
    await this.fillCart(cart);
    await this.openCart();
    await this.fillForm();
    await this.page.getByRole("button", { name: /주문하기$/ }).click();
    return this.orderAtCheckout();
  }

  /** Orders what has just been paid, and means it. */
  async orderAgain(cart: Cart = CART) {
    await this.fillCart(cart);
    await this.openCart();
    await this.fillForm();
    await this.page.getByRole("button", { name: /주문하기$/ }).click();
    await expect(this.page.getByTestId("repeat")).toHaveText("같은 장바구니를 이미 결제했습니다");
    await this.page.getByRole("button", { name: "한 번 더 결제하기" }).click();
    return this.orderAtCheckout();
  }

  /** The order whose checkout page this is. */
  async orderAtCheckout() {
    await expect(this.page.getByRole("heading", { name: "주문·결제" })).toBeVisible();
    const orderId = new URL(this.page.url()).searchParams.get("orderId");
    expect(orderId).toMatch(/^[A-Za-z0-9_-]{6,64}$/);
    return orderId!;
  }

  /** The order as the server has it. */
  async stored(orderId: string) {
    const answer = await this.page.request.get(`/api/checkout?orderId=${orderId}`);
    expect(answer.status()).toBe(200);
    return answer.json();
  }

  async chooseCard(company = "신한", months?: string) {
    await this.methods.getByLabel("카드사").selectOption({ label: company });
    if (months) await this.methods.getByLabel("할부").selectOption({ label: months });
  }

  async chooseMethod(name: string) {
    await this.methods.getByRole("radio", { name }).check();
  }

  /** Agrees to all terms, which enables the button. */
  async agree() {
    await this.terms.getByLabel("전체 동의").check();
    await expect(this.payButton).toBeEnabled();
  }

  /** All that must be chosen before paying with a card. */
  async chooseCardAndAgree() {
    await this.chooseCard();
    await this.agree();
  }

  /** Presses the shop's button; the payment window opens, and says the same amount. */
  async openWindow() {
    const label = await this.payButton.innerText();
    await this.payButton.click();
    await expect(this.window.getByRole("button", { name: label })).toBeEnabled();
  }

  /** What is to happen once the window's button has been pressed. */
  async plot(trouble: string) {
    await this.window.getByText("시험 도구").click();
    await this.window.getByLabel("결제한 뒤에 일어날 일").selectOption(trouble);
  }

  /** Opens the window and pays in it. */
  async pay() {
    await this.openWindow();
    await this.window.getByRole("button", { name: /결제하기$/ }).click();
  }

  /** The whole way to a paid order. */
  async buy(cart: Cart = CART) {
    const orderId = await this.order(cart);
    await this.chooseCardAndAgree();
    await this.pay();
    await this.seesPaid(orderId);
    return orderId;
  }

  async seesPaid(orderId: string) {
    await expect(this.status).toHaveText("결제가 완료되었습니다");
    await expect(this.status).toHaveAttribute("data-status", "COMPLETED");
    await expect(this.page.getByText(orderId)).toBeVisible();
  }
}

export const test = plain.extend<
  { buyer: Buyer; visitor: () => Promise<Buyer>; watched: Console },
  { shop: Shop; settings: string[] }
>({
  /** More of the shop's settings, as on its command line. */
  settings: [[], { option: true, scope: "worker" }],
  shop: [
    async ({ settings }, use) => {
      const { shop, stop } = await Shop.start(settings);
      await use(shop);
      await stop();
    },
    { scope: "worker" },
  ],
  baseURL: ({ shop }, use) => use(shop.url),
  watched: async ({}, use) => {
    const watched = new Console();
    await use(watched);
    watched.settle();
  },
  buyer: async ({ page, shop, watched }, use) => {
    watched.listen(page.context());
    await use(new Buyer(page, shop, watched));
  },
  /** Somebody else: a browser that has never been here. */
  visitor: async ({ browser, shop, watched, contextOptions, baseURL }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async () => {
      const context = await browser.newContext({ ...contextOptions, baseURL });
      contexts.push(context);
      watched.listen(context);
      return new Buyer(await context.newPage(), shop, watched);
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});
