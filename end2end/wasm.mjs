// Runs the WASM tests in Chromium: cargo serves them as a page, the browser opens it, and the
// page says how they went. Needs no chromedriver, which must match the browser's version.
import { spawn } from "node:child_process";
import { chromium } from "@playwright/test";
import { chromiumPath, launchArgs } from "./browser.mjs";

// A cold build of everything on a small machine, and the tests.
const LONGEST_MS = 20 * 60 * 1000;
// The tests alone, which take seconds.
const VERDICT_MS = 3 * 60 * 1000;

const cargo = spawn(
  "cargo",
  ["test", "--target", "wasm32-unknown-unknown", "--target-dir", "target/front",
    "--no-default-features", "--features", "hydrate", "--test", "web"],
  {
    cwd: new URL("..", import.meta.url),
    // A group of its own, so that the server it starts can be ended with it.
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: "wasm-bindgen-test-runner",
      NO_HEADLESS: "1",
      WASM_BINDGEN_TEST_ADDRESS: "127.0.0.1:0",
    },
  },
);
const ended = new Promise((resolve) => {
  cargo.on("exit", (code, signal) => resolve(`cargo ended (${code ?? signal}) before there was a verdict`));
  cargo.on("error", (error) => resolve(`cargo did not start: ${error.message}`));
});

function endCargo() {
  try {
    process.kill(-cargo.pid);
  } catch {
    // It has ended already.
  }
}
process.on("exit", endCargo);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(1));

/** Where the page is, once it is. */
function address() {
  return new Promise((resolve) => {
    let heard = "";
    cargo.stdout.on("data", (chunk) => {
      process.stdout.write(chunk);
      heard += chunk;
      const found = heard.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (found) resolve(found[0]);
    });
  });
}

/** The words of the page, once they say how it went. */
async function verdict() {
  const url = await address();
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: launchArgs });
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error(error));
  await page.goto(url);
  const output = page.locator("#output", { hasText: /test result: (ok|FAILED)/ });
  await output.waitFor({ timeout: VERDICT_MS });
  const words = await output.innerText();
  await browser.close();
  return words;
}

const late = new Promise((resolve) => {
  setTimeout(() => resolve("the WASM tests gave no verdict in time"), LONGEST_MS);
});
const failed = (error) => `the page gave no verdict: ${error.message}`;
const words = await Promise.race([verdict().catch(failed), ended, late]);
console.log(words);
process.exit(/test result: ok\. [1-9]\d* passed; 0 failed/.test(words) ? 0 : 1);
