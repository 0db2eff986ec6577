// Mappers and writers go from one replica to three and back to one while facts keep coming in. What is measured is how
// long each group stood still at each change; what must hold is the law of the chaos runs: at the end every order is
// verified in the ledger and every event is stored at Klaviyo exactly once.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Topics } from '@watertight/contracts';
import { connectKafka, GroupLag, TopicPublisher } from '@watertight/kafka';
import { createLogger, systemClock } from '@watertight/service';
import type { Evidence } from '../tools/chaos/check-law.ts';
import { readLedger } from '../tools/chaos/read-ledger.ts';
import { SandboxControl } from '../tools/chaos/sandbox-orders.ts';
import { readBalance } from '../tools/run/balance.ts';
import { nodeArgumentsOf } from '../tools/stack/apps.ts';
import type { BenchContext, BenchSandbox, BenchService, Figure } from './bench-context.ts';
import { BENCH_MARKETPLACE, benchPolicy } from './buyer-events.ts';
import { storedAt } from './klaviyo-double.ts';
import { Replicas } from './scale-out/replicas.ts';
import { lawFigures, scaleFigures, type Span } from './scale-out/scale-figures.ts';
import { SteadyLoad } from './scale-out/steady-load.ts';
import { sumOf, trueOrder } from './scale-out/true-orders.ts';

const TOKEN = 'a-token-for-benchmarks-only';
const BUYER_ID_KEY = 'a key for benchmarks only, long enough for it';
const KLAVIYO_KEY = 'pk_sandbox';
const STORE_DELAY_MS = 300;
const REPLICAS_MAX = 3;
const REST_WITHIN_MS = 180_000;
const REST_LOOK_MS = 500;

/** One group at a time, so that each pause has one cause. */
const changes = [
  { group: 'mapper', to: REPLICAS_MAX },
  { group: 'writer', to: REPLICAS_MAX },
  { group: 'mapper', to: 1 },
  { group: 'writer', to: 1 },
] as const;

export async function bench(context: BenchContext): Promise<readonly Figure[]> {
  const connection = connectKafka({
    brokers: context.kafkaBrokers.split(','),
    clientId: 'bench',
    logger: createLogger('bench', 'warn'),
  });
  const publisher = new TopicPublisher({ connection, clock: systemClock });
  const lag = new GroupLag(connection, systemClock);
  try {
    return await new ScaleOut(context).measure(publisher, lag);
  } finally {
    await publisher.close();
    await lag.close();
  }
}

class ScaleOut {
  readonly #context: BenchContext;
  readonly #env: Readonly<Record<string, string>>;
  readonly #replicas = { mapper: 1, writer: 1 };

  constructor(context: BenchContext) {
    this.#context = context;
    const policyFile = join(context.dataDir, 'marketplaces.yaml');
    writeFileSync(policyFile, benchPolicy());
    this.#env = { MARKETPLACES_FILE: policyFile };
  }

