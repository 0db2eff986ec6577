import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** How long a run may take to let go of what it holds. A connection to Kafka that nobody closed lives ten minutes. */
const LET_GO_MS = 20_000;

/** Ends a run that has told its results and does not end: a test left something open, and that is a failure. */
function endWhenHeld() {
  const held = () => {
    const what = process.getActiveResourcesInfo().join(', ');
    process.stderr.write(
      `The tests have ended, but something they started has not: ${what}. A test must close what it opens.\n`,
    );
    process.exit(1);
  };
  setTimeout(held, LET_GO_MS).unref();
}

/**
 * Writes the counts of one run to the file named by TEST_RESULTS_FILE. The file is also the task's output for
 * Nx, so a run that Nx takes from its cache still counts in the summary.
 */
// Jest constructs reporters itself and wants the default export.
export default class ResultsReporter {
  onRunComplete(_contexts, results) {
    endWhenHeld();
    const file = process.env.TEST_RESULTS_FILE;
    if (file === undefined) return;
    const skipped = [];
    for (const suite of results.testResults) {
      for (const test of suite.testResults) {
        if (test.status === 'pending' || test.status === 'todo') skipped.push(test.fullName);
      }
    }
    const counts = {
      passed: results.numPassedTests,
      // A file that cannot even be loaded has no tests to fail; it counts as one failure.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
      seconds: (Date.now() - results.startTime) / 1000,
      skippedTests: skipped,
    };
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(counts, null, 2)}\n`);
  }
}
