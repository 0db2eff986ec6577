// `npm test`: every check there is, with a summary at the end. A step that fails does not keep the others from running,
// only a failed build does keep those that need it.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { removeAbandoned, withDataDirectory } from '../stack/data-lock.ts';
import { Failure } from '../stack/failure.ts';
import { localDir } from '../stack/paths.ts';
import { progressOn } from '../stack/progress.ts';
import { runCommand } from './command.ts';
import { parseFlags } from './flags.ts';
import { countStep, summary, type StepReport } from './summary.ts';
import { noTests } from './test-counts.ts';
import { resultsFolder, rounds, type Step, type StepContext } from './test-steps.ts';

const usage = 'usage: npm test';
const interruptedCode = 130;
const progress = progressOn(process.stdout);

type Surroundings = Omit<StepContext, 'output'>;

const seconds = (began: number): number => (performance.now() - began) / 1000;

async function runStep(step: Step, context: StepContext): Promise<StepReport> {
  const began = performance.now();
  const report = (ok: boolean, counts: StepReport['counts']): StepReport => ({
    name: step.name,
    outcome: ok ? 'passed' : 'failed',
    seconds: seconds(began),
    counts,
  });
  progress(`── ${step.name}`);
  try {
    const { ok, counts } = await step.run(context);
    return report(ok && (counts?.failed ?? 0) === 0, countStep(ok, counts));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    context.output.write(`${error.message}\n`);
    return report(false, countStep(false, undefined));
  }
}

function notBuilt({ name }: Step): StepReport {
  const counts = { ...noTests, skipped: 1, skippedTests: [`${name}: the build has failed`] };
  return { name, outcome: 'not run', seconds: 0, counts };
}

/** One step after the other. Beside another lane, what a step prints is held back until it has ended. */
async function runLane(
  lane: readonly Step[],
  surroundings: Surroundings,
  { alone, built }: { alone: boolean; built: boolean },
): Promise<StepReport[]> {
  const reports: StepReport[] = [];
  for (const step of lane) {
    if (step.needsBuild && !built) {
      reports.push(notBuilt(step));
      continue;
    }
    const held: Buffer[] = [];
    const hold = new Writable({
      write(chunk: Buffer, _encoding, done) {
        held.push(chunk);
        done();
      },
    });
    const report = await runStep(step, { ...surroundings, output: alone ? process.stdout : hold });
    process.stdout.write(Buffer.concat(held));
    progress(`── ${step.name}: ${report.outcome} in ${report.seconds.toFixed(1)} s`);
    reports.push(report);
  }
  return reports;
}

async function runRounds(surroundings: Surroundings): Promise<StepReport[]> {
  const reports: StepReport[] = [];
  for (const lanes of rounds) {
    const built = reports.every(({ name, outcome }) => name !== 'build' || outcome === 'passed');
    const how = { alone: lanes.length === 1, built };
    const ended = await Promise.all(lanes.map((lane) => runLane(lane, surroundings, how)));
    reports.push(...ended.flat());
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
      const began = performance.now();
      const reports = await runRounds({ keeper, progress, signal, dataDir });
      process.stdout.write(summary(reports, seconds(began)));
      return reports.every(({ outcome }) => outcome === 'passed') ? 0 : 1;
    });
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

await runCommand(({ signal }) => test(signal), interruptedCode);
