// A shop in one file: Node's own modules, Toss's two addresses and a pair of keys.
import { randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const { TOSS_API_URL, TOSS_SCRIPT_URL, TOSS_CLIENT_KEY, TOSS_SECRET_KEY, PORT = "0" } = process.env;
const customerKey = `customer-${randomBytes(12).toString("hex")}`;
const page = readFileSync(new URL("index.html", import.meta.url), "utf8")
  .replace("{{script}}", TOSS_SCRIPT_URL)
  .replace("{{clientKey}}", TOSS_CLIENT_KEY)
  .replace("{{customerKey}}", customerKey);

/** What was ordered, and how far it has come. */
const orders = new Map();

function newOrder(amount = 33_000) {
  const order = { orderId: randomUUID(), orderName: "머그컵 외 1건", amount, status: "PENDING" };
  orders.set(order.orderId, order);
  return order;
}

async function toss(method, path, body) {
  const response = await fetch(TOSS_API_URL + path, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${TOSS_SECRET_KEY}:`).toString("base64")}`,
      "content-type": "application/json",
      ...(method === "POST" && { "idempotency-key": randomUUID() }),
    },
    body: body && JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new Error(answer.message), { code: answer.code });
  return answer;
}

/** The order as Toss's answer has it. */
function follow(order, payment) {
  const { paymentKey, status, secret, balanceAmount, method, virtualAccount } = payment;
  return Object.assign(order, { paymentKey, status, secret, balanceAmount, method, virtualAccount });
}

const routes = {
  "GET /": () => ({ html: page }),

  "POST /orders": () => {
    const { orderId, orderName, amount } = newOrder();
    return { json: { orderId, orderName, amount } };
  },

  // The buyer is back. The address is a claim: the stored order decides.
  async "GET /success"({ query }) {
    const { paymentKey, orderId, amount } = query;
    const order = orders.get(orderId);
    if (!order || String(order.amount) !== amount) return { status: 400, text: "amount mismatch" };
    if (order.status === "PENDING") {
      follow(order, await toss("POST", "/v1/payments/confirm", { paymentKey, orderId, amount: order.amount }));
    }
    return shown(order);
  },

  "GET /fail": ({ query }) => ({ status: 400, text: `${query.code}: ${query.message}` }),

  // A card may be charged from now on; the first time at once.
  async "GET /subscribed"({ query }) {
    const { authKey, customerKey } = query;
    const { billingKey } = await toss("POST", "/v1/billing/authorizations/issue", { authKey, customerKey });
    const order = newOrder(9_900);
    const { orderId, orderName, amount } = order;
    follow(order, await toss("POST", `/v1/billing/${billingKey}`, { customerKey, amount, orderId, orderName }));
    return shown(order);
  },

  // Anyone can post here: the secret must fit, and Toss has the last word.
  async "POST /webhook"({ body }) {
    const { orderId, secret } = JSON.parse(body);
    const order = orders.get(orderId);
    const known = Buffer.from(order?.secret ?? "");
    const given = Buffer.from(String(secret ?? ""));
    if (known.length > 0 && known.length === given.length && timingSafeEqual(known, given)) {
      follow(order, await toss("GET", `/v1/payments/orders/${orderId}`));
      order.told = (order.told ?? 0) + 1;
    }
    return { text: "ok" };
  },

  async "POST /refund"({ query }) {
    const order = orders.get(query.orderId);
    const path = `/v1/payments/${order.paymentKey}/cancel`;
    follow(order, await toss("POST", path, { cancelReason: "구매자 변심", cancelAmount: Number(query.amount) }));
    return { json: order };
  },

  "GET /order": ({ query }) => ({ json: orders.get(query.orderId) ?? null }),
};

/** The order as a page; the buyer's own address of it. */
function shown({ orderId, status, method, amount, virtualAccount }) {
  const account = virtualAccount ? ` ${virtualAccount.accountNumber}` : "";
  return { text: `${status} ${method} ${amount}원${account} ${orderId}` };
}

async function answer(request) {
  const { pathname, searchParams } = new URL(request.url, "http://shop");
  const route = routes[`${request.method} ${pathname}`];
  if (!route) return { status: 404, text: "not found" };
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  try {
    return await route({ query: Object.fromEntries(searchParams), body: Buffer.concat(chunks).toString() });
  } catch (error) {
    return { status: 502, text: `${error.code ?? "ERROR"}: ${error.message}` };
  }
}

const server = createServer(async (request, response) => {
  const { status = 200, html, json, text } = await answer(request);
  const type = html ? "text/html" : json !== undefined ? "application/json" : "text/plain";
  response.writeHead(status, { "content-type": `${type}; charset=utf-8` });
  response.end(html ?? text ?? JSON.stringify(json));
});
server.listen(Number(PORT), "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${server.address().port}`);
});
