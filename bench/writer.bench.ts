// klaviyo-writer against a double that enforces Klaviyo's published quotas, and against one that does not.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Topics } from '@watertight/contracts';
import { connectKafka, outgoing, TopicPublisher } from '@watertight/kafka';
import { createLogger, systemClock } from '@watertight/service';
import { nodeArgumentsOf } from '../tools/stack/apps.ts';
import { root } from '../tools/stack/paths.ts';
import type { BenchContext, BenchSandbox, BenchService, Figure } from './bench-context.ts';
import { benchPolicy, PARTS_PER_ORDER, placedOrder } from './buyer-events.ts';
import {
  countsOf,
  type DoubleCounts,
  metricOf,
  soundness,
  storedAt,
  verificationShare,
} from './klaviyo-double.ts';
import { MemoryWatch } from './memory-watch.ts';

/** Klaviyo's own: 150 bulk requests of 1,000 events in a minute. */
const QUOTA_PER_S = 2_500;
const STORE_DELAY_MS = 300;
const PUBLISH_AT_ONCE = 500;
const SETTLE_MS = 120_000;

export async function bench(context: BenchContext): Promise<readonly Figure[]> {
  const run = new WriterBench(context);
  const phases = context.number('only', 0);
  const wanted = (phase: number): boolean => phases === 0 || phases === phase;
  try {
    return [
      ...(wanted(1) ? await run.quiet() : []),
      ...(wanted(2) ? await run.underQuota('one replica', 1) : []),
      ...(wanted(3) ? await run.underQuota('two replicas', 2) : []),
      ...(wanted(4) ? await run.withoutQuota() : []),
    ];
  } finally {
    await run.close();
  }
}

class WriterBench {
  readonly #context: BenchContext;
  readonly #publisher: TopicPublisher;
  readonly #policyFile: string;
  #runs = 0;

  constructor(context: BenchContext) {
    this.#context = context;
    const connection = connectKafka({
      brokers: context.kafkaBrokers.split(','),
      clientId: 'bench',
      logger: createLogger('bench', 'warn'),
    });
    this.#publisher = new TopicPublisher({ connection, clock: systemClock });
    this.#policyFile = join(context.dataDir, 'marketplaces.yaml');
    writeFileSync(this.#policyFile, benchPolicy());
  }

  close(): Promise<void> {
    return this.#publisher.close();
  }

  /** A quiet system: one live order at a time, from its record in Kafka to the 202 for its first event. */
  async quiet(): Promise<readonly Figure[]> {
    const orders = this.#context.number('liveOrders', 120);
    const sandbox = await this.#startSandbox('enforced');
    const writer = await this.#startWriter(sandbox);
    const run = this.#nextRun('live');
    this.#context.progress(`live: ${orders} orders, four a second`);
    const publishedMs = new Map<string, number>();
    for (let index = 0; index < orders; index += 1) {
      const now = new Date();
      const event = placedOrder(run, index, now, false);
      publishedMs.set(event.eventId, now.getTime());
      await this.#publish([event]);
      await sleep(250);
    }
    await this.#untilVerified(writer, orders);
    const shown = await storedAt(sandbox.url, 'Placed Order');
    const tookMs = [...publishedMs].map(([id, ms]) => (shown.get(id) ?? Infinity) - STORE_DELAY_MS - ms);
    await this.#end([writer], sandbox);
    const at = (share: number): number =>
      tookMs.sort((one, other) => one - other)[Math.ceil(share * tookMs.length) - 1] ?? Infinity;
    return [
      { name: 'live, Kafka record to 202, p50', value: at(0.5), unit: 'ms', better: 'less' },
      {
        name: 'live, Kafka record to 202, p99',
        value: at(0.99),
        unit: 'ms',
        floor: 1_000,
        aim: 250,
        better: 'less',
      },
    ];
  }

  /** The quota of the account as the only limit. */
  async underQuota(what: string, replicas: number): Promise<readonly Figure[]> {
    const seconds = this.#context.number('seconds', 180);
    // What the last slot of the window still takes, and the first one took.
    const orders = Math.ceil((QUOTA_PER_S * (seconds + 10)) / PARTS_PER_ORDER);
    await this.#preload('quota', orders);
    const sandbox = await this.#startSandbox('enforced');
    const writers = await Promise.all(Array.from({ length: replicas }, () => this.#startWriter(sandbox)));
    const memory = new MemoryWatch(writers);
    this.#context.progress(`${what}: ${seconds} s under the quota`);
    const from = await this.#firstAccepted(sandbox);
    const cpuBefore = writers.map((writer) => writer.cpuSeconds());
    await this.#sampleFor(seconds, memory);
    const to = { ...(await countsOf(sandbox.url)), atMs: performance.now() };
    const cpuS = writers.reduce(
      (sum, writer, index) => sum + writer.cpuSeconds() - (cpuBefore[index] ?? 0),
      0,
    );
    await this.#untilAllVerified(writers, orders);
    const end = await countsOf(sandbox.url);
    await this.#end(writers, sandbox);
    const accepted = to.accepted - from.accepted;
    const perS = accepted / ((to.atMs - from.atMs) / 1_000);
    return [
      { name: `${what}, events a second`, value: perS, unit: 'events/s' },
      {
        name: `${what}, share of the quota`,
        value: (100 * perS) / QUOTA_PER_S,
        unit: '%',
        floor: 97,
        aim: 99,
      },
      ...soundness(what, end, orders * PARTS_PER_ORDER),
      verificationShare(what, from, to, (to.atMs - from.atMs) / 1_000),
      { name: `${what}, CPU per event`, value: (1e6 * cpuS) / accepted, unit: 'µs' },
      ...memory.figures(what),
    ];
  }

  /** No quota: what the service itself can do, on the cores that it shares with broker, database and double. */
  async withoutQuota(): Promise<readonly Figure[]> {
    const orders = this.#context.number('orders', 60_000);
    await this.#preload('free', orders);
    const sandbox = await this.#startSandbox('off');
    const writer = await this.#startWriter(sandbox, { KLAVIYO_PACING: '0' });
    const memory = new MemoryWatch([writer]);
    this.#context.progress('without a quota');
    const from = await this.#firstAccepted(sandbox);
    const cpuBefore = writer.cpuSeconds();
    const wanted = orders * PARTS_PER_ORDER;
    let to = from;
    while (to.accepted < wanted) {
      this.#context.signal.throwIfAborted();
      await memory.sample();
      await sleep(200);
      to = { ...(await countsOf(sandbox.url)), atMs: performance.now() };
    }
    const accepted = to.accepted - from.accepted;
    const cpuS = writer.cpuSeconds() - cpuBefore;
    await this.#untilAllVerified([writer], orders);
    const end = await countsOf(sandbox.url);
    await this.#end([writer], sandbox);
    return [
      {
        name: 'without quota, events a second',
        value: accepted / ((to.atMs - from.atMs) / 1_000),
        unit: 'events/s',
        floor: 2 * QUOTA_PER_S,
        aim: 4 * QUOTA_PER_S,
      },
      { name: 'without quota, CPU per event', value: (1e6 * cpuS) / accepted, unit: 'µs' },
      ...soundness('without quota', end, wanted),
      ...memory.figures('without quota'),
    ];
  }

  #nextRun(kind: string): string {
    this.#runs += 1;
    return `${kind}${this.#runs}`;
  }

  async #preload(kind: string, orders: number): Promise<void> {
    const run = this.#nextRun(kind);
    this.#context.progress(`publishing ${orders} orders (${orders * PARTS_PER_ORDER} Klaviyo events)`);
    const now = new Date();
    for (let from = 0; from < orders; from += PUBLISH_AT_ONCE) {
      this.#context.signal.throwIfAborted();
      const count = Math.min(PUBLISH_AT_ONCE, orders - from);
      await this.#publish(
        Array.from({ length: count }, (_, index) => placedOrder(run, from + index, now, true)),
      );
    }
  }

