// The script held against Toss's own package: its types, and its loader (Toss: sdk.md §1).
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import ts from "typescript";
import { CK, GCK, expect, test } from "./sandbox";

const FOLDER = fileURLToPath(new URL("..", import.meta.url));
const CHECK = `
import type { TossPaymentsSDK } from "@tosspayments/tosspayments-sdk";
const factory: (clientKey: string) => TossPaymentsSDK = TossPayments;
const anonymous: string = TossPayments.ANONYMOUS;
export { factory, anonymous };
`;
const OPTIONS: ts.CompilerOptions = {
  noEmit: true,
  strict: true,
  allowJs: true,
  checkJs: false,
  skipLibCheck: true,
  types: [],
  lib: ["lib.esnext.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"],
  target: ts.ScriptTarget.ESNext,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
};

/** What the compiler says when the script's factory is to be Toss's. */
function complaints(script: string): string[] {
  const files: Record<string, string> = {
    [`${FOLDER}standard.js`]: script,
    [`${FOLDER}check.ts`]: CHECK,
  };
  const host = ts.createCompilerHost(OPTIONS);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => name in files || fileExists(name);
  host.readFile = (name) => files[name] ?? readFile(name);
  host.getSourceFile = (name, ...rest) => {
    if (name in files) return ts.createSourceFile(name, files[name], rest[0]);
    parsed[name] ??= getSourceFile(name, ...rest);
    return parsed[name];
  };
  const program = ts.createProgram(Object.keys(files), OPTIONS, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}
// The libraries are the same each time.
const parsed: Record<string, ts.SourceFile | undefined> = {};

test("sdk_2 the script has the form that Toss's package declares", async ({ toss }) => {
  const served = await (await fetch(`${toss.url}/v2/standard`)).text();
  // Without its wrapper its names are seen by the compiler.
  const [, script] = served.match(/^\(\(\) => \{\n([\s\S]*)\}\)\(\);\n$/)!;
  expect(complaints(script)).toEqual([]);
  // Each member that goes missing is noticed.
  for (const member of [
    "async renderPaymentMethods(", "async renderAgreement(", "async requestPaymentWindow(",
    "getSelectedPaymentMethod:", "async requestBillingAuth(", "async destroy(", "addPaymentMethod:",
    "changePassword:", "openSettings:", "async changeOneTouchPay(", "async isOneTouchPayEnabled(",
    "widgets(params) {", "payment(params) {", "brandpay(params) {",
  ]) {
    expect(script.split(member), member).toHaveLength(2);
    const [name] = member.match(/\w+(?=[(:])/)!;
    const without = script.replace(member, member.replace(name, `${name}Gone`));
    expect(complaints(without).join("\n"), member).toContain(name);
  }
});

test("sdk_1 Toss's loader loads the script by its option src, once", async ({ page, toss, plainUrl }) => {
  const { outputFiles } = await build({
    stdin: {
      contents: `export * from "@tosspayments/tosspayments-sdk";`,
      resolveDir: FOLDER,
    },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "loader",
  });
  const src = `${toss.url}/v2/standard`;
  await page.goto(`${plainUrl}/bare`);
  await page.addScriptTag({ content: `${outputFiles[0].text}; window.loader = loader;` });
  const requests: string[] = [];
  page.on("request", (request) => requests.push(request.url()));
  const loaded = await page.evaluate(
    async ({ src, CK, GCK }) => {
      const { loadTossPayments, ANONYMOUS } = window.loader;
      const toss = await loadTossPayments(CK, { src });
      const again = await loadTossPayments(GCK, { src });
      return {
        members: [toss.widgets, toss.payment, toss.brandpay].map((member) => typeof member),
        payment: typeof toss.payment({ customerKey: ANONYMOUS }).requestPayment,
        widgets: typeof again.widgets({ customerKey: ANONYMOUS }).setAmount,
        scripts: document.querySelectorAll(`script[src="${src}"]`).length,
      };
    },
    { src, CK, GCK },
  );
  expect(loaded).toEqual({
    members: ["function", "function", "function"],
    payment: "function",
    widgets: "function",
    scripts: 1,
  });
  expect(requests).toEqual([src]);
  const cleared = await page.evaluate(() => {
    window.loader.clearTossPayments();
    return typeof window.TossPayments;
  });
  expect(cleared).toBe("undefined");
});
