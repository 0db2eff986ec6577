import { setTimeout as sleep } from 'node:timers/promises';
import { type Balance, isBalanced, ordersUnderWay, readBalance } from '../../tools/run/balance.ts';
import type { BenchContext } from '../bench-context.ts';
import { metricOf } from '../klaviyo-double.ts';
import { API_TOKEN, type Services, type Stage, STAGES } from './whole-system.ts';

/** How things stood at one moment. */
export interface Sample {
  readonly atMs: number;
  /** Klaviyo events that the writer has had accepted. */
  readonly accepted: number;
  readonly verified: number;
  readonly memoryMb: Readonly<Record<Stage, number>>;
}

export interface Drained {
  readonly samples: readonly Sample[];
  /** Seconds from the start of the services until the balance was settled with nothing under way. */
  readonly seconds: number;
  readonly cpuSeconds: Readonly<Record<Stage, number>>;
  readonly balance: Balance;
}

export interface DrainOptions {
  readonly lookEveryMs: number;
  readonly tellEveryMs: number;
  /** No further order and no further event for so long: it will not end by itself. */
  readonly standstillMs: number;
  readonly atMostMs: number;
}

/** Follows a system until every order that the double has is in its last bucket. Throws when it stands still. */
export async function drainHistory(
  context: BenchContext,
  services: Services,
  orders: number,
  options: DrainOptions,
): Promise<Drained> {
  const began = performance.now();
  const cpuBefore = cpuOf(services);
  const samples: Sample[] = [];
  const watch = new Standstill(began);
  let toldMs = began;
  for (;;) {
    const sample = await sampleOf(services);
    samples.push(sample);
    const read = await readBalance(services['leakage-monitor'].url, API_TOKEN);
    const ended = read === undefined ? 0 : endedOrders(read.balance);
    watch.note(sample.atMs, ended + sample.accepted + sample.verified);
    if (sample.atMs - toldMs >= options.tellEveryMs) {
      toldMs = sample.atMs;
      context.progress(inWords(sample, ended, orders));
    }
    if (read !== undefined && ended >= orders && isBalanced(read.balance)) {
      const after = cpuOf(services);
      const cpuSeconds = byStage((stage) => after[stage] - cpuBefore[stage]);
      return { samples, seconds: (sample.atMs - began) / 1_000, cpuSeconds, balance: read.balance };
    }
    const stuck = watch.isOver(sample.atMs, options.standstillMs);
    if (stuck || sample.atMs - began > options.atMostMs)
      throw new Error(
        `${stuck ? 'it stands still' : 'time is up'}: ${inWords(sample, ended, orders)}\n${wordsOf(services)}`,
      );
    await sleep(options.lookEveryMs, undefined, { signal: context.signal });
  }
}

/** Between the first and the last event that was accepted: start and settling of the balance do not count. */
export function acceptedRate(samples: readonly Sample[]): {
  readonly perSecond: number;
  readonly events: number;
} {
  const events = samples.at(-1)?.accepted ?? 0;
  const first = samples.findLast(({ accepted }) => accepted === 0) ?? samples[0];
  const last = samples.find(({ accepted }) => accepted === events);
  if (first === undefined || last === undefined || last.atMs <= first.atMs)
    throw new Error('too few events to tell their rate');
  return { events, perSecond: (events - first.accepted) / ((last.atMs - first.atMs) / 1_000) };
}

export function byStage<T>(of: (stage: Stage) => T): Readonly<Record<Stage, T>> {
  return {
    'mirakl-ingest': of('mirakl-ingest'),
    'profile-mapper': of('profile-mapper'),
    'klaviyo-writer': of('klaviyo-writer'),
    'leakage-monitor': of('leakage-monitor'),
  };
}

class Standstill {
  #furthest = -1;
  #movedMs: number;

  constructor(nowMs: number) {
    this.#movedMs = nowMs;
  }

  note(nowMs: number, reached: number): void {
    if (reached <= this.#furthest) return;
    this.#furthest = reached;
    this.#movedMs = nowMs;
  }

  isOver(nowMs: number, limitMs: number): boolean {
    return nowMs - this.#movedMs > limitMs;
  }
}

async function sampleOf(services: Services): Promise<Sample> {
  const writer = services['klaviyo-writer'].url;
  const [accepted, verified, ...memory] = await Promise.all([
    metricOf(writer, 'watertight_klaviyo_events_total', 'result="accepted"'),
    metricOf(writer, 'watertight_writer_outcomes_total', '"verified"'),
    ...STAGES.map((stage) => services[stage].residentMb()),
  ]);
  return {
    atMs: performance.now(),
    accepted,
    verified,
    memoryMb: byStage((stage) => memory[STAGES.indexOf(stage)] ?? 0),
  };
}

function endedOrders(balance: Balance): number {
  const inBuckets = Object.values(balance.buckets).reduce((sum, { orders }) => sum + orders, 0);
  return inBuckets - ordersUnderWay(balance);
}

function inWords({ accepted, verified, memoryMb }: Sample, ended: number, orders: number): string {
  const memory = STAGES.map((stage) => `${stage} ${memoryMb[stage]}`).join(', ');
  return `${ended} of ${orders} orders ended; ${accepted} events accepted, ${verified} buyer events verified; MB: ${memory}`;
}

function cpuOf(services: Services): Readonly<Record<Stage, number>> {
  return byStage((stage) => services[stage].cpuSeconds());
}

function wordsOf(services: Services): string {
  return STAGES.map((stage) => `${stage} wrote:\n${services[stage].lastOutput()}`).join('\n');
}
