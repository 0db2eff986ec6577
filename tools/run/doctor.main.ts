// `npm run doctor`: checks the policy file, every marketplace, the Klaviyo account, the topics and the schema, and says in
// a sentence what is wrong. Nothing is changed anywhere.
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildWhenStale } from '../stack/build.ts';
import { checkPolicy } from '../stack/check-policy.ts';
import { withDataDirectory } from '../stack/data-lock.ts';
import { Failure } from '../stack/failure.ts';
import { localDir, root } from '../stack/paths.ts';
import { describeEnd, runToEnd } from '../stack/process.ts';
import type { ProcessKeeper } from '../stack/process-keeper.ts';
import { progressOn } from '../stack/progress.ts';
import { configurationErrorCode } from '../stack/supervisor.ts';
import { runCommand } from './command.ts';
import { type Finding, findingsOf, reportOf } from './doctor-report.ts';
import { parseFlags, usageErrorCode } from './flags.ts';

const usage = `usage: npm run doctor -- --marketplaces FILE [--json]

  --marketplaces FILE   the policy file (marketplaces.yaml)
  --json                standard output carries one line of JSON for each finding, nothing for people

Environment: whatever the policy file refers to; KLAVIYO_API_KEY for the account; KAFKA_BROKERS for the topics and
DATABASE_URL for the schema, where they are to be checked. Ends with 1 when something has to be mended.`;

interface Examiner {
  readonly name: string;
  readonly entry: string;
  /** The variable without which there is nothing to examine; undefined: it always runs. */
  readonly needs?: string;
  readonly about: string;
}

const examiners: readonly Examiner[] = [
  {
    name: 'mirakl-ingest',
    entry: join(root, 'apps/mirakl-ingest/dist/doctor.main.js'),
    about: 'the marketplaces',
  },
  {
    name: 'klaviyo-writer',
    entry: join(root, 'apps/klaviyo-writer/dist/doctor.main.js'),
    needs: 'KLAVIYO_API_KEY',
    about: 'the Klaviyo account',
  },
  {
    name: 'topics',
    entry: join(root, 'tools/run/doctor-topics.main.ts'),
    needs: 'KAFKA_BROKERS',
    about: 'the topics',
  },
  {
    name: 'migrations',
    entry: join(root, 'tools/run/doctor-schema.main.ts'),
    needs: 'DATABASE_URL',
    about: 'the schema of each service',
  },
];

interface Surroundings {
  readonly marketplacesFile: string;
  readonly keeper: ProcessKeeper;
  readonly logDir: string;
  readonly signal: AbortSignal;
}

async function examine(examiner: Examiner, around: Surroundings): Promise<readonly Finding[]> {
  const { name, entry, needs, about } = examiner;
  const own = (result: Finding['result'], detail: string): readonly Finding[] => [
    { check: name, marketplaceId: null, result, detail },
  ];
  if (needs !== undefined && (process.env[needs] ?? '') === '')
    return own('warning', `${needs} is not set, so ${about} cannot be checked`);
  if (!existsSync(entry)) return own('problem', `${entry} does not exist, so ${about} cannot be checked`);
  let output = '';
  const { end, process: program } = await runToEnd(
    {
      name: `doctor-${name}`,
      command: process.execPath,
      args: ['--disable-warning=ExperimentalWarning', entry],
      env: { ...process.env, MARKETPLACES_FILE: around.marketplacesFile },
      cwd: root,
      logFile: join(around.logDir, `doctor-${name}.log`),
      onStdoutLine: (line) => (output += `${line}\n`),
    },
    around.keeper,
    around.signal,
  );
  const findings = findingsOf(output);
  if (end.code === 0 || findings.some(({ result }) => result === 'problem')) return findings;
  const words = program.lastErrors === '' ? program.lastOutput : program.lastErrors;
  return [...findings, ...own('problem', `${about} could not be checked (${describeEnd(end)}): ${words}`)];
}

await runCommand(async ({ signal }) => {
  const flags = parseFlags(
    {
      marketplaces: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    usage,
  );
  if (flags.help) throw new Failure(usage, 0);
  if (flags.marketplaces === undefined)
    throw new Failure(`--marketplaces is missing.\n\n${usage}`, usageErrorCode);
  // npm runs its scripts in the root of the repository; a path is meant from where the user is.
  const marketplacesFile = resolve(process.env['INIT_CWD'] ?? process.cwd(), flags.marketplaces);
  if (!existsSync(marketplacesFile))
    throw new Failure(`There is no file ${marketplacesFile}.`, configurationErrorCode);
  const dataDir = join(localDir, 'doctor');
  mkdirSync(dataDir, { recursive: true });
  const progress = progressOn(process.stderr);
  return withDataDirectory(dataDir, progress, async (keeper) => {
    const logDir = join(dataDir, 'logs');
    await buildWhenStale({ logFile: join(logDir, 'build.log'), keeper, progress, signal });
    await checkPolicy({
      file: marketplacesFile,
      logFile: join(logDir, 'check-policy.log'),
      keeper,
      signal,
    });
    const around = { marketplacesFile, keeper, logDir, signal };
    const findings = (await Promise.all(examiners.map((examiner) => examine(examiner, around)))).flat();
    const lines = flags.json ? findings.map((finding) => JSON.stringify(finding)) : [reportOf(findings)];
    process.stdout.write(`${lines.join('\n')}\n`);
    return findings.some(({ result }) => result === 'problem') ? 1 : 0;
  });
});
