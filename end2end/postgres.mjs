// Starts a PostgreSQL server of its own, runs a command with its address in
// GYESAN_TEST_POSTGRES, and stops the server again.
//
//   node postgres.mjs cargo test --features ssr tests::
//   node postgres.mjs --durable gyesan bench
//
// With --durable its commits are on the disk, for figures that mean something; and where its
// programs are missing the command runs without, and says what it lacks.

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const isDurable = process.argv[2] === "--durable";
const command = process.argv.slice(isDurable ? 3 : 2);

// Where Debian, Homebrew and others put the server's programs.
function programs() {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).map(Number).sort((a, b) => b - a) : [];
  const folders = versions.map((version) => `${debian}/${version}/bin`);
  const found = spawnSync("pg_config", ["--bindir"], { encoding: "utf8" });
  if (found.status === 0) folders.push(found.stdout.trim());
  return folders.find((folder) => existsSync(join(folder, "initdb")));
}

function install() {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || spawnSync("which", ["apt-get"]).status !== 0) return;
  console.log("Installing PostgreSQL …");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const options = { stdio: ["ignore", "ignore", "inherit"], env };
  spawnSync("apt-get", ["update", "-qq"], options);
  spawnSync("apt-get", ["install", "-y", "-qq", "postgresql"], options);
}

let bin = programs();
if (!bin) {
  install();
  bin = programs();
}
if (!bin) {
  console.error("PostgreSQL's server is missing: install the package postgresql (13 or newer)");
  process.exit(isDurable ? spawnSync(command[0], command.slice(1), { stdio: "inherit" }).status : 1);
}

// The server refuses to run as root, so root lends it another user.
const asRoot = process.getuid?.() === 0;
const as = (program, args) =>
  asRoot ? ["runuser", ["-u", "postgres", "--", program, ...args]] : [program, args];

const folder = mkdtempSync(join(tmpdir(), "gyesan-postgres-"));
if (asRoot) {
  chmodSync(folder, 0o755);
  execFileSync("chown", ["postgres", folder]);
}
const data = join(folder, "data");
const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const quiet = { stdio: ["ignore", "ignore", "inherit"] };
execFileSync(...as(join(bin, "initdb"), ["-D", data, "-U", "gyesan", "-A", "trust", "-E", "UTF8", "--no-sync"]), quiet);
const port = await freePort();
// Tests go without fsync: their databases live for a test, and none pulls the plug on this server.
const fsync = isDurable ? "on" : "off";
const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c fsync=${fsync} -c max_connections=800 -c shared_buffers=128MB`;
const control = (...args) =>
  execFileSync(...as(join(bin, "pg_ctl"), ["-D", data, "-w", "-l", join(folder, "log"), ...args]), quiet);
control("-o", settings, "start");

let ended = false;
function end() {
  if (ended) return;
  ended = true;
  try {
    control("-m", "immediate", "stop");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
process.on("exit", end);
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));

const env = { ...process.env, GYESAN_TEST_POSTGRES: `postgres://gyesan@127.0.0.1:${port}` };
const child = spawn(command[0], command.slice(1), { stdio: "inherit", env });
child.on("exit", (code) => process.exit(code ?? 1));
