// A sandbox of one's own for each worker, and a page that knows nothing but its script.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import { test as plain, expect, type FrameLocator, type Page } from "@playwright/test";

export { expect };

const PROGRAM = resolve(
  process.env.GYESAN_BIN ?? fileURLToPath(new URL("../../target/checked/gyesan", import.meta.url)),
);

/** Toss's public pairs: one for widgets(), one for payment() and brandpay(). */
export const GCK = "test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm";
export const CK = "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq";
const SECRETS = {
  [GCK]: "test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6",
  [CK]: "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R",
};

/** A program that prints its address, and its end. */
export async function start(command: string, args: string[], env: Record<string, string> = {}) {
  const program = spawn(command, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const kill = () => program.kill("SIGKILL");
  process.once("exit", kill);
  const ended = new Promise<never>((_, failed) => {
    program.on("exit", (code, signal) => failed(new Error(`${command} ended: ${code ?? signal}`)));
    program.on("error", failed);
  });
  const up = new Promise<string>((found) => {
    createInterface(program.stdout).on("line", (line) => {
      const [address] = line.match(/http:\/\/127\.0\.0\.1:\d+/) ?? [];
      if (address) found(address);
    });
  });
  const url = await Promise.race([up, ended]);
  const stop = async () => {
    program.kill("SIGTERM");
    await ended.catch(() => {});
    process.off("exit", kill);
  };
  return { url, stop };
}

/** Toss, as far as it is here. */
export class Toss {
  constructor(readonly url: string) {}

  async control(method: string, path: string, body?: object) {
    const response = await fetch(`${this.url}/__sandbox/${path}`, {
      method,
      headers: { "content-type": "application/json" },
      body: body && JSON.stringify(body),
    });
    expect(response.ok, `${method} ${path}: ${response.status}`).toBe(true);
    return response.json();
  }

  /** The API as a shop's server calls it. */
  async api(method: string, path: string, body?: object, clientKey: keyof typeof SECRETS = CK) {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        authorization: `Basic ${btoa(`${SECRETS[clientKey]}:`)}`,
        "content-type": "application/json",
      },
      body: body && JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  }

  /** Confirms what an address says that the buyer authenticated. */
  confirm(address: URL, clientKey: keyof typeof SECRETS) {
    const { paymentKey, orderId, amount } = Object.fromEntries(address.searchParams);
    return this.api("POST", "/v1/payments/confirm", { paymentKey, orderId, amount }, clientKey);
  }
}

let count = 0;
export const newOrderId = () => `order-${process.pid}-${(count += 1).toString().padStart(4, "0")}`;

/** A shop's page: two places for widgets, and the script. Nothing else is known of Toss. */
const html = (script: string) => `<!doctype html>
<html lang="ko"><head><meta charset="utf-8"><title>상점</title><link rel="icon" href="data:,">
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>:root { color-scheme: light dark; }</style></head>
<body><main><h1>상점</h1><div id="methods"></div><div id="terms"></div><button id="pay">결제</button>
<script src="${script}"></script>
<script>
  // What became of a call: its code, or "resolved".
  window.codeOf = async (call) => { try { await call(); return "resolved"; } catch (error) { return error.code; } };
  // What is known of a promise by now.
  window.stateOf = (promise) => Promise.race([
    promise.then(() => "resolved", (error) => error.code),
    new Promise((later) => setTimeout(() => later("pending"))),
  ]);
</script></main></body></html>`;

/** The window, wherever it is: a frame over the page, or the page itself. */
export function windowOf(page: Page, title = "결제창"): FrameLocator {
  return page.frameLocator(`iframe[title="${title}"]`);
}

const RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];

/** No rule of accessibility is broken, frames included. */
export async function passesAudit(page: Page, about: string) {
  const { violations, passes } = await new AxeBuilder({ page }).withTags(RULES).analyze();
  const broken = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`);
  expect(broken, about).toEqual([]);
  // An audit that looked at nothing finds nothing.
  expect(passes.length).toBeGreaterThan(5);
}

declare global {
  interface Window {
    TossPayments: any;
    codeOf(call: () => unknown): Promise<string>;
    stateOf(promise: Promise<unknown>): Promise<string>;
    [name: string]: any;
  }
}

export const test = plain.extend<
  { shop: Page },
  { toss: Toss; plainUrl: string }
>({
  toss: [
    async ({}, use) => {
      const { url, stop } = await start(PROGRAM, ["sandbox", "--addr", "127.0.0.1:0"]);
      await use(new Toss(url));
      await stop();
    },
    { scope: "worker" },
  ],
  plainUrl: [
    async ({ toss }, use) => {
      const server = createServer(({ url }, response) => {
        response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
        // A page for whoever brings the script along.
        response.end(url === "/bare" ? '<!doctype html><html lang="ko"><title>상점</title>' : html(`${toss.url}/v2/standard`));
      });
      await new Promise<void>((up) => server.listen(0, "127.0.0.1", up));
      await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      server.closeAllConnections();
      server.close();
    },
    { scope: "worker" },
  ],
  baseURL: ({ plainUrl }, use) => use(plainUrl),
  /** The plain page, open; nothing may go wrong in its console. */
  shop: async ({ page }, use) => {
    const heard: string[] = [];
    page.on("pageerror", (error) => heard.push(`pageerror: ${error}`));
    page.on("console", (message) => {
      if (message.type() === "error") heard.push(message.text());
    });
    await page.goto("/");
    await use(page);
    expect(heard, "errors in the console").toEqual([]);
  },
});
