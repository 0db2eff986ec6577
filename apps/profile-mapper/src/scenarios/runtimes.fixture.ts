import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(dirname(fileURLToPath(import.meta.url)), '../../../..');
export const subscribersFolder = join(root, 'examples/subscribers');

/** How to start an example subscriber on this machine, or why it cannot be started. */
export type Runtime =
  { readonly command: string; readonly args: readonly string[] } | { readonly missing: string };

/** Node is there, or this would not run. */
export function findNode(): Runtime {
  return {
    command: process.execPath,
    args: ['--disable-warning=ExperimentalWarning', join(subscribersFolder, 'typescript/subscriber.ts')],
  };
}

/** Python 3 with what requirements.txt names, in an environment of its own that is kept from run to run. */
export async function findPython(): Promise<Runtime> {
  if ((await answer('python3', ['--version'])) === undefined) return { missing: 'python3 is not installed' };
  const folder = join(subscribersFolder, 'python');
  const requirements = join(folder, 'requirements.txt');
  const environment = cacheFor('python', readFileSync(requirements, 'utf8'));
  const python = join(environment, 'bin/python');
  const installed = join(environment, 'installed');
  if (!existsSync(installed)) {
    const made =
      (await answer('python3', ['-m', 'venv', environment])) !== undefined &&
      (await answer(python, ['-m', 'pip', 'install', '-q', '-r', requirements])) !== undefined;
    if (!made) return { missing: 'pip cannot install kafka-python here' };
    mkdirSync(installed);
  }
  return { command: python, args: [join(folder, 'subscriber.py')] };
}

/** Java 17 with the jars that pom.xml names, fetched by Maven. */
export async function findJava(): Promise<Runtime> {
  const version = await answer('java', ['-version']);
  const major = Number(/version "(\d+)/.exec(version ?? '')?.[1] ?? 0);
  if (major < 17) return { missing: major === 0 ? 'java is not installed' : `java ${major} is too old` };
  if ((await answer('mvn', ['-v'])) === undefined) return { missing: 'mvn is not installed' };
  const folder = join(subscribersFolder, 'java');
  const pom = join(folder, 'pom.xml');
  const cache = cacheFor('java', readFileSync(pom, 'utf8'));
  const file = join(cache, 'classpath.txt');
  const isComplete = (): boolean =>
    existsSync(file) && readFileSync(file, 'utf8').trim().split(delimiter).every(existsSync);
  if (!isComplete()) {
    mkdirSync(cache, { recursive: true });
    const goal = ['-q', '-B', '-f', pom, 'dependency:build-classpath', `-Dmdep.outputFile=${file}`];
    if ((await answer('mvn', goal)) === undefined) return { missing: 'mvn cannot fetch kafka-clients here' };
  }
  const classPath = readFileSync(file, 'utf8').trim();
  return { command: 'java', args: ['-cp', classPath, join(folder, 'Subscriber.java')] };
}

function cacheFor(language: string, contents: string): string {
  const hash = createHash('sha256').update(contents).digest('hex').slice(0, 12);
  return join(root, '.local/subscriber-examples', `${language}-${hash}`);
}

/** What a command says, or undefined when it is not there or does not succeed. */
async function answer(command: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await run(command, [...args], { timeout: 240_000 });
    return stdout + stderr;
  } catch {
    return undefined;
  }
}

/** Runs an example subscriber to its end and gives the last line that it printed, as JSON. */
export async function runSubscriber(
  { command, args }: Extract<Runtime, { command: string }>,
  env: Readonly<Record<string, string>>,
): Promise<unknown> {
  const { stdout } = await run(command, [...args], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    timeout: 120_000,
  });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}
