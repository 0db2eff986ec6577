import { createHash } from 'node:crypto';
import type { Bucket, Money, Severity, Stage } from '@watertight/contracts';
import { reasonWords } from '../ledger/reason-words.ts';

/**
 * Who says that a cause holds, and so who says that it is gone. `ledger`: the fold of an order. `source`: the pass over
 * what the sources and stages say of themselves. `notice`: something that happened once; a person resolves it.
 */
export type Origin = 'ledger' | 'source' | 'notice';

/** Something that a person must look at: why an exception is raised. */
export interface Cause {
  /** The order key, or what it is about at the marketplace or the account. */
  readonly about: string;
  readonly reason: string;
  readonly origin: Origin;
  readonly marketplaceId: string | null;
  readonly orderKey: string | null;
  readonly bucket: Bucket | null;
  /** The step that would have to run again. */
  readonly stage: Stage | null;
  /** What was found in this case; never personal data. */
  readonly detail: string | null;
  readonly amount: Money | null;
  /** How many orders it is about. */
  readonly orders: number;
  /** Since when it holds, ISO 8601 in UTC. */
  readonly since: string;
}

/** One exception per cause and what it is about. The migration's SQL makes the same id. */
export function exceptionIdOf({ about, reason }: Pick<Cause, 'about' | 'reason'>): string {
  return createHash('sha256').update(`${about}\n${reason}`, 'utf8').digest('hex').slice(0, 32);
}

/** When a reason becomes an exception. */
export type Raising = 'at_once' | 'when_late' | 'never';

/** The share of the due time that passes by itself; the rest is left to the person. */
const LATE_AFTER_SHARE = 0.25;
const HOUR_MS = 60 * 60 * 1000;
/** A sweep tells that it saw an order moments before or after the order itself arrives. */
const APART_GRACE_MS = 2 * 60_000;

export const APART_REASONS = ['balance.not_captured', 'balance.amount_differs'] as const;

/**
 * Pure. What nobody has to act on is never raised. Orders under way are raised only when they stay too long: nearly
 * all of them go on by themselves within seconds.
 */
export function raisingOf(reason: string, bucket: Bucket | null): Raising {
  const { dueHours, severity } = reasonWords(reason);
  if (dueHours === null) return 'never';
  if (APART_REASONS.some((apart) => apart === reason)) return 'when_late';
  const goesOnByItself = bucket === 'in_flight' && severity !== 'high';
  return goesOnByItself ? 'when_late' : 'at_once';
}

/** How long a `when_late` cause must hold before it is raised, in milliseconds. */
export function lateAfterMs(reason: string): number {
  if (APART_REASONS.some((apart) => apart === reason)) return APART_GRACE_MS;
  return (reasonWords(reason).dueHours ?? 0) * HOUR_MS * LATE_AFTER_SHARE;
}

const URGENCIES: readonly Severity[] = ['high', 'medium', 'low', 'info'];

/** 0 is the most urgent. */
export function urgencyOf(reason: string): number {
  return URGENCIES.indexOf(reasonWords(reason).severity);
}

export function dueAtOf(reason: string, since: string): string | null {
  const { dueHours } = reasonWords(reason);
  return dueHours === null ? null : new Date(Date.parse(since) + dueHours * HOUR_MS).toISOString();
}
