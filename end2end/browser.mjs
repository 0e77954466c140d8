// Finds a Chromium with Korean letters, and installs one where there is none.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "@playwright/test";

/** The browser to drive: CHROMIUM_PATH, the system's, or Playwright's own. */
export function chromiumPath() {
  const known = [
    process.env.CHROMIUM_PATH,
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    chromium.executablePath(),
  ];
  return known.find((path) => path && existsSync(path));
}

/** Started so that it makes no calls of its own. */
export const launchArgs = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function run(command, args) {
  try {
    execFileSync(command, args, { stdio: "inherit" });
    return true;
  } catch {
    return false;
  }
}

function hasKorean() {
  try {
    return execFileSync("fc-list", [":lang=ko"]).length > 0;
  } catch {
    return process.platform !== "linux";
  }
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const isDebian = existsSync("/usr/bin/apt-get") && process.getuid?.() === 0;
  const missing = [chromiumPath() ? "" : "chromium", hasKorean() ? "" : "fonts-noto-cjk"];
  const packages = missing.filter(Boolean);
  if (packages.length > 0 && isDebian) {
    run("apt-get", ["update", "-qq"]);
    run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...packages, "fontconfig"]);
  }
  if (!chromiumPath()) {
    run("npx", ["playwright", "install", "chromium"]);
  }
  if (!chromiumPath()) {
    console.error("No Chromium: install one, or set CHROMIUM_PATH to its executable.");
    process.exit(1);
  }
  if (!hasKorean()) {
    console.error("No Korean font was found: text in screenshots will be empty boxes (fonts-noto-cjk).");
  }
}
