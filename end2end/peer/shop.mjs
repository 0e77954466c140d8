// The shop that the benchmark measures against: Express, pg, one process. What a merchant writes in
// an afternoon, and no worse than that.
import express from "express";
import pg from "pg";

const { DATABASE_URL, TOSS_API_URL, TOSS_SECRET_KEY, LOG_LEVEL = "info", PORT = "0" } = process.env;
const TOSS_PATIENCE_MS = 60_000;
const authorization = `Basic ${Buffer.from(`${TOSS_SECRET_KEY}:`).toString("base64")}`;
const pool = new pg.Pool({ connectionString: DATABASE_URL, max: 10 });

// A statement with a name is prepared once on each connection.
const statement = (name, text) => (db, ...values) => db.query({ name, text, values });
const findOrder = statement("find-order", "select id, amount, status from orders where id = $1");
const findLines = statement(
  "find-lines",
  // Always in the same order, so that two buyers of the same goods do not wait for each other in a ring.
  "select product_id, quantity from order_lines where order_id = $1 order by product_id",
);
const takeOrder = statement(
  "take-order",
  "update orders set status = 'CONFIRMING', payment_key = $2 where id = $1 and status = 'PENDING'",
);
const takeStock = statement(
  "take-stock",
  "update products set stock = stock - $2 where id = $1 and stock >= $2",
);
const giveStock = statement("give-stock", "update products set stock = stock + $2 where id = $1");
const endOrder = statement(
  "end-order",
  "update orders set status = $2 where id = $1 and status = 'CONFIRMING'",
);
const note = statement("note", "insert into order_events (order_id, kind) values ($1, $2)");

class Refused extends Error {
  constructor(status, code) {
    super(code);
    this.status = status;
  }
}

function log(level, fields) {
  if (level === "info" && LOG_LEVEL !== "info") return;
  console.log(JSON.stringify({ time: new Date().toISOString(), level, ...fields }));
}

async function transaction(work) {
  const db = await pool.connect();
  try {
    await db.query("begin");
    const result = await work(db);
    await db.query("commit");
    return result;
  } catch (error) {
    await db.query("rollback").catch(() => {});
    throw error;
  } finally {
    db.release();
  }
}

/** The order is this call's alone, and its goods are put aside. */
function begin(orderId, paymentKey) {
  return transaction(async (db) => {
    const taken = await takeOrder(db, orderId, paymentKey);
    if (taken.rowCount !== 1) throw new Refused(409, "ALREADY_TAKEN");
    const lines = (await findLines(db, orderId)).rows;
    for (const { product_id, quantity } of lines) {
      const left = await takeStock(db, product_id, quantity);
      if (left.rowCount !== 1) throw new Refused(409, "OUT_OF_STOCK");
    }
    await note(db, orderId, "CONFIRM_BEGUN");
    return lines;
  });
}

function complete(orderId) {
  return transaction(async (db) => {
    const ended = await endOrder(db, orderId, "COMPLETED");
    if (ended.rowCount !== 1) throw new Refused(409, "ALREADY_ENDED");
    await note(db, orderId, "COMPLETED");
  });
}

function fail(orderId, lines) {
  return transaction(async (db) => {
    const ended = await endOrder(db, orderId, "FAILED");
    if (ended.rowCount !== 1) throw new Refused(409, "ALREADY_ENDED");
    for (const { product_id, quantity } of lines) await giveStock(db, product_id, quantity);
    await note(db, orderId, "FAILED");
  });
}

function askToss(body) {
  return fetch(`${TOSS_API_URL}/v1/payments/confirm`, {
    method: "POST",
    headers: {
      authorization,
      "content-type": "application/json",
      "idempotency-key": `confirm-${body.orderId}`,
    },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(TOSS_PATIENCE_MS),
  });
}

const app = express();
app.disable("x-powered-by");
app.use(express.json());

app.post("/api/confirm-payment", async (request, response) => {
  const { paymentKey, orderId, amount } = request.body ?? {};
  if (typeof paymentKey !== "string" || typeof orderId !== "string") throw new Refused(400, "BAD_REQUEST");
  const order = (await findOrder(pool, orderId)).rows[0];
  if (!order) throw new Refused(404, "NO_SUCH_ORDER");
  if (order.amount !== amount) throw new Refused(400, "AMOUNT_MISMATCH");

  const lines = await begin(orderId, paymentKey);
  // Without an answer nobody knows: the order stays as it is, for somebody to look at.
  const answer = await askToss({ paymentKey, orderId, amount: order.amount });
  const payment = await answer.json();
  if (answer.status >= 500) throw new Refused(502, payment.code);
  if (!answer.ok) {
    await fail(orderId, lines);
    throw new Refused(400, payment.code);
  }
  await complete(orderId);
  log("info", { message: "confirmed", orderId, amount });
  response.json({ orderId, status: "COMPLETED" });
});

app.use((error, request, response, next) => {
  if (response.headersSent) return next(error);
  const status = error.status ?? 500;
  log("error", { message: error.message, path: request.path, status });
  response.status(status).json({ code: status < 500 ? error.message : "INTERNAL" });
});

const server = app.listen(Number(PORT), "127.0.0.1", () => {
  console.log(`Shop: http://127.0.0.1:${server.address().port}`);
});
