// Leaves out of the glue what the page never calls, and out of glue and WASM the long names that they have
// for each other: a hash in every name, which no compression makes shorter.
//
// How: after the optimiser. The glue loses the classes and functions that no island is, and what the
// optimised WASM imports no more; what is left is numbered. Anything that is not as wasm-bindgen writes it
// today ends the build.
import { readFileSync, writeFileSync } from "node:fs";
import ts from "typescript";

const [gluePath, wasmPath, glueOut, wasmOut] = process.argv.slice(2);
const IMPORTS = 2;
const EXPORTS = 7;

/** Reads a WASM file's sections: what is not looked into stays as it is. */
function sectionsOf(bytes) {
  const sections = [];
  for (let at = 8; at < bytes.length; ) {
    const id = bytes[at];
    const [length, begin] = number(bytes, at + 1);
    sections.push({ id, body: bytes.subarray(begin, begin + length) });
    at = begin + length;
  }
  return sections;
}

/** A LEB128 number, and where it ends. */
function number(bytes, at) {
  let value = 0;
  for (let shift = 1; ; shift *= 128) {
    const byte = bytes[at++];
    value += (byte & 127) * shift;
    if (byte < 128) return [value, at];
  }
}

function leb(value) {
  const bytes = [];
  do {
    const rest = Math.floor(value / 128);
    bytes.push((value % 128) | (rest ? 128 : 0));
    value = rest;
  } while (value);
  return Buffer.from(bytes);
}

const text = (value) => Buffer.concat([leb(Buffer.byteLength(value)), Buffer.from(value)]);

function name(bytes, at) {
  const [length, begin] = number(bytes, at);
  return [bytes.toString("utf8", begin, begin + length), begin + length];
}

/** The rows of the section of imports or exports: names, and the rest as it stands. */
function rowsOf({ id, body }) {
  const rows = [];
  let [left, at] = number(body, 0);
  for (; left > 0; left--) {
    let module;
    let called;
    if (id === IMPORTS) [module, at] = name(body, at);
    [called, at] = name(body, at);
    const begin = at;
    const kind = body[at++];
    [, at] = number(body, at);
    // All that wasm-bindgen imports are functions.
    if (id === IMPORTS && kind !== 0) throw new Error(`${called} is no function`);
    rows.push({ module, called, rest: body.subarray(begin, at) });
  }
  return rows;
}

function written(sections) {
  const parts = sections.map(({ id, body, rows }) => {
    const bytes = rows
      ? Buffer.concat([
          leb(rows.length),
          ...rows.flatMap(({ module, called, rest }) => [
            ...(module === undefined ? [] : [text(module)]),
            text(called),
            rest,
          ]),
        ])
      : body;
    return Buffer.concat([Buffer.from([id]), leb(bytes.length), bytes]);
  });
  return Buffer.concat([Buffer.from([0, 97, 115, 109, 1, 0, 0, 0]), ...parts]);
}

const sections = sectionsOf(readFileSync(wasmPath));
for (const section of sections) if ([IMPORTS, EXPORTS].includes(section.id)) section.rows = rowsOf(section);
const rows = (id) => sections.find((section) => section.id === id).rows;

let glue = readFileSync(gluePath, "utf8");
const parsed = () => ts.createSourceFile("glue.js", glue, ts.ScriptTarget.Latest, true);

/** Puts other text in the place of pieces of the glue. */
function edit(changes) {
  for (const [node, instead] of changes.sort(([a], [b]) => b.getStart() - a.getStart())) {
    glue = glue.slice(0, node.getStart()) + instead + glue.slice(node.end);
  }
}

// Nothing on the page makes objects of the classes that come with a crate, nor does it load without waiting.
const statements = parsed().statements;
const classes = statements.filter(ts.isClassDeclaration).map((it) => it.name.text);
const isUnused = (it) => {
  if (ts.isFunctionDeclaration(it)) return it.name.text === "initSync";
  return classes.some((name) => it.getText().includes(name));
};
edit(statements.filter(isUnused).map((it) => [it, ""]));
const EXPORTED = "export { initSync, __wbg_init as default };";
if (!glue.includes(EXPORTED)) throw new Error("the glue's exports are not where they were");
glue = glue.replace(EXPORTED, "export { __wbg_init as default };");

const short = new Map();
const shorten = (row) => {
  if (!short.has(row.called)) short.set(row.called, `_${short.size.toString(36)}`);
  row.called = short.get(row.called);
};
const [{ module: MODULE }] = rows(IMPORTS);
for (const row of rows(IMPORTS)) {
  if (row.module !== MODULE) throw new Error(`a second module: ${row.module}`);
  row.module = "_";
  shorten(row);
}
const isImport = (node) => ts.isPropertyAssignment(node) && node.parent.parent.name?.getText() === "import0";
const changes = [];
const found = new Set();
const look = (node) => {
  if (isImport(node) && node.name.text !== "__proto__") {
    const called = short.get(node.name.text);
    if (!called) return changes.push([node, UNUSED]);
    found.add(called);
    changes.push([node.name, called]);
  } else if (ts.isStringLiteral(node) && node.text === MODULE) {
    changes.push([node, '"_"']);
  }
  return ts.forEachChild(node, (child) => void look(child));
};
const UNUSED = "__unused: 0";
look(parsed());
edit(changes);
glue = glue.replaceAll(`${UNUSED},`, "");
if (found.size !== rows(IMPORTS).length) throw new Error("the glue lacks what the WASM imports");

// What is exported, and called by nobody any more, was a class's.
const calls = /\bwasm\.(\w+)/g;
const used = new Set([...glue.matchAll(calls)].map(([, called]) => called));
const exports = sections.find(({ id }) => id === EXPORTS);
exports.rows = exports.rows.filter(({ called }) => used.has(called));
if (exports.rows.length !== used.size) throw new Error("the WASM lacks what the glue calls");
exports.rows.forEach(shorten);
glue = glue.replace(calls, (_, called) => `wasm.${short.get(called)}`);

writeFileSync(glueOut, glue);
writeFileSync(wasmOut, written(sections));