  async measure(publisher: TopicPublisher, lag: GroupLag): Promise<readonly Figure[]> {
    const { progress, number, startSandbox } = this.#context;
    const sandbox = await startSandbox({ SANDBOX_KLAVIYO_STORE_DELAY_MS: String(STORE_DELAY_MS) });
    const groups = this.#groups(sandbox);
    const [monitor] = await Promise.all([
      this.#monitor(),
      groups.mapper.scaleTo(1),
      groups.writer.scaleTo(1),
    ]);
    const load = new SteadyLoad(this.#context, { publisher, lag, sandboxUrl: sandbox.url });
    const [spans] = await Promise.all([this.#change(groups, load), load.run(number('ordersPerS', 60))]);
    progress(`${load.publishedMs.length} orders are published; waiting for rest`);
    const evidence = await this.#evidence(monitor, sandbox, load);
    const { figures, violations } = lawFigures(evidence);
    for (const violation of violations) progress(`VIOLATION: ${violation}`);
    return [
      ...scaleFigures(spans, { mapper: load.mapperLooks, writer: load.writerLooks }),
      ...(await waitFigures(sandbox, load)),
      ...figures,
      {
        name: 'replicas that did not leave by themselves',
        value: groups.mapper.killed + groups.writer.killed,
        unit: '',
        ...(this.#kills ? {} : { floor: 0 }),
        better: 'less',
      },
    ];
  }

  /** True when replicas are not let go but killed. */
  get #kills(): boolean {
    return this.#context.number('kill', 0) === 1;
  }

  /** Each change, and the load going on as it is for a while before and after it. */
  async #change(
    groups: Readonly<Record<'mapper' | 'writer', Replicas>>,
    load: SteadyLoad,
  ): Promise<readonly Span[]> {
    const { progress, number, signal } = this.#context;
    const holdMs = number('hold', 20) * 1_000;
    const hold = (): Promise<void> => sleep(holdMs, undefined, { signal });
    try {
      const began = performance.now();
      await hold();
      const before = { name: 'before', group: null, replicas: { ...this.#replicas } };
      const spans: Span[] = [{ ...before, fromMs: began, sharedOutMs: began, toMs: performance.now() }];
      for (const { group, to } of changes) {
        const name = `${group} ${this.#replicas[group]} to ${to}`;
        progress(name);
        const fromMs = performance.now();
        await groups[group].scaleTo(to, { kill: this.#kills });
        const sharedOutMs = performance.now();
        this.#replicas[group] = to;
        await hold();
        spans.push({
          name,
          group,
          replicas: { ...this.#replicas },
          fromMs,
          sharedOutMs,
          toMs: performance.now(),
        });
      }
      return spans;
    } finally {
      load.end();
    }
  }

  #groups(sandbox: BenchSandbox): Readonly<Record<'mapper' | 'writer', Replicas>> {
    const klaviyo = { KLAVIYO_API_KEY: KLAVIYO_KEY, KLAVIYO_BASE_URL: `${sandbox.url}/klaviyo` };
    const mapper = { name: 'profile-mapper', env: { ...this.#env, BUYER_ID_KEY } };
    const writer = { name: 'klaviyo-writer', env: { ...this.#env, ...klaviyo } };
    return {
      mapper: new Replicas(this.#context, mapper, Topics.orders),
      writer: new Replicas(this.#context, writer, Topics.buyerEvents),
    };
  }

  #monitor(): Promise<BenchService> {
    return this.#context.startService({
      name: 'leakage-monitor',
      nodeArguments: nodeArgumentsOf('leakage-monitor'),
      env: { ...this.#env, BUYER_ID_KEY, LOCAL_TOKEN: TOKEN },
    });
  }

  /** What the law is judged by, once every order is verified or time is up. */
  async #evidence(monitor: BenchService, sandbox: BenchSandbox, load: SteadyLoad): Promise<Evidence> {
    const control = new SandboxControl(sandbox.url);
    const orders = load.publishedMs.map((_, index) => trueOrder(index, load.now));
    const until = performance.now() + REST_WITHIN_MS;
    for (;;) {
      this.#context.signal.throwIfAborted();
      const isLate = performance.now() > until;
      const read = await readBalance(monitor.url, TOKEN);
      const verified = read?.balance.buckets['verified']?.orders ?? 0;
      if (read !== undefined && (verified >= orders.length || isLate)) {
        const { klaviyo } = await control.truth();
        return {
          truth: { klaviyo, mirakl: sumOf(orders) },
          balance: read.balance,
          ordersAtMirakl: new Map([[BENCH_MARKETPLACE, orders]]),
          eventsAtKlaviyo: await control.events(),
          ledger: await readLedger(monitor.url, TOKEN),
          logs: readLogs(join(this.#context.dataDir, 'logs')),
          secrets: [BUYER_ID_KEY, TOKEN, KLAVIYO_KEY, '@example.org'],
        };
      }
      if (isLate) throw new Error('leakage-monitor did not answer after the load was over');
      await sleep(REST_LOOK_MS);
    }
  }
}

function readLogs(folder: string): string {
  return readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
}

/** How long orders took from their fact in Kafka to Klaviyo's 202 for them: half of them, nearly all, all. */
async function waitFigures(sandbox: BenchSandbox, load: SteadyLoad): Promise<readonly Figure[]> {
  const shown = await storedAt(sandbox.url, 'Placed Order');
  const waitsMs = load.publishedMs.map((publishedMs, index) => {
    const { orderId } = trueOrder(index, load.now);
    return (shown.get(`${BENCH_MARKETPLACE}:${orderId}:placed`) ?? Infinity) - STORE_DELAY_MS - publishedMs;
  });
  waitsMs.sort((one, other) => one - other);
  const shares = { p50: 0.5, p99: 0.99, longest: 1 };
  return Object.entries(shares).map(([name, share]) => ({
    name: `fact in Kafka to 202, ${name}`,
    value: (waitsMs[Math.ceil(share * waitsMs.length) - 1] ?? Infinity) / 1_000,
    unit: 's',
    better: 'less',
  }));
}
