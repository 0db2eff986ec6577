// Kafka to Klaviyo's bulk events, ours beside others, in turn, round by round, on the same broker and double:
// the NestJS transport as shipped doing all that ours does, message by message; Apache Camel, arroyo and franz-go doing
// Kafka → mapping → bulk HTTP without a ledger, offsets committed after the answer. First each is held to sending exactly
// the events that ours sends. Then one call per event and ours, both under Klaviyo's quota.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDatabase } from '@watertight/postgres';
import { memoryEnvironment, nodeArgumentsOf } from '../tools/stack/apps.ts';
import type { BenchContext, BenchProgram, Figure } from './bench-context.ts';
import { benchPolicy, PARTS_PER_ORDER } from './buyer-events.ts';
import { countsOf } from './klaviyo-double.ts';
import { profileArguments, tellWidestFrames } from './profiles.ts';
import { peerFigures, type Round } from './peers/compare.ts';
import { PeerTopic } from './peers/peer-topic.ts';
import { type Peer, preparePeers } from './peers/prepare-peers.ts';
import { differencesOf, type SentEvents, sentEvents } from './peers/same-work.ts';

const STARTS_WITHIN_MS = 120_000;
/** Klaviyo's own for single events, 3,500 a minute, and for events in bulk. */
const SINGLE_PER_SECOND = 58;
const BULK_PER_SECOND = 2_500;
/** The measuring begins when this share has been sent, or after this time: compilers have done most of theirs by then. */
const WARM_UP_SHARE = 0.25;
const WARM_UP_MS = 10_000;
const COMPARED_ORDERS = 100;

interface Contender {
  readonly name: string;
  start(env: Readonly<Record<string, string>>): Promise<BenchProgram>;
}

export async function bench(context: BenchContext): Promise<readonly Figure[]> {
  const rounds = context.number('rounds', 3);
  const peers = await preparePeers(context);
  const run = new PeerBench(context);
  const contenders = [
    run.ours(),
    run.oursBeforeReadBack(),
    run.nestTransport(),
    ...peers.map((peer) => run.contenderOf(peer)),
  ];
  const results = new Map<string, Round[]>(contenders.map(({ name }) => [name, []]));
  try {
    await run.assertSameWork(contenders);
    for (let round = 1; round <= rounds; round += 1) {
      for (const contender of contenders) {
        context.progress(`round ${round} of ${rounds}: ${contender.name}`);
        results.get(contender.name)?.push(await run.drain(contender));
      }
    }
    return [
      ...peerFigures(results),
      ...(await run.underQuota(peers.find(({ name }) => name === 'franz-go'))),
    ];
  } finally {
    await run.close();
  }
}

class PeerBench {
  readonly #context: BenchContext;
  readonly #topic: PeerTopic;
  readonly #policyFile: string;
  #starts = 0;

  constructor(context: BenchContext) {
    this.#context = context;
    this.#topic = new PeerTopic(context.kafkaBrokers.split(','));
    this.#policyFile = join(context.dataDir, 'marketplaces.yaml');
    writeFileSync(this.#policyFile, benchPolicy());
  }

  close(): Promise<void> {
    return this.#topic.close();
  }

  /** As it ships: its settings of V8, its ledger and its read-back. */
  ours(): Contender {
    return { name: 'ours', start: (env) => this.#startWriter({ ...env, KLAVIYO_PACING: '0' }) };
  }

  /** The same before it begins to read back, which no other does: what the ledger alone costs. */
  oursBeforeReadBack(): Contender {
    return {
      name: 'ours before read-back',
      start: (env) =>
        this.#startWriter({
          ...env,
          KLAVIYO_PACING: '0',
          VERIFY_FIRST_AFTER: '10m',
          VERIFY_DEADLINE: '1h',
        }),
    };
  }

  nestTransport(): Contender {
    const entry = join(import.meta.dirname, 'peers/nest-transport/main.ts');
    const args = [...nodeArgumentsOf('klaviyo-writer'), entry];
    return this.contenderOf({ name: 'NestJS transport', command: process.execPath, args });
  }

  contenderOf({ name, command, args }: Peer): Contender {
    const program = name.toLowerCase().replaceAll(' ', '-');
    const start = async (env: Readonly<Record<string, string>>) => {
      await this.#emptyLedger();
      // A new group each time: the offsets of an old one are gone with the records that it had read.
      this.#starts += 1;
      const GROUP_ID = `${program}-${this.#starts}`;
      return this.#context.startProgram({ name: program, command, args, env: { ...env, GROUP_ID } });
    };
    return { name, start };
  }

  /** Throws with the first differences unless each contender makes the same events of the same orders. */
  async assertSameWork(contenders: readonly Contender[]): Promise<void> {
    let ours: SentEvents | undefined;
    for (const contender of contenders) {
      this.#context.progress(`the same work: ${contender.name}`);
      const { sandbox, program } = await this.#started(contender, COMPARED_ORDERS, { compared: true });
      await this.#untilStored(sandbox.url, COMPARED_ORDERS * PARTS_PER_ORDER, program);
      await program.stop();
      const sent = await sentEvents(sandbox.url);
      await sandbox.stop();
      ours ??= sent;
      const differences = differencesOf(ours, sent);
      if (differences.length > 0)
        throw new Error(`${contender.name} does other work than ours:\n${differences.join('\n')}`);
    }
  }

