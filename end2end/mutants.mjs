// Plants faults in a copy of the program on purpose, one at a time, and looks after how many simulated
// histories `gyesan simulate` finds each. A fault that is never found is a hole in what is checked.
//
//   node mutants.mjs           all of them (`make mutants`)
//   node mutants.mjs --check   only that each still fits the source it changes
//   node mutants.mjs NAME…     these
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const TREE = join(ROOT, "target/mutants/tree");
const BUILD = join(ROOT, "target/mutants/build");
const HISTORIES = Number(process.env.HISTORIES ?? 10_000);

const MUTANTS = [
  {
    name: "one cart is paid twice",
    file: "src/server/db/repeats.rs",
    from: "other.customer_id = orders.customer_id and other.id <> orders.id\n",
    to: "other.customer_id = orders.customer_id and other.id = 'x'\n",
  },
  {
    name: "a key that toss does not know holds the stock",
    file: "src/server/payment/verdict/reading.rs",
    from: "Told::Refused(told) if told.code == ABSENT => {",
    to: "Told::Refused(told) if told.code == ABSENT && told.message.is_empty() => {",
  },
  {
    name: "an order is moved whatever state it is in",
    file: "src/server/db/orders.rs",
    from: "where id = $9 and status = cast($10 as text)\",",
    to: "where id = $9 and status <> 'NO' || $10\",",
  },
  {
    name: "a coupon is used by whoever comes",
    file: "src/server/db/coupons.rs",
    from: "where id = $3 and used_at is null and valid_from",
    to: "where id = $3 and valid_from",
  },
  {
    name: "a coupon is not given back",
    file: "src/server/db/coupons.rs",
    from: "where id = $1 and used_order = $2",
    to: "where id = $1 and used_order = $2 and used_at = 0",
  },
  {
    name: "stock is not given back when an order fails",
    file: "src/server/payment/settle/record.rs",
    from: "(true, false) => give_back(&mut tx, order).await?,",
    to: "(true, false) => {}",
  },
  {
    name: "late money takes no stock again",
    file: "src/server/payment/settle/record.rs",
    from: "if let Some(gone) = take(&mut tx, order, now).await? {",
    to: "if let Some(gone) = None::<Reason> {",
  },
  {
    name: "what was not held is given back",
    file: "src/server/payment/settle/record.rs",
    from: "if from.holds() {\n                give_back",
    to: "if true {\n                give_back",
  },
  {
    name: "a time-out is taken for a refusal",
    file: "src/server/payment/settle/road.rs",
    from: "Told::Silence => return Ok(Verdict::Open),",
    to: 'Told::Silence => return Ok(Verdict::Refused(orders::Reason::new("TIMED_OUT", "시간 초과"))),',
  },
  {
    name: "a webhook is believed",
    file: "src/server/payment/inbox/drain.rs",
    from: "    match settle(app, &id, Why::Told, &Actor::Webhook).await? {",
    to: `    if fitting.iter().any(|row| row.body.contains("DONE")) {
        let mut tx = app.db.write().await?;
        for status in ["CONFIRMING", "PENDING", "WAITING_FOR_DEPOSIT"] {
            let from = crate::domain::order::Status::parse(status).ok_or(Error::Damaged("status"))?;
            let step = crate::server::db::orders::Step {
                order_id: &id, from, event: crate::domain::order::Event::Approved, reason: None,
                by: &Actor::Webhook, detail: "", money: None, now: app.clock.now(),
            };
            crate::server::db::orders::advance(&mut tx, step).await?;
        }
        tx.commit().await?;
    }
    match settle(app, &id, Why::Told, &Actor::Webhook).await? {`,
  },
  {
    name: "toss is called before the row is written",
    file: "src/server/payment/confirm/begin.rs",
    from: "    match app.ledger.write_all_as_seen(sent, order, rest).await {",
    to: `    let (id, sealed) = (order.id.as_str(), opening.sealed.unwrap_or_default());
    app.toss.confirm(id, sealed, opening.idempotency_key).await;
    match app.ledger.write_all_as_seen(sent, order, rest).await {`,
  },
  {
    name: "a doubt is decided while toss may still take the money",
    file: "src/server/payment/verdict/decide.rs",
    from: "pub const DOUBT_MS_MAX: i64 = 12 * 60 * 1_000;",
    to: "pub const DOUBT_MS_MAX: i64 = 1_000;",
  },
  {
    name: "a doubt is decided on the word of a clock that was set",
    file: "src/server/payment/settle/attempt.rs",
    from: "        let by_uptime = asked.and_then(|(asked, begun)| asked.since(&begun));\n",
    to: `        let by_uptime = asked.and_then(|(asked, begun)| asked.since(&begun));
        let by_clock = self.questions.last().zip(self.payment.decide_by);
        let by_uptime = by_uptime.max(by_clock.map(|(it, by)| it.asked_at - by + DOUBT_MS_MAX));
`,
  },
  {
    name: "a lease lasts for as long as the clock that gave it was ahead",
    file: "src/server/db/waits.rs",
    from: "pub const LEASE_MS_MAX: i64 = 150_000;",
    to: "pub const LEASE_MS_MAX: i64 = 150_000_000_000;",
  },
  {
    name: "half of a refused hold stays taken",
    file: "src/server/payment/confirm/begin.rs",
    from: "                rehearsal.rollback().await?;\n",
    to: "                rehearsal.commit().await?;\n",
  },
  {
    name: "the outbox row is written after the decision",
    file: "src/server/payment/settle/record.rs",
    from: "            cancels::insert(&mut tx, wanted).await?;\n",
    to: "            tx.commit().await?;\n            let mut tx = app.db.write().await?;\n            cancels::insert(&mut tx, wanted).await?;\n",
  },
  {
    name: "an order in doubt is not looked at again",
    file: "src/server/db/payments.rs",
    from: "\"update payments set due_at = $1, asked = asked + 1, leased_until = null,",
    to: "\"update payments set due_at = case when asked > 1 then null else $1 end, asked = asked + 1, leased_until = null,",
  },
  {
    name: "a deposit that the bank took back still counts",
    file: "src/server/payment/verdict/decide.rs",
    from: "Verdict::Approved(_) if facts.refunded.is_zero() => Decision::Nothing,",
    to: "Verdict::Approved(_) if facts.refunded.is_zero() => Decision::Nothing,\n        Verdict::DepositAwaited(_) => Decision::Nothing,",
  },
  {
    name: "the payment of another order counts for this one",
    file: "src/server/payment/verdict/reading.rs",
    from: "    if payment.order_id != order_id {",
    to: "    if payment.order_id.is_empty() {",
  },
];

