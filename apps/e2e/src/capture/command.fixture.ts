import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** A program of tools/run, as a user or another command runs it. */
export interface UserCommand {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  readonly exited: Promise<number | null>;
}

export function startCommand(
  name: 'backfill.mjs' | 'doctor.mjs' | 'doctor-schema.main.ts',
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): UserCommand {
  const { KAFKA_BROKERS: _brokers, DATABASE_URL: _database, NODE_OPTIONS: _options, ...rest } = process.env;
  const child = spawn(process.execPath, [`tools/run/${name}`, ...args], {
    cwd: root,
    env: { ...rest, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
  return {
    child,
    stdout: () => texts.stdout,
    stderr: () => texts.stderr,
    exited: once(child, 'close').then(() => child.exitCode),
  };
}

/** Runs it to its end. */
export async function runCommand(...args: Parameters<typeof startCommand>): Promise<{
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}> {
  const command = startCommand(...args);
  const code = await command.exited;
  return { code, stdout: command.stdout(), stderr: command.stderr() };
}