  /** Lets a contender send what waits in the topic, or as much of it as it can in the time it has. */
  async drain(contender: Contender): Promise<Round> {
    const orders = this.#context.number('orders', 40_000);
    const limitMs = this.#context.number('limitSeconds', 60) * 1_000;
    const wanted = orders * PARTS_PER_ORDER;
    const { sandbox, program } = await this.#started(contender, orders);
    const first = await this.#reached(sandbox.url, program, 1, STARTS_WITHIN_MS);
    const from = await this.#reached(sandbox.url, program, wanted * WARM_UP_SHARE, WARM_UP_MS);
    const cpuBefore = program.cpuSeconds();
    const to = await this.#reached(sandbox.url, program, wanted, limitMs);
    const accepted = to.accepted - from.accepted;
    if (first.accepted === 0 || accepted <= 0)
      throw new Error(`${contender.name} sent nothing. It wrote:\n${program.lastOutput()}`);
    const round = {
      eventsPerSecond: accepted / ((to.atMs - from.atMs) / 1_000),
      cpuPerEvent: (1e6 * (program.cpuSeconds() - cpuBefore)) / accepted,
      memoryMb: await program.residentMb(),
    };
    await program.stop();
    if (contender.name.startsWith('ours')) tellWidestFrames(this.#context, 'klaviyo-writer');
    const { doubled } = await countsOf(sandbox.url);
    await sandbox.stop();
    if (doubled > 0) throw new Error(`${contender.name} doubled ${doubled} events`);
    return round;
  }

  /** One call per event, as connectors that know no bulk do, and ours, each under what Klaviyo allows. */
  async underQuota(peer: Peer | undefined): Promise<readonly Figure[]> {
    if (peer === undefined) throw new Error('the program for single calls is missing');
    const seconds = this.#context.number('quotaSeconds', 60);
    const singly = this.contenderOf({ ...peer, name: 'single calls' });
    const single = await this.#paced(
      {
        name: 'one call per event',
        start: (env) => singly.start({ ...env, SINGLE_PER_SECOND: `${SINGLE_PER_SECOND}` }),
      },
      SINGLE_PER_SECOND,
      seconds,
    );
    const writer = { name: 'ours', start: (env: Readonly<Record<string, string>>) => this.#startWriter(env) };
    const ours = await this.#paced(writer, BULK_PER_SECOND, seconds);
    return [
      { name: 'one call per event under quota, events a second', value: single, unit: 'events/s' },
      { name: 'ours under quota, events a second', value: ours, unit: 'events/s' },
      { name: 'times as many as with one call per event', value: ours / single, unit: '' },
    ];
  }

  async #paced(contender: Contender, perSecond: number, seconds: number): Promise<number> {
    this.#context.progress(`under quota for ${seconds} s: ${contender.name}`);
    const orders = Math.ceil((perSecond * (seconds + 10)) / PARTS_PER_ORDER);
    const { sandbox, program } = await this.#started(contender, orders, { quota: 'enforced' });
    const from = await this.#reached(sandbox.url, program, 1, STARTS_WITHIN_MS);
    await sleep(seconds * 1_000, undefined, { signal: this.#context.signal });
    const to = await acceptedAt(sandbox.url);
    await program.stop();
    await sandbox.stop();
    if (from.accepted === 0) throw new Error(`${contender.name} sent nothing:\n${program.lastOutput()}`);
    return (to.accepted - from.accepted) / ((to.atMs - from.atMs) / 1_000);
  }

  async #started(
    contender: Contender,
    orders: number,
    { quota = 'off', compared = false }: { quota?: 'off' | 'enforced'; compared?: boolean } = {},
  ) {
    await this.#topic.refill(orders, compared);
    const sandbox = await this.#context.startSandbox({
      SANDBOX_KLAVIYO_QUOTA: quota,
      SANDBOX_KLAVIYO_KEEP: compared ? 'full' : 'lean',
    });
    return { sandbox, program: await contender.start(this.#env(sandbox.url)) };
  }

  async #startWriter(env: Readonly<Record<string, string>>): Promise<BenchProgram> {
    await this.#emptyLedger();
    return this.#context.startService({
      name: 'klaviyo-writer',
      nodeArguments: [
        ...nodeArgumentsOf('klaviyo-writer'),
        ...profileArguments(this.#context, 'klaviyo-writer'),
      ],
      env,
    });
  }

  /** Otherwise ours would look for the events of earlier rounds in a double that has never seen them. */
  async #emptyLedger(): Promise<void> {
    const database = createDatabase({ url: this.#context.databaseUrl, schema: 'writer', migrations: [] });
    try {
      await database.execute('drop schema if exists writer cascade');
    } finally {
      await database.close();
    }
  }

  #env(sandboxUrl: string): Readonly<Record<string, string>> {
    return {
      ...memoryEnvironment,
      KLAVIYO_API_KEY: 'pk_sandbox',
      KLAVIYO_BASE_URL: `${sandboxUrl}/klaviyo`,
      MARKETPLACES_FILE: this.#policyFile,
      MAISON_API_KEY: 'unused',
    };
  }

  async #untilStored(sandboxUrl: string, wanted: number, program: BenchProgram): Promise<void> {
    const deadline = performance.now() + STARTS_WITHIN_MS;
    while (performance.now() < deadline) {
      if ((await countsOf(sandboxUrl)).stored >= wanted) return;
      await sleep(100, undefined, { signal: this.#context.signal });
    }
    throw new Error(`not everything was sent. It wrote:\n${program.lastOutput()}`);
  }

  /** Waits until so many events were accepted, or the time is up. */
  async #reached(
    sandboxUrl: string,
    program: BenchProgram,
    wanted: number,
    withinMs: number,
  ): Promise<Accepted> {
    const deadline = performance.now() + withinMs;
    for (;;) {
      const now = await acceptedAt(sandboxUrl);
      if (now.accepted >= wanted || now.atMs > deadline) return now;
      const end = await Promise.race([program.ended, sleep(50, undefined, { signal: this.#context.signal })]);
      if (end !== undefined) throw new Error(`it ended before its work was done:\n${program.lastOutput()}`);
    }
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
