// What the system says: CPU time and memory of programs, and what a commit costs that does nothing else.
import { closeSync, fdatasyncSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";

// Linux tells user space times in hundredths of a second, whatever its own clock (USER_HZ; proc(5)).
const TICK_MS = 10;
const RAW_COMMITS = 300;

/** Fields of /proc/<pid>/stat from the third on: the second is a name that may hold blanks. */
function stat(pid) {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  return text.slice(text.lastIndexOf(")") + 2).split(" ");
}

const PARENT = 1;
const USER = 11;
const sum = (fields, count) => fields.slice(USER, USER + count).reduce((all, ticks) => all + Number(ticks), 0);

export const cpuMs = (pid) => sum(stat(pid), 2) * TICK_MS;

export function memoryMb(pid) {
  const line = readFileSync(`/proc/${pid}/status`, "utf8").match(/^VmRSS:\s+(\d+) kB$/m);
  return Number(line[1]) / 1024;
}

/** The program that has started the process. */
export const parent = (pid) => Number(stat(pid)[PARENT]);

/** CPU time of a program, of its children, and of those that it had. */
export function familyCpuMs(pid) {
  let ticks = sum(stat(pid), 4);
  for (const name of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const fields = stat(name);
      if (Number(fields[PARENT]) === pid) ticks += sum(fields, 4);
    } catch {
      // Ended in between.
    }
  }
  return ticks * TICK_MS;
}

export const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

async function measured(once) {
  const took = [];
  for (let number = 0; number < RAW_COMMITS; number += 1) {
    const begun = performance.now();
    await once(number);
    took.push(performance.now() - begun);
  }
  return percentile(took.sort((a, b) => a - b), 0.5);
}

/** Median of a row and its commit, one after the other. */
export async function rawPostgres(client) {
  await client.query("create table raw_commits (id bigint primary key, text text)");
  const text = "insert into raw_commits (id, text) values ($1, 'one row and its commit')";
  return measured((id) => client.query({ name: "raw", text, values: [id] }));
}

/** The same on SQLite; where Node has none (before 22.5), of what a commit waits for: a page that is
    written over, and the disk's word. */
export async function rawSqlite(folder) {
  const sqlite = await import("node:sqlite").catch(() => undefined);
  if (sqlite) {
    const db = new sqlite.DatabaseSync(join(folder, "raw.db"));
    db.exec("pragma journal_mode = wal; pragma synchronous = full; create table raw_commits (id bigint primary key, text text)");
    const insert = db.prepare("insert into raw_commits (id, text) values (?, 'one row and its commit')");
    const median = await measured((id) => insert.run(id));
    db.close();
    return { name: "raw commit on SQLite", median };
  }
  const file = openSync(join(folder, "raw"), "w");
  const page = Buffer.alloc(4096, ".");
  for (let number = 0; number < RAW_COMMITS; number += 1) writeSync(file, page, 0, page.length, number * page.length);
  fdatasyncSync(file);
  const median = await measured((number) => {
    writeSync(file, page, 0, page.length, number * page.length);
    fdatasyncSync(file);
  });
  closeSync(file);
  return { name: "a page and fdatasync, which a commit on SQLite waits for", median };
}
