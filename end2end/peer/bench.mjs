// This shop against the one that a merchant would write in an afternoon (shop.mjs), side by side:
// both take the sandbox for Toss, and share the machine with it, the caller and the database.
//
//   node ../postgres.mjs --durable node bench.mjs
//
// PEER_SECONDS (10) is how long a cell is measured, PEER_AT_ONCE (64) how many confirms are under
// way, PEER_WARM_UP (2000) how many twice before, PEER_LOG (info) what both shops log, into a file;
// GYESAN_BIN the measured program.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { confirm } from "./load.mjs";
import { cpuMs, familyCpuMs, memoryMb, parent, percentile, rawPostgres, rawSqlite } from "./machine.mjs";
import { startNode, startOurs, startSandbox } from "./programs.mjs";

const setting = (name, standard) => {
  const value = Number(process.env[name] || standard);
  if (Number.isInteger(value) && value > 0) return value;
  console.error(`${name} must be a number such as ${standard}, not ${process.env[name]}`);
  return process.exit(1);
};
const SECONDS = setting("PEER_SECONDS", 10);
const AT_ONCE = setting("PEER_AT_ONCE", 64);
/** Confirms before anything is measured, twice: the second time tells how many make up a cell. */
const WARM_UP = setting("PEER_WARM_UP", 2_000);
/** More orders than the rate so far asks for, because a shop that warms up gets faster. */
const MARGIN = 1.15;

