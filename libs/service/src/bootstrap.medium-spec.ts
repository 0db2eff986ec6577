// real: [node process, HTTP], double: [Kafka strategy]
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type ServiceProcess, startProcess, waitUntil } from '@watertight/testing';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

const good = { GREETING: 'hello', FIXTURE_API_KEY: 'pk_never_shown' };
const started: ServiceProcess[] = [];

function startTiny(env: Record<string, string>, ...args: readonly string[]): ServiceProcess {
  const tiny = startProcess([path('../fixtures/tiny-service.mjs'), ...args], env);
  started.push(tiny);
  return tiny;
}

interface LogLine {
  level: string;
  event?: string;
  url?: string;
  msg?: string;
  err?: { type: string; message: string };
}

const logOf = (tiny: ServiceProcess): LogLine[] => tiny.stdout.map((line): LogLine => JSON.parse(line));
const eventsOf = (tiny: ServiceProcess) => logOf(tiny).map(({ event }) => event);

async function urlOf(tiny: ServiceProcess): Promise<string> {
  return waitUntil(
    'the service to listen',
    () => logOf(tiny).find(({ event }) => event === 'listening')?.url,
  );
}

async function get(url: string): Promise<{ status: number; body: unknown }> {
  const response = await fetch(url);
  return { status: response.status, body: await response.json() };
}

beforeAll(() => {
  // The child runs what ships: the built library.
  execFileSync(process.execPath, [path('../../../node_modules/typescript/bin/tsc'), '-b', path('..')]);
}, 120_000);

afterEach(async () => {
  await Promise.all(started.splice(0).map((tiny) => tiny.stop()));
});

describe('a service that starts', () => {
  it('answers live, ready, metrics and its own routes, on loopback only, and drains in order on SIGTERM', async () => {
    const tiny = startTiny(good);
    const url = await urlOf(tiny);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await get(`${url}/health/live`)).toEqual({ status: 200, body: { status: 'ok' } });
    expect(await get(`${url}/health/ready`)).toEqual({
      status: 200,
      body: { ready: true, state: 'running', checks: { kafka: 'ok', postgres: 'ok' } },
    });
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await metrics.text()).toContain('process_resident_memory_bytes');
    // ConfigService knows the checked settings and nothing else of the environment.
    expect((await get(`${url}/greeting`)).body).toEqual({ greeting: 'hello', home: null });

    expect(await tiny.stop()).toEqual({ code: 0, signal: null });
    expect(eventsOf(tiny)).toEqual(['listening', 'pollers_stopped', 'strategy_closed', 'database_closed']);
    expect(tiny.stderr).toEqual([]);
  });

  it('takes a request of one megabyte, and not a byte more', async () => {
    const url = await urlOf(startTiny(good));
    const post = async (bytes: number): Promise<number> => {
      const body = JSON.stringify({ greeting: 'a'.repeat(bytes - '{"greeting":""}'.length) });
      const headers = { 'content-type': 'application/json' };
      return (await fetch(`${url}/greeting`, { method: 'POST', headers, body })).status;
    };
    expect(await post(1024 * 1024)).toBeLessThan(300);
    expect(await post(1024 * 1024 + 1)).toBe(413);
  });

  it('drains once when asked twice', async () => {
    const tiny = startTiny(good);
    await urlOf(tiny);
    tiny.child.kill('SIGINT');
    tiny.child.kill('SIGTERM');
    expect(await tiny.exited).toEqual({ code: 0, signal: null });
    expect(eventsOf(tiny).filter((event) => event === 'database_closed')).toHaveLength(1);
  });

  it('says which check failed', async () => {
    const url = await urlOf(startTiny({ ...good, MODE: 'failing_check' }));
    expect(await get(`${url}/health/ready`)).toEqual({
      status: 503,
      body: {
        ready: false,
        state: 'running',
        checks: { kafka: 'ok', postgres: 'PostgreSQL does not answer' },
      },
    });
    expect((await get(`${url}/health/live`)).status).toBe(200);
  });

  it('drains when its parent leaves, if it was told to watch it', async () => {
    const tiny = startTiny({ ...good, WATCH_PARENT_STDIN: '1' });
    await urlOf(tiny);
    tiny.child.stdin?.end();
    expect(await tiny.exited).toEqual({ code: 0, signal: null });
    expect(eventsOf(tiny)).toContain('database_closed');
  });

  it('leaves loudly when the drain does not end in time', async () => {
    const tiny = startTiny({ ...good, MODE: 'endless_drain', DRAIN_DEADLINE: '50ms' });
    await urlOf(tiny);
    tiny.child.kill('SIGTERM');
    expect(await tiny.exited).toEqual({ code: 70, signal: null });
    expect(logOf(tiny).at(-1)).toMatchObject({ level: 'fatal', event: 'drain_overdue' });
  });

  it('leaves without a complaint when it is asked to while it still starts', async () => {
    const tiny = startTiny({ ...good, MODE: 'endless_start', DRAIN_DEADLINE: '50ms' });
    await waitUntil('the start to begin', () => eventsOf(tiny).includes('connecting'));
    tiny.child.kill('SIGTERM');
    expect(await tiny.exited).toEqual({ code: 0, signal: null });
    expect(logOf(tiny).map(({ level }) => level)).not.toContain('fatal');
  });

  it('stops with one fatal line on a rejection that nobody handled', async () => {
    const tiny = startTiny({ ...good, MODE: 'unknown_rejection' });
    const url = await urlOf(tiny);
    await fetch(`${url}/reject`).catch(() => undefined);
    expect(await tiny.exited).toEqual({ code: 70, signal: null });
    const fatal = logOf(tiny).filter(({ level }) => level === 'fatal');
    expect(fatal).toEqual([
      expect.objectContaining({
        event: 'unknown_error',
        err: expect.objectContaining({ type: 'TypeError', message: 'a bug near [redacted]' }),
      }),
    ]);
  });
});

