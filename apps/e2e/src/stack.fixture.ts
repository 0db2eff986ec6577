import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** A broker and a database that outlive the system that uses them. */
export interface Servers {
  readonly env: Readonly<Record<'KAFKA_BROKERS' | 'DATABASE_URL', string>>;
  stop(): Promise<void>;
}

/** Starts them for this test alone; they end with it, however it ends. */
export async function startServers(): Promise<Servers> {
  const child = spawn(process.execPath, ['tools/run/stack.mjs', '--own', '--json'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the stack has no pipes');
  const said: string[] = [];
  createInterface({ input: stderr }).on('line', (line) => said.push(line));
  const ended = once(child, 'exit');
  const line = await Promise.race([
    once(createInterface({ input: stdout }), 'line').then(([first]) => String(first)),
    ended.then(() => {
      throw new Error(`the stack ended before it was ready:\n${said.slice(-20).join('\n')}`);
    }),
  ]);
  const where: { kafkaBrokers: string; databaseUrl: string } = JSON.parse(line);
  return {
    env: { KAFKA_BROKERS: where.kafkaBrokers, DATABASE_URL: where.databaseUrl },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Runs a command of this repository to its end. */
export async function runCommand(
  script: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const { NODE_OPTIONS: _options, ...inherited } = process.env;
  const child = spawn(process.execPath, [script], {
    cwd: root,
    env: { ...inherited, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => (texts[name] += text));
  }
  await once(child, 'close');
  return { code: child.exitCode, ...texts };
}
