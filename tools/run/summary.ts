import { addCounts, noTests, type Counts } from './test-counts.ts';

export interface StepReport {
  name: string;
  outcome: 'passed' | 'failed' | 'not run';
  seconds: number;
  counts: Counts;
}

/**
 * How a step counts: by its tests, or as one when it has none. A step that failed counts at least one failure, also
 * when it broke before it could count.
 */
export function countStep(ok: boolean, counts: Counts | undefined): Counts {
  if (counts === undefined) return ok ? { ...noTests, passed: 1 } : { ...noTests, failed: 1 };
  return ok || counts.failed > 0 ? counts : { ...counts, failed: 1 };
}

function row(cells: readonly string[]): string {
  const [name = '', outcome = '', ...numbers] = cells;
  return name.padEnd(38) + outcome.padEnd(10) + numbers.map((cell) => cell.padStart(9)).join('');
}

/** The table of all steps (some ran side by side, so `seconds` is less than their sum), the skipped tests by name, and as the last line the totals as CI reads them. */
export function summary(reports: readonly StepReport[], seconds: number): string {
  const total = reports.map(({ counts }) => counts).reduce(addCounts, noTests);
  const numbers = ({ passed, failed, skipped }: Counts): string[] => [passed, failed, skipped].map(String);
  const lines = [
    row(['step', 'result', 'seconds', 'passed', 'failed', 'skipped']),
    ...reports.map((report) =>
      row([report.name, report.outcome, report.seconds.toFixed(1), ...numbers(report.counts)]),
    ),
    row(['all', '', seconds.toFixed(1), ...numbers(total)]),
    ...total.skippedTests.map((name) => `skipped: ${name}`),
    '',
    `${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`,
  ];
  return `\n${lines.join('\n')}\n`;
}
