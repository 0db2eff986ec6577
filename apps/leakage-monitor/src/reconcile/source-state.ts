import type { CountAudit, PollCompleted, PollFailed } from '@watertight/contracts';

/** Per partition of mirakl.orders.v1 the offset after the last record, as decimal text. */
export type Positions = Readonly<Record<string, string>>;

/** A complete poll, as far as it can settle an audit. */
export interface SettlingPoll {
  readonly startedAt: string;
  readonly publishedUpTo: Positions;
}

/** Mirakl's own count, and the first complete poll that began after it, once there is one. */
export interface Audit {
  readonly at: string;
  readonly since: string;
  readonly until: string;
  readonly orders: number;
  readonly settling: SettlingPoll | null;
}

export interface LastPoll {
  readonly startedAt: string;
  readonly completedAt: string;
  readonly watermark: string;
  readonly ordersSeen: number;
  readonly ordersChanged: number;
  /** The replica that polled; missing where its version did not say. */
  readonly replica?: string;
  readonly leaseUntil?: string;
}

export interface LastFailure {
  readonly at: string;
  readonly consecutive: number;
  readonly reason: string;
  readonly detail: string | null;
}

/** What a marketplace's side said of itself, folded. */
export interface SourceState {
  /** By time; those that a newer settled audit has replaced are forgotten. */
  readonly audits: readonly Audit[];
  /** The newest few, so that an audit that arrives after its poll still finds it. */
  readonly recentPolls: readonly SettlingPoll[];
  readonly lastPoll: LastPoll | null;
  readonly lastFailure: LastFailure | null;
}

export type SourceStatement = CountAudit | PollCompleted | PollFailed;

export const NO_SOURCE: SourceState = Object.freeze({
  audits: [],
  recentPolls: [],
  lastPoll: null,
  lastFailure: null,
});

const RECENT_POLLS_MAX = 20;
const AUDITS_MAX = 200;

/** Folds what a source said of itself. Pure; arrival order and repeats do not matter. */
export function foldSource(state: SourceState, statement: SourceStatement): SourceState {
  switch (statement.kind) {
    case 'count_audit':
      return foldAudit(state, statement);
    case 'poll_completed':
      return foldPoll(state, statement);
    case 'poll_failed':
      return foldFailure(state, statement);
  }
}

function foldAudit(state: SourceState, { at, since, until, orders }: CountAudit): SourceState {
  const audit: Audit = {
    at: instant(at),
    since: instant(since),
    until: instant(until),
    orders,
    settling: null,
  };
  if (state.audits.some((known) => known.at === audit.at)) return state;
  const audits = [...state.audits, state.recentPolls.reduce(attach, audit)].sort((one, other) =>
    one.at < other.at ? -1 : 1,
  );
  return { ...state, audits: thin(audits) };
}

function foldPoll(state: SourceState, poll: PollCompleted): SourceState {
  const settling: SettlingPoll = {
    startedAt: instant(poll.startedAt),
    publishedUpTo: poll.publishedUpTo,
  };
  const known = state.recentPolls.some((one) => one.startedAt === settling.startedAt);
  const recentPolls = known
    ? state.recentPolls
    : [...state.recentPolls, settling]
        .sort((one, other) => (one.startedAt < other.startedAt ? -1 : 1))
        .slice(-RECENT_POLLS_MAX);
  const lastPoll: LastPoll = {
    startedAt: settling.startedAt,
    completedAt: instant(poll.at),
    watermark: instant(poll.watermark),
    ordersSeen: poll.ordersSeen,
    ordersChanged: poll.ordersChanged,
    ...(poll.replica === undefined ? {} : { replica: poll.replica }),
    ...(poll.leaseUntil === undefined ? {} : { leaseUntil: instant(poll.leaseUntil) }),
  };
  const newer = state.lastPoll === null || lastPoll.completedAt > state.lastPoll.completedAt;
  return {
    ...state,
    audits: state.audits.map((audit) => attach(audit, settling)),
    recentPolls,
    lastPoll: newer ? lastPoll : state.lastPoll,
  };
}

/** The earliest poll that began after the audit settles it: it asks for the least. */
function attach(audit: Audit, poll: SettlingPoll): Audit {
  if (poll.startedAt <= audit.at) return audit;
  if (audit.settling !== null && audit.settling.startedAt <= poll.startedAt) return audit;
  return { ...audit, settling: poll };
}

function foldFailure(state: SourceState, failed: PollFailed): SourceState {
  const { consecutive, reason, detail } = failed;
  const failure: LastFailure = { at: instant(failed.at), consecutive, reason, detail };
  if (state.lastFailure !== null && failure.at <= state.lastFailure.at) return state;
  return { ...state, lastFailure: failure };
}

/** While nothing settles (a long catch-up), audits far apart say as much as audits close together. */
function thin(audits: readonly Audit[]): readonly Audit[] {
  if (audits.length <= AUDITS_MAX) return audits;
  return audits.filter((_audit, index) => index % 2 === 0 || index >= audits.length - RECENT_POLLS_MAX);
}

function instant(timestamp: string): string {
  return new Date(timestamp).toISOString();
}
