import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { waitUntil } from '@watertight/testing';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export interface Amounts {
  readonly orders: number;
  readonly money: Readonly<Record<string, string>>;
}

/** What GET /api/v1/balance answers. */
export interface Balance {
  readonly asOf: string;
  readonly settled: boolean;
  readonly source: Amounts;
  readonly captured: Amounts;
  readonly buckets: Readonly<Record<string, Amounts>>;
  readonly difference: Amounts;
  readonly leaking: readonly { readonly bucket: string; readonly reason: string; readonly orders: number }[];
}

/** Orders in flight that wait for Mirakl or a person, not for this system. */
const WAITING_FOR_OTHERS = ['mapping.awaiting_acceptance', 'mapping.unknown_state'];

/** Orders that this system itself still has to bring to an end. */
function underWay({ leaking }: Balance): number {
  return leaking
    .filter(({ bucket, reason }) => bucket === 'in_flight' && !WAITING_FOR_OTHERS.includes(reason))
    .reduce((sum, { orders }) => sum + orders, 0);
}

/** A folder of its own for one test, with the files in it. */
export interface Workplace {
  readonly dataDir: string;
  /** Writes marketplaces.yaml and returns its path. */
  writePolicy(yaml: string): string;
  remove(): void;
}

export function workplace(): Workplace {
  const folder = mkdtempSync(join(tmpdir(), 'watertight-e2e-'));
  return {
    dataDir: join(folder, 'data'),
    writePolicy(yaml) {
      const file = join(folder, 'marketplaces.yaml');
      writeFileSync(file, yaml);
      return file;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface UpOptions {
  readonly policyFile: string;
  readonly dataDir: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** `npm run up` as a user starts it. */
export interface UpProcess {
  readonly stdout: string[];
  readonly stderr: string[];
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
}

export function startUp({ policyFile, dataDir, args = ['--json'], env = {} }: UpOptions): UpProcess {
  const child = spawn(
    process.execPath,
    ['tools/run/up.mjs', '--marketplaces', policyFile, '--data', dataDir, ...args],
    { cwd: root, env: { ...withoutStack(process.env), ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const lines = (stream: NodeJS.ReadableStream): string[] => {
    const list: string[] = [];
    createInterface({ input: stream }).on('line', (line) => list.push(line));
    return list;
  };
  const stdout = lines(child.stdout);
  const stderr = lines(child.stderr);
  return { child, stdout, stderr, exited: once(child, 'close').then(() => child.exitCode) };
}

/** A system of its own starts its own broker and database: topic names are fixed, so nothing is shared. */
function withoutStack(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { KAFKA_BROKERS: _brokers, DATABASE_URL: _database, NODE_OPTIONS: _options, ...rest } = env;
  return rest;
}

export interface RunningSystem {
  readonly url: string;
  readonly token: string;
  readonly up: UpProcess;
  get<T>(path: string): Promise<T>;
  balance(query?: string): Promise<Balance>;
  pidOf(service: string): number;
  /** Everything that the services wrote to their logs so far. */
  logs(): string;
  /** Ctrl-C. Resolves with the exit code. */
  interrupt(): Promise<number | null>;
}

/** Starts the system and waits for its ready line. Throws with what it wrote when it ends before. */
export async function startSystem(options: UpOptions): Promise<RunningSystem> {
  const up = startUp(options);
  let exited = false;
  void up.exited.then(() => (exited = true));
  const line = await waitUntil(
    'the ready line',
    () => up.stdout.find((text) => text.startsWith('{"ready":true')) ?? (exited ? 'ended' : undefined),
    { deadlineMs: 150_000 },
  );
  if (line === 'ended') throw new Error(`up ended before it was ready:\n${up.stderr.slice(-40).join('\n')}`);
  const ready: { api: string; token: string } = JSON.parse(line);
  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(`${ready.api}${path}`, {
      headers: { authorization: `Bearer ${ready.token}` },
    });
    if (!response.ok)
      throw new Error(`${path.split('?')[0]} answered ${response.status}: ${await response.text()}`);
    return response.json() as Promise<T>;
  };
  return {
    url: new URL(ready.api).origin,
    token: ready.token,
    up,
    get,
    balance: (query = '') => get<Balance>(`/balance${query}`),
    pidOf(service) {
      const pids: Record<string, number> = JSON.parse(
        readFileSync(join(options.dataDir, 'processes.json'), 'utf8'),
      );
      const pid = pids[service];
      if (pid === undefined) throw new Error(`${service} is not running`);
      return pid;
    },
    logs() {
      const folder = join(options.dataDir, 'logs');
      return readdirSync(folder)
        .map((file) => readFileSync(join(folder, file), 'utf8'))
        .join('\n');
    },
    async interrupt() {
      up.child.kill('SIGINT');
      return up.exited;
    },
  };
}

/** Waits until nothing of ours is under way and the difference is nothing, at a settled cut with at least `orders` orders. */
export async function waitUntilBalanced(
  system: RunningSystem,
  { orders, deadlineMs = 120_000 }: { orders: number; deadlineMs?: number },
): Promise<Balance> {
  let last: Balance | undefined;
  try {
    return await waitUntil(
      `a settled balance of at least ${orders} orders with nothing under way`,
      async () => {
        last = await system.balance();
        const isDone =
          last.settled &&
          last.source.orders >= orders &&
          underWay(last) === 0 &&
          last.difference.orders === 0 &&
          Object.values(last.difference.money).every((amount) => Number(amount) === 0);
        return isDone ? last : undefined;
      },
      { deadlineMs, pollMs: 250 },
    );
  } catch (cause) {
    throw new Error(`not balanced: ${JSON.stringify(last)}\n${system.up.stderr.slice(-20).join('\n')}`, {
      cause,
    });
  }
}
