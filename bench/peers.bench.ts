// Kafka to Klaviyo's bulk events, ours beside others, in turn, round by round, on the same broker and double:
// the NestJS transport as shipped doing all that ours does, message by message; Apache Camel, arroyo and franz-go doing
// Kafka → mapping → bulk HTTP without a ledger, offsets committed after the answer; and one call per event under quota.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Topics } from '@watertight/contracts';
import { connectKafka, outgoing, TopicPublisher } from '@watertight/kafka';
import { createLogger, systemClock } from '@watertight/service';
import { Kafka, logLevel } from 'kafkajs';
import type { BenchContext, BenchProgram, Figure } from './bench-context.ts';
import { benchPolicy, PARTS_PER_ORDER, placedOrder } from './buyer-events.ts';
import { countsOf } from './klaviyo-double.ts';
import { programFigures, ratio, type Round } from './peers/compare.ts';
import { preparePeers, type Peer } from './peers/prepare-peers.ts';

const TOPIC = Topics.buyerEvents.name;
const PUBLISH_AT_ONCE = 500;
const STARTS_WITHIN_MS = 120_000;
/** Klaviyo's own for single events: 3,500 a minute. */
const SINGLE_PER_SECOND = 58;

interface Contender {
  readonly name: string;
  start(env: Readonly<Record<string, string>>): Promise<BenchProgram>;
}

export async function bench(context: BenchContext): Promise<readonly Figure[]> {
  const rounds = context.number('rounds', 3);
  const peers = await preparePeers(context);
  const run = new PeerBench(context);
  const contenders = [run.ours(), run.nestTransport(), ...peers.map((peer) => run.contenderOf(peer))];
  const results = new Map<string, Round[]>(contenders.map(({ name }) => [name, []]));
  try {
    for (let round = 1; round <= rounds; round += 1) {
      for (const contender of contenders) {
        context.progress(`round ${round} of ${rounds}: ${contender.name}`);
        results.get(contender.name)?.push(await run.drain(contender));
      }
    }
    const single = await run.singly(peers.find(({ name }) => name === 'franz-go'));
    return [...figuresOf(results), ...single];
  } finally {
    await run.close();
  }
}

function figuresOf(results: ReadonlyMap<string, readonly Round[]>): readonly Figure[] {
  const of = (name: string): readonly Round[] => results.get(name) ?? [];
  const ours = of('ours');
  const cpu = ({ cpuPerEvent }: Round): number => cpuPerEvent;
  return [
    ...[...results].flatMap(([name, rounds]) => programFigures(name, rounds)),
    {
      name: 'times as fast as the NestJS transport as shipped',
      value: ratio(ours, of('NestJS transport'), ({ eventsPerSecond }) => eventsPerSecond),
      unit: '',
      floor: 5,
      aim: 7,
    },
    {
      name: 'CPU per event beside Apache Camel',
      value: ratio(ours, of('Apache Camel'), cpu),
      unit: '',
      floor: 2,
      aim: 1,
      better: 'less',
    },
    {
      name: 'CPU per event beside arroyo',
      value: ratio(ours, of('arroyo'), cpu),
      unit: '',
      floor: 1,
      better: 'less',
    },
    {
      name: 'CPU per event beside franz-go',
      value: ratio(ours, of('franz-go'), cpu),
      unit: '',
      better: 'less',
    },
  ];
}

class PeerBench {
  readonly #context: BenchContext;
  readonly #publisher: TopicPublisher;
  readonly #policyFile: string;
  readonly #kafka: Kafka;
  #runs = 0;

