import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Failure } from './failure.ts';
import type { Progress } from './progress.ts';

const run = promisify(execFile);
const pom = fileURLToPath(new URL('./kafka/pom.xml', import.meta.url));
const leastJava = 17;

export interface JarOptions {
  /** Where the resolved class path is remembered. */
  cacheDir: string;
  progress: Progress;
  signal: AbortSignal;
}

async function output(command: string, args: string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await run(command, args, { timeout: 30_000 });
    return stdout + stderr;
  } catch {
    // Not installed or not working: for the caller the same, this way to a broker is closed.
    return undefined;
  }
}

/** The `java` to use (from JAVA_HOME or the path), or what is wrong with it. */
async function findJava(): Promise<{ java: string } | { problem: string }> {
  const home = process.env['JAVA_HOME'];
  const java = home === undefined ? 'java' : join(home, 'bin', 'java');
  const version = await output(java, ['-version']);
  const major = version === undefined ? undefined : /version "(\d+)/.exec(version)?.[1];
  if (major === undefined) return { problem: 'Java is not installed' };
  if (Number(major) < leastJava) return { problem: `Java ${major} is too old, ${leastJava} is needed` };
  return { java };
}

/** Lets Maven resolve the class path once per version of the pom; afterwards it is read from `cacheDir`. */
async function classPath({ cacheDir, progress, signal }: JarOptions): Promise<string> {
  const hash = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  const cached = join(cacheDir, `kafka-classpath-${hash}.txt`);
  if (existsSync(cached)) {
    const known = readFileSync(cached, 'utf8').trim();
    if (known.split(delimiter).every((jar) => existsSync(jar))) return known;
  }
  progress('broker: fetching the jars of Apache Kafka (once)');
  mkdirSync(dirname(cached), { recursive: true });
  const unfinished = `${cached}.${process.pid}`;
  try {
    await run(
      'mvn',
      ['-q', '-B', '-f', pom, 'dependency:build-classpath', `-Dmdep.outputFile=${unfinished}`],
      {
        timeout: 300_000,
        maxBuffer: 10_000_000,
        signal,
      },
    );
  } catch (error) {
    signal.throwIfAborted();
    const text = error instanceof Error ? error.message : String(error);
    throw new Failure(
      `Maven could not fetch Apache Kafka. Is its repository reachable?\n${text.split('\n').slice(0, 12).join('\n')}`,
    );
  }
  renameSync(unfinished, cached);
  return readFileSync(cached, 'utf8').trim();
}

/**
 * Java and the class path of an Apache Kafka broker, or the reason why there is none on this machine.
 * Throws when Java and Maven are there and the jars cannot be fetched.
 */
export async function findKafkaJars(
  options: JarOptions,
): Promise<{ java: string; classPath: string } | { problem: string }> {
  const found = await findJava();
  if ('problem' in found) return found;
  if ((await output('mvn', ['-v'])) === undefined) return { problem: 'Maven is not installed' };
  return { java: found.java, classPath: await classPath(options) };
}