const server = process.env.GYESAN_TEST_POSTGRES;
if (!server) {
  console.error("GYESAN_TEST_POSTGRES is missing: the address of a PostgreSQL server; `make bench-peer` starts one");
  process.exit(1);
}
const folder = mkdtempSync(join(tmpdir(), "gyesan-peer-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

const admin = new pg.Client({ connectionString: `${server}/postgres` });
await admin.connect();
const postmaster = parent((await admin.query("select pg_backend_pid() as pid")).rows[0].pid);
const lacking = await admin.query(
  "select name, setting from pg_settings where name in ('fsync', 'synchronous_commit') and setting <> 'on'",
);
if (lacking.rowCount > 0) {
  console.error(`the server's commits are not durable: ${JSON.stringify(lacking.rows)}`);
  process.exit(1);
}

let made = 0;
async function onPostgres(use) {
  const name = `peer_${process.pid}_${(made += 1)}`;
  await admin.query(`create database ${name}`);
  try {
    return await use(`${server}/${name}`);
  } finally {
    await admin.query(`drop database ${name} with (force)`);
  }
}
const onSqlite = (use) => use(`sqlite://${join(folder, `shop-${(made += 1)}.db`)}`);

const NODE = { name: "Node, PostgreSQL", start: startNode, on: onPostgres };
const POSTGRES = { name: "this shop, PostgreSQL", start: startOurs, on: onPostgres };
const SQLITE = { name: "this shop, SQLite", start: startOurs, on: onSqlite };
/** There and back, so that a machine that gets slower is slower for all. */
const TURNS = [NODE, POSTGRES, SQLITE, SQLITE, POSTGRES, NODE];

const wrong = [];

/** One program on one new database: warmed up, measured, looked at. */
function cell({ name, start, on }, isSpread) {
  return on(async (database) => {
    const sandbox = await startSandbox(folder);
    const shop = await start({ database, folder, sandbox, isSpread });
    try {
      await confirm(await shop.orders(WARM_UP), AT_ONCE, shop.url);
      let { rate } = await confirm(await shop.orders(WARM_UP), AT_ONCE, shop.url);
      const took = [];
      let [seconds, ownMs, databaseMs] = [0, 0, 0];
      // Once, as a rule; again for what is left where the shop was faster than when it warmed up.
      while (seconds < SECONDS) {
        const claims = await shop.orders(Math.ceil(rate * (SECONDS - seconds) * MARGIN) + AT_ONCE);
        await admin.query("checkpoint");
        const before = [cpuMs(shop.pid), familyCpuMs(postmaster)];
        const sent = await confirm(claims, AT_ONCE, shop.url);
        ownMs += cpuMs(shop.pid) - before[0];
        databaseMs += familyCpuMs(postmaster) - before[1];
        for (const ms of sent.took) took.push(ms);
        seconds += sent.seconds;
        rate = took.length / seconds;
      }
      took.sort((a, b) => a - b);
      const row = {
        name,
        rate,
        p50: percentile(took, 0.5),
        p99: percentile(took, 0.99),
        shop: ownMs / took.length,
        database: on === onPostgres ? databaseMs / took.length : undefined,
        memory: memoryMb(shop.pid),
        seconds,
      };
      const found = await shop.wrong(took.length + 2 * WARM_UP);
      wrong.push(...found.map((sentence) => `${name}: ${sentence}`));
      return row;
    } finally {
      await shop.stop();
      await sandbox.stop();
    }
  });
}

const COLUMNS = [
  ["confirms/s", "rate", 0], ["p50 ms", "p50", 1], ["p99 ms", "p99", 1], ["shop's CPU ms", "shop", 2],
  ["database's CPU ms", "database", 2], ["RSS MB", "memory", 0], ["seconds", "seconds", 1],
];
const line = (cells) => console.log(`| ${cells.join(" | ")} |`);
function table(rows) {
  line([`${AT_ONCE} at once`, ...COLUMNS.map(([title]) => title)]);
  line(["---", ...COLUMNS.map(() => "---:")]);
  for (const row of rows) {
    line([row.name, ...COLUMNS.map(([, key, digits]) => row[key]?.toFixed(digits) ?? "–")]);
  }
}

const mean = (rows, { name }, key) => {
  const values = rows.filter((row) => row.name === name).map((row) => row[key]);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
};

async function turns(title, isSpread) {
  const rows = [];
  const raw = { postgres: [], sqlite: [] };
  let sqliteName;
  for (const one of TURNS) {
    raw.postgres.push(await onPostgres(async (database) => {
      const client = new pg.Client({ connectionString: database });
      await client.connect();
      const median = await rawPostgres(client);
      await client.end();
      return median;
    }));
    const sqlite = await rawSqlite(mkdtempSync(join(folder, "raw-")));
    sqliteName = sqlite.name;
    raw.sqlite.push(sqlite.median);
    rows.push(await cell(one, isSpread));
  }
  console.log(`\n${title}\n`);
  table(rows);
  const spread = (values) => `${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)} ms`;
  console.log(`\nBeside it, alone, medians: raw commit on PostgreSQL ${spread(raw.postgres)}; ${sqliteName} ${spread(raw.sqlite)}.`);
  for (const one of [SQLITE, POSTGRES]) {
    const [rate, cpu, memory] = ["rate", "shop", "memory"].map((key) => mean(rows, one, key) / mean(rows, NODE, key));
    console.log(`${one.name} ÷ Node: ${rate.toFixed(2)} of the confirms a second, ${cpu.toFixed(2)} of the shop's CPU, ${memory.toFixed(2)} of its memory.`);
  }
  const database = mean(rows, POSTGRES, "database") / mean(rows, NODE, "database");
  console.log(`${POSTGRES.name} ÷ Node: ${database.toFixed(2)} of the database's CPU.`);
  return rows;
}

const hot = await turns("Every order of the same two products", false);
const spread = await turns("Orders spread over 1,000 products", true);
console.log("");
for (const one of [NODE, POSTGRES, SQLITE]) {
  console.log(`${one.name}: all on two products ÷ spread ${(mean(hot, one, "rate") / mean(spread, one, "rate")).toFixed(2)}`);
}
await admin.end();
for (const sentence of wrong.slice(0, 20)) console.error(`WRONG: ${sentence}`);
console.log(wrong.length === 0 ? "Stock and orders add up." : `${wrong.length} things do not add up.`);
process.exit(wrong.length === 0 ? 0 : 1);
