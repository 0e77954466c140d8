// Weighs the checkout page as a browser gets it: every byte of our own, brotli, against a budget.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import http from "node:http";

const BUDGET = 41_500;

/** Bytes on the wire, as encoded. */
function get(url, cookie = "") {
  return new Promise((resolve, reject) => {
    http
      .get(url, { headers: { "accept-encoding": "br", accept: "*/*", cookie } }, (response) => {
        const parts = [];
        response.on("data", (part) => parts.push(part));
        response.on("end", () => {
          const body = Buffer.concat(parts);
          const encoding = response.headers["content-encoding"] ?? "none";
          resolve({ status: response.statusCode, bytes: body.length, encoding });
        });
      })
      .on("error", reject);
  });
}

const folder = mkdtempSync(join(tmpdir(), "gyesan-size-"));
const shop = spawn(
  process.env.GYESAN_BIN ?? new URL("../target/checked/gyesan", import.meta.url).pathname,
  ["serve", "--addr", "127.0.0.1:0", "--sandbox-addr", "127.0.0.1:0", "--database-url", `sqlite://${folder}/shop.db`],
  { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, GYESAN_LOG: "error" } },
);
let failed = true;
try {
  const address = await new Promise((resolve, reject) => {
    createInterface(shop.stdout).on("line", (line) => {
      const found = line.match(/^Shop:\s+(\S+)/);
      if (found) resolve(found[1]);
    });
    shop.on("exit", () => reject(new Error("the shop did not start")));
  });
  const placed = await fetch(`${address}/api/place-order`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      lines: [{ productId: "tee", quantity: 1 }, { productId: "mug", quantity: 2 }],
      customer: { name: "홍길동", email: "hong@example.com", mobilePhone: "01012345678" },
    }),
  });
  const { checkoutUrl } = await placed.json();
  // The page of the buyer: anyone else is shown less of it.
  const cookie = placed.headers.getSetCookie().map((header) => header.split(";")[0]).join("; ");
  const html = await (await fetch(checkoutUrl, { headers: { cookie } })).text();
  const named = [...html.matchAll(/(?:href|src)="(\/[^"]+\.(?:css|js|svg))"/g)].map((match) => match[1]);
  const folderOfFiles = html.match(/\/pkg\/[0-9a-f]+/)[0];
  const files = new Set([...named, `${folderOfFiles}/gyesan.js`, `${folderOfFiles}/gyesan.wasm`]);
  let sum = 0;
  const row = (name, { bytes, encoding }) => console.log(`${String(bytes).padStart(8)}  ${encoding.padEnd(5)} ${name}`);
  const page = await get(checkoutUrl, cookie);
  row("/checkout", page);
  sum += page.bytes;
  for (const file of files) {
    const got = await get(`${address}${file}`);
    if (got.status !== 200) throw new Error(`${file}: ${got.status}`);
    row(file, got);
    sum += got.bytes;
  }
  failed = sum > BUDGET;
  console.log(`${String(sum).padStart(8)}  of ${BUDGET} bytes ${failed ? "IS OVER BUDGET" : "is within budget"}`);
} finally {
  shop.kill("SIGTERM");
  await new Promise((resolve) => shop.on("exit", resolve));
  rmSync(folder, { recursive: true });
}
process.exit(failed ? 1 : 0);