describe('a service that cannot start', () => {
  it('names every wrong setting in plain words and exits 78', async () => {
    const tiny = startTiny({ PORT: 'eighty', FIXTURE_API_KEY: '' });
    expect(await tiny.exited).toEqual({ code: 78, signal: null });
    expect(tiny.stdout).toEqual([]);
    expect(tiny.stderr).toEqual([
      'tiny-service cannot start. What is wrong with its settings:',
      expect.stringContaining('PORT must be a whole number from 0 to 65535, but it is "eighty".'),
      expect.stringContaining('GREETING is missing: What the service says. Example: hello'),
      expect.stringContaining('FIXTURE_API_KEY is missing'),
    ]);
  });

  it('does the same for problems found by its own module', async () => {
    const tiny = startTiny({ ...good, MODE: 'wrong_file' });
    expect(await tiny.exited).toEqual({ code: 78, signal: null });
    expect(tiny.stderr.slice(1)).toEqual(['  - marketplaces.yaml line 3: wrong', '  - line 9: wrong']);
  });

  it('names a port that is taken', async () => {
    const url = await urlOf(startTiny(good));
    const second = startTiny({ ...good, PORT: new URL(url).port });
    expect(await second.exited).toEqual({ code: 78, signal: null });
    expect(second.stderr[1]).toMatch(/PORT \d+ on 127\.0\.0\.1 is already in use\./);
  });

  it('exits 75 with what is down when something it needs does not answer', async () => {
    const tiny = startTiny({ ...good, MODE: 'outage_at_start' });
    expect(await tiny.exited).toEqual({ code: 75, signal: null });
    expect(logOf(tiny)).toEqual([
      expect.objectContaining({ level: 'fatal', msg: 'cannot start yet: PostgreSQL does not answer' }),
    ]);
  });

  it('exits 70 with one fatal line on a bug', async () => {
    const tiny = startTiny({ ...good, MODE: 'unknown_at_start' });
    expect(await tiny.exited).toEqual({ code: 70, signal: null });
    expect(logOf(tiny)).toEqual([
      expect.objectContaining({ level: 'fatal', err: expect.objectContaining({ message: 'a bug' }) }),
    ]);
  });
});

describe('the argument of a service', () => {
  it('migrate runs the migrations and exits 0', async () => {
    const tiny = startTiny(good, 'migrate');
    expect(await tiny.exited).toEqual({ code: 0, signal: null });
    expect(eventsOf(tiny)).toEqual(['migrated']);
  });

  it('refuses another one', async () => {
    const tiny = startTiny(good, 'destroy');
    expect(await tiny.exited).toEqual({ code: 78, signal: null });
    expect(tiny.stderr[1]).toBe('  - The argument "destroy" is not known to tiny-service.');
  });
});
