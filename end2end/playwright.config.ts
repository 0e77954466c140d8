// Journeys through the shop in a real Chromium. Each worker starts a shop of its own (tests/shop.ts).
import { defineConfig } from "@playwright/test";
import { chromiumPath, launchArgs } from "./browser.mjs";

export default defineConfig({
  testDir: "tests",
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  retries: 0,
  // Slow machines are slow; no test passes sooner for waiting less.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [["list"], ["./verdict.ts"]],
  use: {
    browserName: "chromium",
    launchOptions: { executablePath: chromiumPath(), args: launchArgs },
    locale: "ko-KR",
    timezoneId: "Asia/Seoul",
    viewport: { width: 1280, height: 800 },
  },
});