  async #publish(events: readonly ReturnType<typeof placedOrder>[]): Promise<void> {
    await this.#publisher.publish(
      events.map((value) =>
        outgoing(Topics.buyerEvents, {
          key: value.buyerId,
          subject: value.orderKey,
          value,
          id: value.eventId,
        }),
      ),
    );
  }

  #startSandbox(quota: 'enforced' | 'off'): Promise<BenchSandbox> {
    return this.#context.startSandbox({
      SANDBOX_KLAVIYO_QUOTA: quota,
      SANDBOX_KLAVIYO_KEEP: 'lean',
      SANDBOX_KLAVIYO_STORE_DELAY_MS: String(STORE_DELAY_MS),
    });
  }

  #startWriter(sandbox: BenchSandbox, env: Readonly<Record<string, string>> = {}): Promise<BenchService> {
    return this.#context.startService({
      name: 'klaviyo-writer',
      nodeArguments: [...nodeArgumentsOf('klaviyo-writer'), ...this.#profiling()],
      env: {
        MARKETPLACES_FILE: this.#policyFile,
        KLAVIYO_API_KEY: 'pk_sandbox_narrow',
        KLAVIYO_BASE_URL: `${sandbox.url}/klaviyo`,
        ...env,
      },
    });
  }

  /** `--set profile=1` leaves a CPU profile of each writer in artifacts/profiles, to see where its time goes. */
  #profiling(): readonly string[] {
    if (this.#context.number('profile', 0) === 0) return [];
    return ['--cpu-prof', `--cpu-prof-dir=${join(root, 'artifacts/profiles')}`];
  }

  async #firstAccepted(sandbox: BenchSandbox): Promise<DoubleCounts & { readonly atMs: number }> {
    for (;;) {
      this.#context.signal.throwIfAborted();
      const counts = await countsOf(sandbox.url);
      if (counts.accepted > 0) return { ...counts, atMs: performance.now() };
      await sleep(20);
    }
  }

  async #sampleFor(seconds: number, memory: MemoryWatch): Promise<void> {
    const until = performance.now() + seconds * 1_000;
    while (performance.now() < until) {
      this.#context.signal.throwIfAborted();
      await memory.sample();
      await sleep(Math.min(1_000, Math.max(0, until - performance.now())));
    }
  }

  #untilVerified(writer: BenchService, orders: number): Promise<void> {
    return this.#untilAllVerified([writer], orders);
  }

  async #untilAllVerified(writers: readonly BenchService[], orders: number): Promise<void> {
    const until = performance.now() + SETTLE_MS;
    let verified = 0;
    while (verified < orders) {
      this.#context.signal.throwIfAborted();
      if (performance.now() > until)
        throw new Error(`only ${verified} of ${orders} orders were verified in time`);
      await sleep(200);
      const each = await Promise.all(
        writers.map((writer) => metricOf(writer.url, 'watertight_writer_outcomes_total', '"verified"')),
      );
      verified = each.reduce((sum, one) => sum + one, 0);
    }
  }

  async #end(writers: readonly BenchService[], sandbox: BenchSandbox): Promise<void> {
    await Promise.all(writers.map((writer) => writer.stop()));
    await sandbox.stop();
  }
}
