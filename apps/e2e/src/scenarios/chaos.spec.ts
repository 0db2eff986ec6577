import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

// real: [broker, PostgreSQL, HTTP, all four services, kill -9, SIGSTOP, cut connections], double: [Mirakl, Klaviyo]

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** Runs the command to its end; returns its code and the end of what it told. */
async function chaos(...args: readonly string[]): Promise<{ code: number | null; told: string }> {
  const { KAFKA_BROKERS: _brokers, DATABASE_URL: _database, NODE_OPTIONS: _options, ...env } = process.env;
  const child = spawn(process.execPath, ['tools/run/chaos.mjs', ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => lines.push(line));
  }
  await once(child, 'close');
  return { code: child.exitCode, told: lines.slice(-60).join('\n') };
}

it('keeps the law through kills, pauses, cut connections and faults of both vendors', async () => {
  const { code, told } = await chaos('--seeds', '1', '--from', '1', '--seconds', '12', '--strikes', '8');
  expect(told).toContain('1 passed, 0 failed');
  expect({ code, told }).toMatchObject({ code: 0 });
});

it('keeps the law when each service dies once before and after each of its steps', async () => {
  const { code, told } = await chaos('--crash-points', '--at-once');
  expect(told).toContain('1 passed, 0 failed');
  expect({ code, told }).toMatchObject({ code: 0 });
});
