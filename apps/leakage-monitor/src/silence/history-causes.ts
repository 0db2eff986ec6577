import type { Drift } from './judge-drift.ts';
import type { Silence } from './judge-silence.ts';

/** What the history of a marketplace says that a person must look at, in the shape that exceptions are raised from. */
export interface HistoryCause {
  readonly about: string;
  readonly reason: 'source.silent' | 'contact.drift';
  readonly origin: 'source';
  readonly marketplaceId: string;
  readonly orderKey: null;
  readonly bucket: null;
  readonly stage: null;
  readonly detail: string;
  readonly amount: null;
  readonly since: string;
}

const NOTHING_ELSE = { origin: 'source', orderKey: null, bucket: null, stage: null, amount: null } as const;

/** Pure. `now` is when a drift was first seen; raising an exception keeps the earliest. */
export function historyCauses(
  marketplaceId: string,
  { silence, drift }: { readonly silence: Silence | null; readonly drift: Drift | null },
  now: Date,
): HistoryCause[] {
  const causes: HistoryCause[] = [];
  if (silence !== null) {
    causes.push({
      ...NOTHING_ELSE,
      about: `${marketplaceId}/silence`,
      reason: 'source.silent',
      marketplaceId,
      detail: `no order since ${silence.lastOrderAt}; about ${silence.expected} would be usual`,
      since: silence.lastOrderAt,
    });
  }
  if (drift !== null) {
    causes.push({
      ...NOTHING_ELSE,
      about: `${marketplaceId}/contact-drift`,
      reason: 'contact.drift',
      marketplaceId,
      detail: `${percent(drift.now)} of ${drift.orders} orders have a direct address, ${percent(drift.before)} before`,
      since: now.toISOString(),
    });
  }
  return causes;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
