// The measured programs: a sandbox that both shops take for Toss, and each shop on a database of its own.
import { execFileSync, spawn } from "node:child_process";
import { openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import pg from "pg";
import { each, parsed, request } from "./load.mjs";

const BIN = process.env.GYESAN_BIN || new URL("../../target/release/gyesan", import.meta.url).pathname;
const LOG = process.env.PEER_LOG || "info";
const CLIENT_KEY = "test_gck_bench";
const SECRET_KEY = "test_gsk_bench";
const PRODUCTS = 1_000;
const PRICE = 3_000;
/** More than any run sells. */
const STOCK = 10_000_000;
/** As in `gyesan bench`: two lines, as carts tend to have more than one. */
const PIECES = [1, 2];
const AMOUNT = PRICE * PIECES.reduce((sum, pieces) => sum + pieces);
/** Orders prepared, and looked at, at once. */
const AT_ONCE = 16;

const product = (number) => `p${String(number).padStart(4, "0")}`;
const allProducts = Array.from({ length: PRODUCTS }, (_, number) => product(number));
/** What the order of this number is of: always the same two products, or the next two of all. */
const wish = (number, isSpread) => {
  const first = isSpread ? (number * PIECES.length) % PRODUCTS : 0;
  return PIECES.map((quantity, line) => ({ productId: product(first + line), quantity }));
};

const running = new Set();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** Starts a program; where it listens, once it has said so. Its log goes to a file. */
async function start(command, args, env, folder, sign) {
  const log = join(folder, `${sign}-${Date.now()}.log`);
  const errors = openSync(log, "w");
  const child = spawn(command, args, { stdio: ["ignore", "pipe", errors], env: { ...process.env, ...env } });
  running.add(child);
  const ended = new Promise((resolve) => child.on("exit", resolve)).then(() => running.delete(child));
  const stop = () => child.kill("SIGTERM") && ended;
  const url = await new Promise((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      if (line.startsWith(sign)) resolve(line.match(/http:\/\/[^/\s]+/)[0]);
    });
    ended.then(() => reject(new Error(`${command} did not start: ${readFileSync(log, "utf8")}`)));
  });
  return { url, pid: child.pid, stop };
}

export function startSandbox(folder) {
  const args = ["sandbox", "--addr", "127.0.0.1:0", "--client-key", CLIENT_KEY];
  return start(BIN, args, { GYESAN_SANDBOX_SECRET_KEY: SECRET_KEY }, folder, "Sandbox of Toss Payments:");
}

/** The buyer approves at the sandbox; the confirm that follows, ready to be sent. */
async function approve(toss, orderId, cookie) {
  const approval = { clientKey: CLIENT_KEY, orderId, orderName: "양말 외 1건", amount: AMOUNT, method: "CARD" };
  const answer = await toss.send(request("POST", "/__sandbox/authenticate", { body: approval }));
  const { paymentKey } = parsed(answer, 200);
  const body = { paymentKey, orderId, amount: AMOUNT };
  return { orderId, cookie, bytes: request("POST", "/api/confirm-payment", { body, cookie }) };
}

const numbers = (from, count) => Array.from({ length: count }, (_, index) => from + index);

/** What is wrong with the stock that is left, after orders of these numbers. */
function wrongStock(left, count, isSpread) {
  const sold = new Map();
  for (const number of numbers(0, count)) {
    for (const { productId, quantity } of wish(number, isSpread)) {
      sold.set(productId, (sold.get(productId) ?? 0) + quantity);
    }
  }
  return allProducts
    .filter((id) => left.get(id) !== STOCK - (sold.get(id) ?? 0))
    .map((id) => `of ${id} there are ${left.get(id)}, and ${sold.get(id) ?? 0} of ${STOCK} were sold`);
}

