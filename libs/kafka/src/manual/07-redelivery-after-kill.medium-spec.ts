// real: [Kafka, node process], double: []
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ServiceProcess, startProcess, testStack, waitUntil } from '@watertight/testing';
import { DONE } from '../message-batch.ts';
import { laneFixture, type LaneFixture } from './lane.fixture.ts';

// 7. A service may die at any instant. What it had not committed comes again, in order; what it had committed does
//    not. So effects happen at least once, and must be idempotent.

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
const started: ServiceProcess[] = [];
let lane: LaneFixture;
let effectsFile: string;

beforeAll(() => {
  // The child runs what ships: the built library.
  execFileSync(process.execPath, [path('../../../../node_modules/typescript/bin/tsc'), '-b', path('../..')]);
}, 120_000);

beforeEach(async () => {
  lane = await laneFixture();
  effectsFile = join(mkdtempSync(join(tmpdir(), 'kafka-manual-')), 'effects');
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((child) => child.stop()));
  await lane.close();
});

function startConsumer(env: Record<string, string> = {}): ServiceProcess {
  const child = startProcess([path('../../fixtures/consumer.mjs')], {
    KAFKA_BROKERS: testStack().kafkaBrokers.join(','),
    TOPIC: lane.topic.name,
    OUTCOMES_TOPIC: lane.outcomes.name,
    GROUP: lane.groupId,
    EFFECTS_FILE: effectsFile,
    ...env,
  });
  started.push(child);
  return child;
}

function effects(): number[] {
  if (!existsSync(effectsFile)) return [];
  return readFileSync(effectsFile, 'utf8').trim().split('\n').map(Number);
}

describe('kill -9', () => {
  it('in the middle of a slice: the whole slice comes again, nothing before it, nothing is missing', async () => {
    await lane.send(1, 40);
    const first = startConsumer({ HANG_AT: '25' });
    await waitUntil('the effect of message 25', () => effects().includes(25), { deadlineMs: 20_000 });
    first.child.kill('SIGKILL');
    await first.exited;
    expect(await lane.committed()).toBe(20);
    startConsumer();
    // The dead member is missed when its session ends, seconds later.
    await waitUntil('everything', async () => (await lane.committed()) === 40, { deadlineMs: 30_000 });
    const upTo = (last: number, from = 1) =>
      Array.from({ length: last - from + 1 }, (_, index) => from + index);
    expect(effects()).toEqual([...upTo(25), ...upTo(40, 21)]);
  });
});

describe('a process that freezes for longer than its session', () => {
  it('gets the slice again, because its partition may have been given away meanwhile', async () => {
    await lane.send(1, 3);
    const attempts: number[][] = [];
    const service = await lane.serve(
      async (batch) => {
        attempts.push(batch.messages.map(({ value }) => value.number));
        // Nothing runs in here, not even a heartbeat.
        if (attempts.length === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 8_000);
        return batch.messages.map(() => DONE);
      },
      { sessionTimeoutMs: 6_000 },
    );
    await waitUntil('the commit', async () => (await lane.committed()) === 3, { deadlineMs: 40_000 });
    expect(attempts).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(service.fatal).toEqual([]);
  });
});

describe('an unknown error in a service', () => {
  it('ends the process with exit code 70 and one fatal line that carries the error', async () => {
    await lane.send(1, 40);
    const child = startConsumer({ BUG_AT: '25' });
    expect(await child.exited).toEqual({ code: 70, signal: null });
    const lines = child.stdout.map((line): Record<string, unknown> => JSON.parse(line));
    expect(lines.filter(({ level }) => level === 'fatal')).toMatchObject([
      { event: 'unknown_error', err: { type: 'TypeError', message: 'a bug at 25' } },
    ]);
    expect(await lane.committed()).toBe(20);
    expect(child.stderr).toEqual([]);
  });
});
