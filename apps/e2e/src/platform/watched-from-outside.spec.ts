import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSandbox, waitUntil, type Sandbox } from '@watertight/testing';
import { policyFor, SANDBOX_MARKETPLACES } from '../sandbox.fixture.ts';
import { type RunningSystem, startSystem, waitUntilBalanced, workplace } from '../system.fixture.ts';
import { type CollectedSpan, type Collector, startCollector } from './collector.fixture.ts';
import { isPrometheusInstalled, startPrometheus } from './prometheus.fixture.ts';

// real: [broker, PostgreSQL, HTTP, all four services, the command `up`, Prometheus where it is installed],
// double: [Mirakl, Klaviyo, the OpenTelemetry collector]

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const HISTORY_ORDERS = 150;
const SERVICES = ['mirakl-ingest', 'profile-mapper', 'klaviyo-writer', 'leakage-monitor'];
const place = workplace();
let sandbox: Sandbox;
let collector: Collector;
let system: RunningSystem;

beforeAll(async () => {
  [sandbox, collector] = await Promise.all([
    startSandbox({ SANDBOX_HISTORY_ORDERS: String(HISTORY_ORDERS), SANDBOX_LIVE_ORDERS_PER_MINUTE: '30' }),
    startCollector(),
  ]);
  system = await startSystem({
    policyFile: place.writePolicy(policyFor(sandbox.url, SANDBOX_MARKETPLACES)),
    dataDir: place.dataDir,
    env: {
      KLAVIYO_API_KEY: 'pk_sandbox',
      KLAVIYO_BASE_URL: `${sandbox.url}/klaviyo`,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    },
  });
  await waitUntilBalanced(system, { orders: HISTORY_ORDERS });
});

afterAll(async () => {
  await system?.interrupt();
  await collector?.stop();
  await sandbox?.stop();
  place.remove();
});

