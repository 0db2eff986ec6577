import type { Audit, Positions, SourceState } from './source-state.ts';

/** The newest instant for which Mirakl's own count and our ledger speak of the same orders. */
export interface SettledCut {
  /** When Mirakl gave the count. */
  readonly auditedAt: string;
  /** Orders created from here up to `until` are counted, both ends included. */
  readonly since: string;
  readonly until: string;
  /** How many orders Mirakl counts between them. */
  readonly orders: number;
}

/**
 * An audit is settled when a complete poll that began after it has been published, and everything published up to
 * that poll has been folded (`folded`: our own position on every partition of mirakl.orders.v1). Undefined before
 * the first. Pure; positions only grow, so what is settled stays settled.
 */
export function settledCut(source: SourceState, folded: Positions): SettledCut | undefined {
  const audit = source.audits.findLast((one) => isSettled(one, folded));
  if (audit === undefined) return undefined;
  return { auditedAt: audit.at, since: audit.since, until: audit.until, orders: audit.orders };
}

/** Forgets the audits that the newest settled one has replaced. */
export function forgetReplaced(source: SourceState, folded: Positions): SourceState {
  const settled = source.audits.findLastIndex((one) => isSettled(one, folded));
  return settled <= 0 ? source : { ...source, audits: source.audits.slice(settled) };
}

function isSettled(audit: Audit, folded: Positions): boolean {
  if (audit.settling === null) return false;
  return Object.entries(audit.settling.publishedUpTo).every(
    ([partition, offset]) => BigInt(folded[partition] ?? '0') >= BigInt(offset),
  );
}
