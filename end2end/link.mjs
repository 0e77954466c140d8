#!/usr/bin/env node
// The linker for the browser's side: rustc's own, but for what the page never calls.
//
// Why: whatever any crate exports is exported from the WASM and kept in it. wasm-streams, which comes with
// server functions, exports three classes that only streamed bodies use, and with them much of what runs
// futures: measured, 4 KB of the checkout page.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const isUnused = (name) => /intounderlying(byte)?(source|sink)/.test(name);

const given = process.argv.slice(2).flatMap((argument) =>
  // A long line is handed over as a file.
  argument.startsWith("@") ? readFileSync(argument.slice(1), "utf8").split("\n").filter(Boolean) : [argument],
);
const kept = given.filter((argument, place) => {
  const isExport = given[place - 1] === "--export" || argument.startsWith("--export=");
  const isName = argument === "--export" ? isUnused(given[place + 1]) : isExport && isUnused(argument);
  return !isName;
});
const rustc = process.env.RUSTC ?? "rustc";
const ask = (...what) => execFileSync(rustc, what, { encoding: "utf8" });
const host = ask("-vV").match(/^host: (.*)$/m)[1];
const linker = join(ask("--print", "sysroot").trim(), "lib/rustlib", host, "bin/rust-lld");
const { status, error } = spawnSync(linker, kept, { stdio: "inherit" });
if (error) throw error;
process.exit(status ?? 1);
