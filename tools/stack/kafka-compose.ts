import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import type { Broker, BrokerOptions } from './kafka.ts';
import { isKafkaReady } from './kafka-probe.ts';
import { root } from './paths.ts';
import { startProcess } from './process.ts';
import { Supervisor } from './supervisor.ts';

const run = promisify(execFile);
// The first start has to fetch the image.
const startsWithinMs = 300_000;
const stopGraceMs = 10_000;

/** undefined when an engine with the compose plug-in answers, else what is missing. */
async function engineProblem(): Promise<string | undefined> {
  try {
    await run('docker', ['info'], { timeout: 5_000 });
  } catch {
    return 'no Docker engine answers';
  }
  try {
    await run('docker', ['compose', 'version'], { timeout: 5_000 });
  } catch {
    return 'Docker has no compose plug-in';
  }
  return undefined;
}

/** One compose project per data directory, so that the broker of the demo is not the one of the tests. */
function projectArguments(dataDir: string): string[] {
  const name = `watertight-${createHash('sha256').update(dataDir).digest('hex').slice(0, 10)}`;
  return ['compose', '--project-name', name, '--file', join(root, 'docker-compose.yml')];
}

/** The container's volume is to be as new as the data directory is. */
async function forgetOldVolume(options: BrokerOptions): Promise<void> {
  const mark = join(options.dataDir, 'compose');
  if (existsSync(mark)) return;
  await run('docker', [...projectArguments(options.dataDir), 'down', '--volumes'], { timeout: 60_000 });
  writeFileSync(mark, '');
}

async function choosePort(dataDir: string): Promise<number> {
  const file = join(dataDir, 'port');
  const port = await freePort(existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined);
  writeFileSync(file, String(port));
  return port;
}

/**
 * A broker in a container, run by `docker compose up` in the foreground so that it ends with it; or the reason why
 * that is not possible here.
 */
export async function startComposeBroker(options: BrokerOptions): Promise<Broker | { problem: string }> {
  const problem = await engineProblem();
  if (problem !== undefined) return { problem };
  mkdirSync(options.dataDir, { recursive: true });
  try {
    await forgetOldVolume(options);
    const port = await choosePort(options.dataDir);
    const address = `127.0.0.1:${port}`;
    options.progress('broker: starting Apache Kafka with docker compose (the first time fetches its image)');
    const supervisor = await Supervisor.start(
      {
        name: 'broker',
        launch: () =>
          startProcess(
            {
              name: 'broker',
              command: 'docker',
              args: [
                ...projectArguments(options.dataDir),
                'up',
                '--no-log-prefix',
                '--timeout',
                '5',
                'kafka',
              ],
              env: { ...process.env, KAFKA_PORT: String(port) },
              logFile: options.logFile,
            },
            options.keeper,
          ),
        notReadyBecause: async () =>
          (await isKafkaReady(address, 1_000)) ? undefined : `no broker answers at ${address}`,
        startsWithinMs,
        diesAtStart: 'fail',
      },
      options,
    );
    return { kafkaBrokers: address, supervisor, stop: () => supervisor.stop(stopGraceMs) };
  } catch (error) {
    options.signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    options.progress(`broker: docker compose could not start one. ${reason}`);
    return { problem: 'docker compose could not start the broker, see above' };
  }
}
