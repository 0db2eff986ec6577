import type { Bucket } from '@watertight/contracts';
import { reasonWords } from '../ledger/reason-words.ts';
import type { Marketplace } from '../marketplaces/marketplaces.api.ts';
import { type AmountPart, sumAmounts } from '../trend/sum-amounts.ts';
import type { CampaignCheck, MissingGroup } from './campaign-check.api.ts';

/** Orders of the selection that stand in the same bucket for the same reason, in one currency. */
export interface SelectionPart extends AmountPart {
  readonly bucket: Bucket;
  readonly reason: string | null;
  /** Since when the one that waits longest stands there. */
  readonly oldestSince: string | null;
}

export interface SourceHealth {
  readonly marketplaceId: string;
  readonly name: string;
  readonly health: Marketplace['health'];
  readonly lastCompletePollAt: string | null;
}

export interface CampaignInput {
  readonly parts: readonly SelectionPart[];
  readonly sources: readonly SourceHealth[];
  /** How long orders have lately taken from capture to verified, nearly all of them; null without any. */
  readonly usualMs: number | null;
  readonly now: Date;
}

type Judged = Pick<
  CampaignCheck,
  'ready' | 'verdict' | 'total' | 'arrived' | 'missing' | 'allInAt' | 'sources'
>;

const HOUR_MS = 3_600_000;

/**
 * May the campaign be launched? Pure. Orders in flight or failed can still become reachable, and a source that is not
 * fresh may hold orders that nobody has seen: those keep it from being ready. Orders without a usable contact, and
 * those that the policy withholds, will not be reached by waiting; they are named, and block nothing.
 */
export function judgeCampaign({ parts, sources, usualMs, now }: CampaignInput): Judged {
  // Refused orders and erased people are nobody's audience.
  const audience = parts.filter(({ bucket }) => bucket !== 'not_a_sale' && bucket !== 'erased');
  const arrived = audience.filter(({ bucket }) => bucket === 'verified');
  const missing = groupsOf(
    audience.filter(({ bucket }) => bucket !== 'verified'),
    usualMs,
    now,
  );
  const judgedSources = sources.map((source) => ({ ...source, blocking: source.health !== 'fresh' }));
  const blocking = missing.filter((group) => group.blocking);
  const ready = blocking.length === 0 && judgedSources.every((source) => !source.blocking);
  return {
    ready,
    verdict: verdictOf(ready, missing, judgedSources, sumAmounts(audience).orders),
    total: sumAmounts(audience),
    arrived: sumAmounts(arrived),
    missing,
    allInAt: latest(blocking),
    sources: judgedSources,
  };
}

function groupsOf(parts: readonly SelectionPart[], usualMs: number | null, now: Date): MissingGroup[] {
  const groups = Map.groupBy(parts, ({ bucket, reason }) => `${bucket}|${reason ?? ''}`);
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      return first === undefined ? [] : [groupOf(first, group, usualMs, now)];
    })
    .sort(
      (one, other) =>
        Number(other.blocking) - Number(one.blocking) ||
        other.orders - one.orders ||
        one.reason.localeCompare(other.reason),
    );
}

function groupOf(
  first: SelectionPart,
  group: readonly SelectionPart[],
  usualMs: number | null,
  now: Date,
): MissingGroup {
  const { bucket } = first;
  const code = first.reason ?? '';
  const { meaning, owner, whatToDo, dueHours } = reasonWords(code);
  const arrives = arrivalOf(bucket, code);
  const oldest = group
    .map(({ oldestSince }) => oldestSince)
    .filter((since) => since !== null)
    .sort()[0];
  return {
    bucket,
    reason: code,
    meaning,
    owner,
    whatToDo,
    arrives,
    expectedAt: expectedAt(arrives, { oldest, usualMs, dueHours, now }),
    blocking: bucket === 'in_flight' || bucket === 'failed',
    ...sumAmounts(group),
  };
}

/** Under way, and yet they do not move before the seller accepts them, or somebody says what their state means. */
const WAITING_FOR_PEOPLE = ['mapping.awaiting_acceptance', 'mapping.unknown_state'];

function arrivalOf(bucket: Bucket, reason: string): MissingGroup['arrives'] {
  if (WAITING_FOR_PEOPLE.includes(reason)) return 'when_dealt_with';
  if (bucket === 'in_flight') return 'by_itself';
  if (bucket === 'uncaptured_contact') return 'with_a_contact';
  return bucket === 'withheld' ? 'by_policy_never' : 'when_dealt_with';
}

interface Waiting {
  readonly oldest: string | undefined;
  readonly usualMs: number | null;
  readonly dueHours: number | null;
  readonly now: Date;
}

/**
 * By itself: as long as orders have lately taken, from now, since the newest of them may have come this moment. When a
 * person must act: when the one that waits longest is due, which may have passed. Otherwise nobody can say.
 */
function expectedAt(
  arrives: MissingGroup['arrives'],
  { oldest, usualMs, dueHours, now }: Waiting,
): string | null {
  if (arrives === 'by_itself') {
    return usualMs === null ? null : new Date(now.getTime() + usualMs).toISOString();
  }
  if (arrives !== 'when_dealt_with' || dueHours === null || oldest === undefined) return null;
  return new Date(Date.parse(oldest) + dueHours * HOUR_MS).toISOString();
}

/** Null as soon as one of them cannot be told. */
function latest(groups: readonly MissingGroup[]): string | null {
  const times = groups.map((group) => group.expectedAt);
  return times.includes(null)
    ? null
    : (times
        .filter((time) => time !== null)
        .sort()
        .at(-1) ?? null);
}

function verdictOf(
  ready: boolean,
  missing: readonly MissingGroup[],
  sources: CampaignCheck['sources'],
  orders: number,
): string {
  const count = (groups: readonly MissingGroup[]) => groups.reduce((sum, group) => sum + group.orders, 0);
  const unreachable = count(missing.filter(({ blocking }) => !blocking));
  const without = unreachable === 0 ? '' : `; ${unreachable} cannot be reached and will not be by waiting`;
  if (ready)
    return orders === 0
      ? 'Ready: nobody matches the selection'
      : `Ready: every order that can be reached is in${without}`;
  const waiting = count(missing.filter(({ blocking }) => blocking));
  const stale = sources.filter(({ blocking }) => blocking).map(({ name }) => name);
  const because = [
    ...(waiting === 0 ? [] : [`${waiting} of ${orders} orders are not in yet`]),
    ...(stale.length === 0
      ? []
      : [`${stale.join(', ')} ${stale.length === 1 ? 'is' : 'are'} not up to date`]),
  ];
  return `Not ready: ${because.join(', and ')}${without}`;
}