const read = (file) => (existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), "utf8") : "");

const stale = MUTANTS.filter(({ file, from, to }) => from === to || read(file).split(from).length !== 2);
for (const { name, file } of stale) {
  console.error(`“${name}” does not fit ${file} any more`);
}
if (stale.length > 0) {
  process.exit(1);
}
if (process.argv[2] === "--check") {
  process.exit(0);
}

const chosen = process.argv.slice(2);
const mutants = MUTANTS.filter(({ name }) => chosen.length === 0 || chosen.includes(name));
rmSync(TREE, { recursive: true, force: true });
const tracked = execFileSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" }).split("\0").filter(Boolean);
for (const file of tracked) {
  mkdirSync(dirname(join(TREE, file)), { recursive: true });
  copyFileSync(join(ROOT, file), join(TREE, file));
}
// The binary carries the browser's files; what they are does not matter here.
if (!existsSync(join(TREE, "target/site"))) {
  mkdirSync(join(TREE, "target/site/pkg"), { recursive: true });
}

function build() {
  const flags = [
    "build", "--profile", "checked", "--features", "ssr", "--bin", "gyesan", "--target-dir", BUILD,
    "--config", "profile.checked.incremental=true",
  ];
  const built = spawnSync("cargo", flags, { cwd: TREE, encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
  return built.status === 0 ? null : built.stderr;
}

let missed = 0;
console.log("| fault | found after so many histories | by |\n| --- | ---: | --- |");
for (const { name, file, from, to } of mutants) {
  const source = readFileSync(join(TREE, file), "utf8");
  writeFileSync(join(TREE, file), source.replace(from, () => to));
  const failure = build();
  if (failure !== null) {
    console.error(failure);
    console.error(`“${name}” does not compile`);
    process.exit(1);
  }
  const args = ["simulate", "--seeds", String(HISTORIES)];
  const played = spawnSync(join(BUILD, "checked/gyesan"), args, { encoding: "utf8" });
  writeFileSync(join(TREE, file), source);
  // Threads play side by side: the lowest seed is the one that a single thread would have ended at.
  const broken = [...played.stdout.matchAll(/^BROKEN: seed (\d+):? (.*)$/gm)];
  const seed = broken.sort((one, other) => Number(one[1]) - Number(other[1]))[0];
  missed += seed ? 0 : 1;
  console.log(seed ? `| ${name} | ${seed[1]} | ${seed[2]} |` : `| ${name} | NOT FOUND | |`);
}
process.exit(missed === 0 ? 0 : 1);
