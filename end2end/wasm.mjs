// Runs the WASM tests in Chromium: cargo serves them as a page, the browser opens it, and the
// page says how they went. Needs no chromedriver, which must match the browser's version.
import { spawn } from "node:child_process";
import { chromium } from "@playwright/test";
import { chromiumPath, launchArgs } from "./browser.mjs";

const LONGEST_MS = 20 * 60 * 1000;

const cargo = spawn(
  "cargo",
  ["test", "--target", "wasm32-unknown-unknown", "--target-dir", "target/front",
    "--no-default-features", "--features", "hydrate", "--test", "web"],
  {
    cwd: "..",
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

function stop(code) {
  try {
    process.kill(-cargo.pid);
  } catch {
    // It has ended already.
  }
  process.exit(code);
}

const late = setTimeout(() => {
  console.error("the WASM tests gave no verdict in time");
  stop(1);
}, LONGEST_MS);

let heard = "";
cargo.stdout.on("data", async (chunk) => {
  process.stdout.write(chunk);
  heard += chunk;
  const address = heard.match(/http:\/\/[\d.]+:\d+/)?.[0];
  if (!address) return;
  cargo.stdout.removeAllListeners("data");
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: launchArgs });
  const page = await browser.newPage();
  page.on("pageerror", (error) => console.error(error));
  await page.goto(address);
  const verdict = page.locator("#output", { hasText: /test result: (ok|FAILED)/ });
  await verdict.waitFor({ timeout: LONGEST_MS });
  const output = await verdict.innerText();
  console.log(output);
  clearTimeout(late);
  await browser.close();
  stop(/test result: ok\. [1-9]\d* passed; 0 failed/.test(output) ? 0 : 1);
});
cargo.on("exit", (code) => stop(code === 0 ? 1 : code));
