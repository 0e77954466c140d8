// Starts a PostgreSQL server of its own, runs a command with its address in
// GYESAN_TEST_POSTGRES, and stops the server again.
//
//   node postgres.mjs cargo test --features ssr tests::
//   node postgres.mjs --durable gyesan bench
//   node postgres.mjs --pooler cargo test --features ssr tests::road::
//
// With --durable its commits are on the disk, for figures that mean something; and where its
// programs are missing the command runs without, and says what it lacks. With --pooler the address
// is that of a pgbouncer in front of it, which hands out its connections by transaction.

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const isDurable = process.argv[2] === "--durable";
const isPooled = process.argv[2] === "--pooler";
const command = process.argv.slice(isDurable || isPooled ? 3 : 2);

// Where Debian, Homebrew and others put the server's programs.
function programs() {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).map(Number).sort((a, b) => b - a) : [];
  const folders = versions.map((version) => `${debian}/${version}/bin`);
  const found = spawnSync("pg_config", ["--bindir"], { encoding: "utf8" });
  if (found.status === 0) folders.push(found.stdout.trim());
  return folders.find((folder) => existsSync(join(folder, "initdb")));
}

function install(name) {
  const isRoot = process.getuid?.() === 0;
  if (!isRoot || spawnSync("which", ["apt-get"]).status !== 0) return;
  console.log(`Installing ${name} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const options = { stdio: ["ignore", "ignore", "inherit"], env };
  spawnSync("apt-get", ["update", "-qq"], options);
  spawnSync("apt-get", ["install", "-y", "-qq", name], options);
}

let bin = programs();
if (!bin) {
  install("postgresql");
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

const answers = (port) =>
  new Promise((tell) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => tell(true) || socket.destroy()).on("error", () => tell(false));
  });

// Few connections of its own, so that clients meet on them.
async function startPooler() {
  const found = () => spawnSync("pgbouncer", ["--version"]).status === 0;
  if (!found()) install("pgbouncer");
  if (!found()) {
    console.error("pgbouncer is missing: install the package of that name");
    process.exit(1);
  }
  const own = await freePort();
  const file = join(folder, "pgbouncer.ini");
  writeFileSync(file, [
    "[databases]", `* = host=127.0.0.1 port=${port} user=gyesan`, "[pgbouncer]", "listen_addr = 127.0.0.1",
    `listen_port = ${own}`, "unix_socket_dir =", "auth_type = any", "pool_mode = transaction",
    "default_pool_size = 4", "max_client_conn = 2000", "max_db_connections = 4",
    "ignore_startup_parameters = extra_float_digits", "server_idle_timeout = 5", "",
  ].join("\n"));
  if (asRoot) execFileSync("chown", ["postgres", file]);
  const pooler = spawn(...as("pgbouncer", ["-q", file]), { stdio: ["ignore", "ignore", "inherit"] });
  process.on("exit", () => pooler.kill());
  while (pooler.exitCode === null && !(await answers(own))) await new Promise((next) => setTimeout(next, 50));
  return own;
}

const address = isPooled ? await startPooler() : port;
const env = {
  ...process.env,
  GYESAN_TEST_POSTGRES: `postgres://gyesan@127.0.0.1:${address}`,
  ...(isPooled ? { GYESAN_TEST_POOLER: "pgbouncer" } : {}),
};
const child = spawn(command[0], command.slice(1), { stdio: "inherit", env });
child.on("exit", (code) => process.exit(code ?? 1));
