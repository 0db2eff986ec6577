import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

// real: [broker, PostgreSQL, HTTP, all four services, kill -9, SIGSTOP, cut connections], double: [Mirakl, Klaviyo]

const root = fileURLToPath(new URL('../../../..', import.meta.url));

it('keeps the law through kills, pauses, cut connections and faults of both vendors', async () => {
  const { KAFKA_BROKERS: _brokers, DATABASE_URL: _database, NODE_OPTIONS: _options, ...env } = process.env;
  const child = spawn(
    process.execPath,
    ['tools/run/chaos.mjs', '--seeds', '1', '--from', '1', '--seconds', '12', '--strikes', '8'],
    { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => lines.push(line));
  }
  await once(child, 'close');
  const told = lines.slice(-60).join('\n');
  expect(told).toContain('1 passed, 0 failed');
  expect({ code: child.exitCode, told }).toMatchObject({ code: 0 });
});
