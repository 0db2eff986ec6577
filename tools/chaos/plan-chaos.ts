import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** The processes that may be struck. */
export const struckProcesses = [
  'mirakl-ingest',
  'profile-mapper',
  'klaviyo-writer',
  'leakage-monitor',
  'broker',
  'database',
] as const;
export type StruckProcess = (typeof struckProcesses)[number];

/** Connections that go through a proxy and can be cut or frozen. */
export const links = ['database', 'klaviyo', 'mirakl'] as const;
export type Link = (typeof links)[number];

/** What a double can be told to do wrong, by the names of its control API. */
export interface FaultSettings {
  readonly kind: string;
  readonly status?: number;
  readonly retryAfter?: number;
  readonly delayMs?: number;
  readonly ratio?: number;
  readonly times?: number;
  readonly method?: string;
}

export type Strike =
  | { readonly kind: 'kill'; readonly process: StruckProcess }
  | { readonly kind: 'pause'; readonly process: StruckProcess; readonly forMs: number }
  | { readonly kind: 'cut' | 'freeze'; readonly link: Link; readonly forMs: number }
  | {
      readonly kind: 'fault';
      readonly at: 'klaviyo' | 'mirakl';
      readonly fault: FaultSettings;
      readonly forMs: number;
    }
  | { readonly kind: 'close_night' };

export interface PlannedStrike {
  /** After the start of the chaos. */
  readonly atMs: number;
  readonly strike: Strike;
}

export interface ChaosPlan {
  readonly seed: number;
  readonly durationMs: number;
  readonly strikes: readonly PlannedStrike[];
}

const klaviyoFaults: readonly FaultSettings[] = [
  { kind: 'status', status: 429, retryAfter: 1, ratio: 0.7 },
  { kind: 'status', status: 500, ratio: 0.5 },
  { kind: 'status', status: 503, ratio: 0.8 },
  { kind: 'html', status: 502, ratio: 0.5 },
  { kind: 'hang', ratio: 0.2, times: 3 },
  { kind: 'reset', ratio: 0.4 },
  { kind: 'store-then-500', ratio: 0.3, method: 'POST' },
  { kind: 'store-then-hang', ratio: 0.3, times: 2, method: 'POST' },
  { kind: 'store-then-reset', ratio: 0.3, method: 'POST' },
  { kind: 'accept-then-lose', ratio: 0.05 },
  { kind: 'delay', delayMs: 700, ratio: 0.6 },
];

const miraklFaults: readonly FaultSettings[] = [
  { kind: 'status', status: 429, retryAfter: 1, ratio: 0.5 },
  { kind: 'status', status: 500, ratio: 0.5 },
  { kind: 'html', status: 503, ratio: 0.5 },
  { kind: 'torn-json', ratio: 0.3 },
  { kind: 'reset', ratio: 0.3 },
  { kind: 'hang', ratio: 0.2, times: 2 },
  { kind: 'page-shift', ratio: 0.5 },
];

/** A process that dies more often than this is given up by its supervisor, which is right and not what is tried here. */
const maxKillsOfOne = 3;

/**
 * The schedule of a seed: the same seed gives the same strikes at the same times. Pure. Every strike has an end that
 * the runner brings about, so that after the last one the system can come to rest.
 */
export function planChaos(
  seed: number,
  { durationMs, strikes: count }: { durationMs: number; strikes: number },
): ChaosPlan {
  const random = xoroshiro128plus(seed);
  const between = (low: number, high: number): number => uniformInt(random, low, high);
  const pick = <T>(list: readonly [T, ...T[]] | readonly T[]): T => {
    const chosen = list[between(0, list.length - 1)];
    if (chosen === undefined) throw new Error('nothing to pick from');
    return chosen;
  };
  const kills = new Map<StruckProcess, number>();
  const kill = (): Strike => {
    const left = struckProcesses.filter((name) => (kills.get(name) ?? 0) < maxKillsOfOne);
    if (left.length === 0) return { kind: 'close_night' };
    const process = pick(left);
    kills.set(process, (kills.get(process) ?? 0) + 1);
    return { kind: 'kill', process };
  };
  const strike = (): Strike => {
    const roll = between(1, 100);
    if (roll <= 35) return kill();
    if (roll <= 50) return { kind: 'pause', process: pick(struckProcesses), forMs: between(500, 6_000) };
    if (roll <= 60)
      return { kind: pick(['cut', 'freeze'] as const), link: pick(links), forMs: between(500, 4_000) };
    if (roll <= 80)
      return { kind: 'fault', at: 'klaviyo', fault: pick(klaviyoFaults), forMs: between(2_000, 8_000) };
    if (roll <= 95)
      return { kind: 'fault', at: 'mirakl', fault: pick(miraklFaults), forMs: between(2_000, 8_000) };
    return { kind: 'close_night' };
  };
  const times = Array.from({ length: count }, () => between(0, durationMs)).sort((one, other) => one - other);
  return { seed, durationMs, strikes: times.map((atMs) => ({ atMs, strike: strike() })) };
}

/** One line for people. */
export function describeStrike({ atMs, strike }: PlannedStrike): string {
  const at = `${(atMs / 1_000).toFixed(1).padStart(5)} s`;
  switch (strike.kind) {
    case 'kill':
      return `${at}  kill -9 ${strike.process}`;
    case 'pause':
      return `${at}  pause ${strike.process} for ${strike.forMs} ms`;
    case 'cut':
    case 'freeze':
      return `${at}  ${strike.kind} the way to ${strike.link} for ${strike.forMs} ms`;
    case 'fault':
      return `${at}  ${strike.at}: ${JSON.stringify(strike.fault)} for ${strike.forMs} ms`;
    case 'close_night':
      return `${at}  Mirakl closes old orders in bulk`;
  }
}