/** Log lines of one service, each of which must be JSON. */
function linesOf(service: string): Record<string, unknown>[] {
  return readFileSync(join(place.dataDir, 'logs', `${service}.log`), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Where a service answers, as it said when it began to listen. */
function addressOf(service: string): string {
  const line = linesOf(service).findLast(({ event }) => event === 'listening');
  return new URL(String(line?.['url'])).host;
}

describe('traces', () => {
  /** A trace that has everything: published by ingest, through the mapper, delivered, read back. */
  function wholeTrace(): CollectedSpan[] | undefined {
    const verified = collector.spans.filter(
      ({ service, attributes }) =>
        service === 'klaviyo-writer' && attributes['watertight.outcome'] === 'verified',
    );
    return verified
      .map(({ traceId }) => collector.spans.filter((span) => span.traceId === traceId))
      .find((spans) => SERVICES.every((name) => spans.some(({ service }) => service === name)));
  }

  it('follow one order through all services, from the poll to its verification', async () => {
    const spans = await waitUntil('a whole trace', () => wholeTrace(), { deadlineMs: 60_000, pollMs: 500 });
    const named = (service: string, name: RegExp): CollectedSpan[] =>
      spans.filter((span) => span.service === service && name.test(span.name));
    const [published] = named('mirakl-ingest', /^publish mirakl\.orders\.v1$/);
    expect(published?.parentSpanId).toBe('');
    const mapped = named('profile-mapper', /process mirakl\.orders\.v1$/);
    expect(mapped.map(({ parentSpanId }) => parentSpanId)).toContain(published?.spanId);
    const handedOn = named('profile-mapper', /^publish buyer\.events\.v1$/);
    expect(mapped.map(({ spanId }) => spanId)).toEqual(
      expect.arrayContaining(handedOn.map(({ parentSpanId }) => parentSpanId)),
    );
    const delivered = named('klaviyo-writer', /process buyer\.events\.v1$/);
    expect(handedOn.map(({ spanId }) => spanId)).toEqual(
      expect.arrayContaining(delivered.map(({ parentSpanId }) => parentSpanId)),
    );
    // They are all about the same order.
    expect(
      new Set([published, ...mapped, ...handedOn].map((span) => span?.attributes['watertight.subject'])).size,
    ).toBe(1);
  });

  it('hold no personal data and no key', async () => {
    const { messages } = await emailsOf(sandbox.url);
    const all = collector.bodies.join('\n');
    expect(messages.length).toBeGreaterThan(20);
    for (const secret of [...messages, 'pk_sandbox', system.token]) expect(all).not.toContain(secret);
    expect(all).not.toMatch(/[\w.+-]+@[\w-]+\.[a-z]{2,}/i);
  });
});

/** Every address that reached Klaviyo. */
async function emailsOf(url: string): Promise<{ messages: string[] }> {
  const response = await fetch(`${url}/sandbox/klaviyo/events`);
  const text = await response.text();
  return { messages: [...new Set(text.match(/[\w.+-]+@[\w.-]+\.[a-z]{2,}/gi) ?? [])] };
}

describe('logs', () => {
  it('are JSON lines with a level, a time, a service and, above debug, the name of what happened', () => {
    for (const service of SERVICES) {
      const lines = linesOf(service);
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) {
        expect(line).toMatchObject({ name: service, level: expect.any(String), time: expect.any(String) });
        if (line['level'] !== 'debug')
          expect(line).toMatchObject({ event: expect.stringMatching(/^[a-z_]+$/) });
      }
    }
  });
});

/** Every query of the dashboards, and every rule's. */
function queries(): string[] {
  const folder = join(root, 'k8s/components/monitoring/dashboards');
  const dashboards = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const fromDashboards = dashboards.flatMap((text) =>
    [...text.matchAll(/"expr": ("(?:[^"\\]|\\.)*")/g)].map(([, expr]) => JSON.parse(expr ?? '""') as string),
  );
  return [...new Set(fromDashboards)];
}

/** Metrics that have no series as long as nothing has gone wrong: why that is. */
const QUIET: Readonly<Record<string, string>> = {
  watertight_kafka_dead_letters_total: 'no record was refused',
  'watertight:dead_letters:rate5m': 'no record was refused',
  watertight_kafka_paused_partitions: 'no lane was paused',
  watertight_klaviyo_freezes_total: 'Klaviyo answered no 429',
  watertight_resends_total: 'Klaviyo lost no event',
  watertight_ingest_missed_by_poll_total: 'no sweep has run yet',
};

const rulesFile = join(root, 'monitoring/rules/watertight.yml');

/** The names of all recording and alert rules. */
function ruleNames(): string[] {
  const names = readFileSync(rulesFile, 'utf8').matchAll(/^ +- (?:alert|record): (\S+)$/gm);
  return [...names].map(([, name]) => name ?? '').sort();
}

/** What a query asks for: each metric with what it wants of the labels, in braces. */
function selectorsOf(query: string): string[] {
  return (
    query.match(/\b(?:watertight[:_][a-z0-9_:]+|up|process_[a-z_]+|nodejs_[a-z0-9_]+)\b(?:\{[^}]*\})?/g) ?? []
  );
}

/** What only failures have. */
const OF_FAILURES = /result!="ok"|bucket="failed"/;

function isQuiet(selector: string): boolean {
  const [name = ''] = selector.split('{');
  return name in QUIET || OF_FAILURES.test(selector);
}

describe('metrics', () => {
  it('are all answered by the services: every one that a dashboard or rule asks for', async () => {
    const texts = await Promise.all(
      SERVICES.map(async (service) => (await fetch(`http://${addressOf(service)}/metrics`)).text()),
    );
    const exported = new Set(
      texts
        .join('\n')
        .match(/^# TYPE (\S+)/gm)
        ?.map((line) => line.slice(7)),
    );
    const rules = readFileSync(rulesFile, 'utf8');
    const asked = [...queries(), rules].join('\n').match(/\b(?:watertight|process|nodejs)_[a-z0-9_]+/g) ?? [];
    const missing = [...new Set(asked)].filter(
      (name) => !exported.has(name) && !exported.has(name.replace(/_(?:bucket|count|sum)$/, '')),
    );
    expect(missing).toEqual([]);
  });

  const claim = 'give a real Prometheus, within a minute, data for every dashboard, rule and alert';
  const isHere = isPrometheusInstalled();
  const real = isHere ? it : it.skip;
  real(isHere ? claim : `${claim} (not run: there is no program "prometheus" here)`, async () => {
    const targets = Object.fromEntries(SERVICES.map((service) => [service, addressOf(service)]));
    const prometheus = await startPrometheus(join(place.dataDir, 'prometheus'), targets, rulesFile);
    try {
      // Scraped each second.
      const minute = `min(count_over_time(up{job="watertight"}[2m])) >= 60`;
      await waitUntil('a minute of scrapes', async () => (await prometheus.query(minute)) > 0, {
        deadlineMs: 90_000,
        pollMs: 1_000,
      });
      const evaluated = await prometheus.rules();
      expect(evaluated.map(({ name }) => name).sort()).toEqual(ruleNames());
      expect(evaluated.filter(({ health, lastError = '' }) => health !== 'ok' || lastError !== '')).toEqual(
        [],
      );
      expect(evaluated.filter(({ state }) => state === 'firing').map(({ name }) => name)).toEqual([]);
      const recorded = evaluated.filter(({ type }) => type === 'recording').map(({ name }) => name);
      const asked = [...queries(), ...evaluated.map(({ query }) => query)].flatMap(selectorsOf);
      const loud = [
        ...queries().filter((query) => !selectorsOf(query).some(isQuiet)),
        ...[...recorded, ...asked].filter((selector) => !isQuiet(selector)),
      ];
      const counts = await Promise.all(
        loud.map(async (query) => ({ query, series: await prometheus.query(query) })),
      );
      expect(counts.length).toBeGreaterThan(80);
      expect(counts.filter(({ series }) => series === 0)).toEqual([]);
      // The quiet ones must still be queries that can be evaluated.
      await Promise.all(queries().map((query) => prometheus.query(query)));
    } finally {
      await prometheus.stop();
    }
  });
});