  constructor(context: BenchContext) {
    this.#context = context;
    const brokers = context.kafkaBrokers.split(',');
    const connection = connectKafka({ brokers, clientId: 'bench', logger: createLogger('bench', 'warn') });
    this.#publisher = new TopicPublisher({ connection, clock: systemClock });
    this.#kafka = new Kafka({ brokers, clientId: 'bench-admin', logLevel: logLevel.ERROR });
    this.#policyFile = join(context.dataDir, 'marketplaces.yaml');
    writeFileSync(this.#policyFile, benchPolicy());
  }

  close(): Promise<void> {
    return this.#publisher.close();
  }

  ours(): Contender {
    const start = (env: Readonly<Record<string, string>>) =>
      this.#context.startService({ name: 'klaviyo-writer', env: { ...env, KLAVIYO_PACING: '0' } });
    return { name: 'ours', start };
  }

  nestTransport(): Contender {
    const entry = join(import.meta.dirname, 'peers/nest-transport/main.ts');
    return this.contenderOf({ name: 'NestJS transport', command: process.execPath, args: [entry] });
  }

  contenderOf({ name, command, args }: Peer): Contender {
    const program = name.toLowerCase().replaceAll(' ', '-');
    const start = (env: Readonly<Record<string, string>>) =>
      this.#context.startProgram({ name: program, command, args, env: { ...env, GROUP_ID: program } });
    return { name, start };
  }

  /** Lets a contender send what waits in the topic, or as much of it as it can in the time it has. */
  async drain(contender: Contender): Promise<Round> {
    const orders = this.#context.number('orders', 20_000);
    const limitMs = this.#context.number('limitSeconds', 60) * 1_000;
    const wanted = orders * PARTS_PER_ORDER;
    await this.#refill(orders);
    const sandbox = await this.#context.startSandbox({
      SANDBOX_KLAVIYO_QUOTA: 'off',
      SANDBOX_KLAVIYO_KEEP: 'lean',
    });
    const program = await contender.start(this.#env(sandbox.url));
    const from = await this.#firstAccepted(sandbox.url, program);
    const cpuBefore = program.cpuSeconds();
    let to = from;
    while (to.accepted < wanted && to.atMs - from.atMs < limitMs) {
      await sleep(100, undefined, { signal: this.#context.signal });
      to = await acceptedAt(sandbox.url);
    }
    const accepted = to.accepted - from.accepted;
    const round = {
      eventsPerSecond: accepted / ((to.atMs - from.atMs) / 1_000),
      cpuPerEvent: (1e6 * (program.cpuSeconds() - cpuBefore)) / accepted,
      memoryMb: await program.residentMb(),
    };
    await program.stop();
    const { doubled } = await countsOf(sandbox.url);
    await sandbox.stop();
    if (doubled > 0) throw new Error(`${contender.name} doubled ${doubled} events`);
    return round;
  }

  /** One call per event at Klaviyo's limit for single events: what connectors that know no bulk can reach. */
  async singly(peer: Peer | undefined): Promise<readonly Figure[]> {
    if (peer === undefined) throw new Error('the program for single calls is missing');
    this.#context.progress('one call per event, under quota');
    const seconds = this.#context.number('singleSeconds', 60);
    await this.#refill(this.#context.number('orders', 20_000));
    const sandbox = await this.#context.startSandbox({ SANDBOX_KLAVIYO_KEEP: 'lean' });
    const env = { ...this.#env(sandbox.url), SINGLE_PER_SECOND: String(SINGLE_PER_SECOND) };
    const program = await this.contenderOf({ ...peer, name: 'single calls' }).start(env);
    const from = await this.#firstAccepted(sandbox.url, program);
    await sleep(seconds * 1_000, undefined, { signal: this.#context.signal });
    const to = await acceptedAt(sandbox.url);
    await program.stop();
    await sandbox.stop();
    const value = (to.accepted - from.accepted) / ((to.atMs - from.atMs) / 1_000);
    return [{ name: 'one call per event under quota, events a second', value, unit: 'events/s' }];
  }

  #env(sandboxUrl: string): Readonly<Record<string, string>> {
    return {
      KLAVIYO_API_KEY: 'pk_sandbox',
      KLAVIYO_BASE_URL: `${sandboxUrl}/klaviyo`,
      MARKETPLACES_FILE: this.#policyFile,
      MAISON_API_KEY: 'unused',
    };
  }

  /** Empties the topic, so that a program that starts at its beginning meets this round alone, and fills it again. */
  async #refill(orders: number): Promise<void> {
    const admin = this.#kafka.admin();
    await admin.connect();
    try {
      const ends = await admin.fetchTopicOffsets(TOPIC);
      const filled = ends.filter(({ high, low }) => high !== low);
      const partitions = filled.map(({ partition, high }) => ({ partition, offset: high }));
      if (partitions.length > 0) await admin.deleteTopicRecords({ topic: TOPIC, partitions });
    } finally {
      await admin.disconnect();
    }
    this.#runs += 1;
    const now = new Date();
    for (let from = 0; from < orders; from += PUBLISH_AT_ONCE) {
      const count = Math.min(PUBLISH_AT_ONCE, orders - from);
      const events = Array.from({ length: count }, (_, index) =>
        placedOrder(`round${this.#runs}`, from + index, now, true),
      );
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
  }

  async #firstAccepted(sandboxUrl: string, program: BenchProgram): Promise<Accepted> {
    const deadline = performance.now() + STARTS_WITHIN_MS;
    while (performance.now() < deadline) {
      const now = await acceptedAt(sandboxUrl);
      if (now.accepted > 0) return now;
      await sleep(50, undefined, { signal: this.#context.signal });
    }
    throw new Error(`nothing was sent. It wrote:\n${program.lastOutput()}`);
  }
}

interface Accepted {
  readonly accepted: number;
  readonly atMs: number;
}

async function acceptedAt(sandboxUrl: string): Promise<Accepted> {
  const { accepted } = await countsOf(sandboxUrl);
  return { accepted, atMs: performance.now() };
}