/** The Node shop, on a database that is empty. */
export async function startNode({ database, folder, sandbox, isSpread }) {
  const db = new pg.Client({ connectionString: database });
  await db.connect();
  await db.query(readFileSync(new URL("schema.sql", import.meta.url), "utf8"));
  await db.query("insert into products select unnest($1::text[]), $2, $3", [allProducts, PRICE, STOCK]);
  const shop = await start(process.execPath, [new URL("shop.mjs", import.meta.url).pathname], {
    NODE_ENV: "production", DATABASE_URL: database, TOSS_API_URL: sandbox.url, TOSS_SECRET_KEY: SECRET_KEY, LOG_LEVEL: LOG,
  }, folder, "Shop:");
  let placed = 0;
  return {
    ...shop,
    async orders(count) {
      const wanted = numbers(placed, count);
      placed += count;
      const ids = wanted.map((number) => `order-${String(number).padStart(8, "0")}`);
      await db.query("insert into orders (id, amount) select unnest($1::text[]), $2", [ids, AMOUNT]);
      const lines = wanted.flatMap((number, index) => wish(number, isSpread).map((line) => ({ order: ids[index], ...line })));
      await db.query(
        "insert into order_lines select *, $4 from unnest($1::text[], $2::text[], $3::int[])",
        [lines.map((line) => line.order), lines.map((line) => line.productId), lines.map((line) => line.quantity), PRICE],
      );
      return each(ids, AT_ONCE, [sandbox.url], (id, toss) => approve(toss, id));
    },
    async wrong(confirmed) {
      const states = await db.query("select status, count(*)::int from orders group by status");
      const told = states.rows.map(({ status, count }) => `${count} ${status}`).join(", ");
      const events = (await db.query("select count(*)::int from order_events")).rows[0].count;
      const left = await db.query("select id, stock from products");
      return [
        ...(told === `${confirmed} COMPLETED` ? [] : [`${confirmed} confirms were answered, and orders are: ${told}`]),
        ...(events === 2 * confirmed ? [] : [`${events} events of ${confirmed} orders`]),
        ...wrongStock(new Map(left.rows.map(({ id, stock }) => [id, stock])), confirmed, isSpread),
      ];
    },
    stop: () => db.end().then(shop.stop),
  };
}

/** This repository's shop, on a database that is empty. */
export async function startOurs({ database, folder, sandbox, isSpread }) {
  const env = { GYESAN_LOG: LOG === "info" ? "warn,gyesan=info" : LOG, DATABASE_URL: database };
  const run = (...args) =>
    execFileSync(BIN, args, { env: { ...process.env, ...env }, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const table = join(folder, "products.csv");
  const rows = allProducts.map((id) => `${id},${id},${PRICE},${STOCK}`);
  writeFileSync(table, ["id,name,price,stock", ...rows, ""].join("\n"));
  run("migrate");
  run("product", "import", table);
  const shop = await start(
    BIN,
    ["serve", "--addr", "127.0.0.1:0", "--seed", "never", "--toss-api-url", sandbox.url,
      "--toss-script-url", `${sandbox.url}/v2/standard`, "--toss-client-key", CLIENT_KEY],
    { ...env, TOSS_SECRET_KEY: SECRET_KEY }, folder, "Shop:",
  );
  const customer = { name: "홍길동", email: "hong@example.com", mobilePhone: "010-1234-5678" };
  const claims = [];
  return {
    ...shop,
    async orders(count) {
      const wanted = numbers(claims.length, count);
      const made = await each(wanted, AT_ONCE, [shop.url, sandbox.url], async (number, own, toss) => {
        const body = { lines: wish(number, isSpread), customer };
        const answer = await own.send(request("POST", "/api/place-order", { body }));
        const { orderId } = parsed(answer, 201);
        const cookies = [...answer.head.matchAll(/\r\nset-cookie: ([^;\r]+)/gi)].map((found) => found[1]);
        return approve(toss, orderId, cookies.join("; "));
      });
      claims.push(...made);
      return made;
    },
    async wrong(confirmed) {
      const told = await each(claims, AT_ONCE, [shop.url], async ({ orderId, cookie }, own) =>
        parsed(await own.send(request("GET", `/api/order-status?orderId=${orderId}`, { cookie })), 200).status);
      const completed = told.filter((status) => status === "COMPLETED").length;
      const left = run("product", "list").trim().split("\n").map((line) => line.split("\t"));
      return [
        ...(completed === confirmed && told.length === confirmed
          ? [] : [`${confirmed} confirms were answered, and of ${told.length} orders ${completed} are COMPLETED`]),
        ...wrongStock(new Map(left.map(([id, , stock]) => [id, Number(stock)])), confirmed, isSpread),
      ];
    },
  };
}
