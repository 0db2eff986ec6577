// `npm test`: every check there is, in order, with a summary at the end. A step that fails does not keep the others
// from running, only a failed build does keep those that need it.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { removeAbandoned, withDataDirectory } from '../stack/data-lock.ts';
import { Failure } from '../stack/failure.ts';
import { localDir } from '../stack/paths.ts';
import { progressOn } from '../stack/progress.ts';
import { runCommand } from './command.ts';
import { parseFlags } from './flags.ts';
import { countStep, summary, type StepReport } from './summary.ts';
import { noTests } from './test-counts.ts';
import { resultsFolder, steps, type Step, type StepContext } from './test-steps.ts';

const usage = 'usage: npm test';
const interruptedCode = 130;
const progress = progressOn(process.stdout);

async function runStep(step: Step, context: StepContext): Promise<StepReport> {
  const began = performance.now();
  const report = (ok: boolean, counts: StepReport['counts']): StepReport => ({
    name: step.name,
    outcome: ok ? 'passed' : 'failed',
    seconds: (performance.now() - began) / 1000,
    counts,
  });
  progress(`── ${step.name}`);
  try {
    const { ok, counts } = await step.run(context);
    return report(ok && (counts?.failed ?? 0) === 0, countStep(ok, counts));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    process.stdout.write(`${error.message}\n`);
    return report(false, countStep(false, undefined));
  }
}

async function runSteps(context: StepContext): Promise<StepReport[]> {
  const reports: StepReport[] = [];
  let built = true;
  for (const step of steps) {
    if (step.needsBuild && !built) {
      const counts = { ...noTests, skipped: 1, skippedTests: [`${step.name}: the build has failed`] };
      reports.push({ name: step.name, outcome: 'not run', seconds: 0, counts });
      continue;
    }
    const report = await runStep(step, context);
    progress(`── ${step.name}: ${report.outcome} in ${report.seconds.toFixed(1)} s`);
    if (step.name === 'build') built = report.outcome === 'passed';
    reports.push(report);
  }
  return reports;
}

async function test(signal: AbortSignal): Promise<number> {
  parseFlags({}, usage);
  mkdirSync(localDir, { recursive: true });
  await removeAbandoned(localDir, 'test-run-');
  rmSync(resultsFolder, { recursive: true, force: true });
  const dataDir = mkdtempSync(join(localDir, 'test-run-'));
  try {
    return await withDataDirectory(dataDir, progress, async (keeper) => {
      const reports = await runSteps({ keeper, progress, signal, dataDir });
      process.stdout.write(summary(reports));
      return reports.every(({ outcome }) => outcome === 'passed') ? 0 : 1;
    });
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

await runCommand(({ signal }) => test(signal), interruptedCode);
