// Ends a run with one plain line that says how it went: "40 passed, 0 failed".
import type { FullResult, Reporter, Suite } from "@playwright/test/reporter";

export default class Verdict implements Reporter {
  private suite?: Suite;

  onBegin(_config: unknown, suite: Suite) {
    this.suite = suite;
  }

  onEnd(result: FullResult) {
    const tests = this.suite?.allTests() ?? [];
    const passed = tests.filter((test) => test.outcome() === "expected" && test.results.length > 0);
    console.log(`${passed.length} passed, ${tests.length - passed.length} failed`);
    // A run without tests, or cut short, is no success either.
    if (result.status === "passed" && passed.length === 0) return { status: "failed" as const };
  }

  printsToStdio() {
    return false;
  }
}
