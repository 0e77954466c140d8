// Sends requests over connections of its own, as cheaply as Node can: it shares the machine with
// what it measures.
import { connect } from "node:net";

const ANSWER_PATIENCE_MS = 90_000;

/** A request as bytes, to be sent as often as is wanted. */
export function request(method, path, { body, cookie } = {}) {
  const text = body === undefined ? "" : JSON.stringify(body);
  const head = [`${method} ${path} HTTP/1.1`, "host: 127.0.0.1", "accept: application/json"];
  if (body !== undefined) head.push("content-type: application/json", `content-length: ${Buffer.byteLength(text)}`);
  if (cookie) head.push(`cookie: ${cookie}`);
  return `${head.join("\r\n")}\r\n\r\n${text}`;
}

class Connection {
  constructor(url) {
    const { port, hostname } = new URL(url);
    this.socket = connect({ port: Number(port), host: hostname, noDelay: true });
    this.socket.setTimeout(ANSWER_PATIENCE_MS, () => this.socket.destroy(new Error("no answer in time")));
    this.held = "";
    // As bytes, so that a length counts what it says.
    this.socket.setEncoding("latin1");
    this.socket.on("data", (part) => this.read(part));
    this.socket.on("error", (error) => this.end(error));
    this.socket.on("close", () => this.end(new Error("the connection was closed")));
  }

  send(bytes) {
    return new Promise((resolve, reject) => {
      if (this.ended) return reject(this.ended);
      this.waiting = { resolve, reject };
      this.socket.write(bytes);
    });
  }

  read(part) {
    this.held += part;
    const bodyAt = this.held.indexOf("\r\n\r\n") + 4;
    if (bodyAt < 4) return;
    const head = this.held.slice(0, bodyAt);
    const length = head.match(/\r\ncontent-length: (\d+)/i)?.[1];
    if (length === undefined) return this.socket.destroy(new Error(`an answer without a length: ${head}`));
    if (this.held.length < bodyAt + Number(length)) return;
    const body = Buffer.from(this.held.slice(bodyAt), "latin1").toString();
    this.held = "";
    this.waiting?.resolve({ status: Number(head.slice(9, 12)), head, body });
  }

  end(error) {
    this.ended ??= error;
    this.waiting?.reject(error);
  }
}

/** Does `work` for each of `items`, `atOnce` at a time, each worker with a connection to each of `urls`. */
export async function each(items, atOnce, urls, work) {
  let next = 0;
  const results = new Array(items.length);
  const worker = async () => {
    const connections = urls.map((url) => new Connection(url));
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index], ...connections);
    }
    for (const { socket } of connections) socket.destroy();
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}

/** The answer's JSON; anything but `status` is an error. */
export function parsed({ status, body }, expected) {
  if (status !== expected) throw new Error(`answered ${status} ${body.slice(0, 200)}`);
  return JSON.parse(body);
}

/** Sends each confirm once; how long each took, sorted, and the rate. */
export async function confirm(claims, atOnce, url) {
  const begun = performance.now();
  const took = await each(claims, atOnce, [url], async ({ orderId, bytes }, shop) => {
    const sent = performance.now();
    const answer = await shop.send(bytes);
    const ms = performance.now() - sent;
    const told = parsed(answer, 200);
    if (told.orderId !== orderId || told.status !== "COMPLETED") throw new Error(`answered ${answer.body}`);
    return ms;
  });
  const seconds = (performance.now() - begun) / 1000;
  return { took: took.sort((a, b) => a - b), seconds, rate: claims.length / seconds };
}
