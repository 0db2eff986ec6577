import { BUCKETS, type Severity } from '@watertight/contracts';
import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Clock } from '@watertight/service';
import { badRequest, notFound } from '../http/api-error.ts';
import { readLimit } from '../http/read-range.ts';
import { reasonWords } from '../ledger/reason-words.ts';
import { buildAging } from './build-aging.ts';
import { chooseCases } from './choose-cases.ts';
import { describeException, ownerContactOf, RECURRING_WEEKS } from './describe-exception.ts';
import type {
  Aging,
  ExceptionFilter,
  ExceptionGroup,
  ExceptionItem,
  Exceptions,
  ExceptionsQuery,
  ExceptionStory,
} from './exceptions.api.ts';
import { moneyOf } from './money-of.ts';
import type { CaseCursor, CaseRow, ExceptionsStore, GroupRow } from './exceptions.store.ts';

/** The exceptions desk as it is shown. */
export class ReadExceptions {
  constructor(
    private readonly store: ExceptionsStore,
    private readonly policies: readonly MarketplacePolicy[],
    private readonly clock: Clock,
  ) {}

  /** Throws ApiError for a cursor or limit that cannot be. */
  async read({ cursor, limit: wanted, ...filter }: ExceptionsQuery, me: string): Promise<Exceptions> {
    const now = this.clock.now();
    const limit = readLimit(wanted);
    const selection = chooseCases(filter, me, now);
    const after = cursor === undefined ? undefined : readCursor(cursor);
    const [groups, rows] = await Promise.all([
      after === undefined ? this.store.groups(selection, now) : [],
      this.store.list(selection, after, limit + 1, now),
    ]);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      asOf: now.toISOString(),
      groups: this.#groupsOf(groups, now),
      exceptions: page.map((row) => describeException(row, this.policies, now)),
      nextCursor: rows.length > limit && last !== undefined ? writeCursor(last) : null,
    };
  }

  async aging(filter: ExceptionFilter, me: string): Promise<Aging> {
    const now = this.clock.now();
    const rows = await this.store.aging(chooseCases(filter, me, now), now);
    return { asOf: now.toISOString(), rows: buildAging(rows) };
  }

  /** Throws ApiError (404) for an exception that does not exist. */
  async one(id: string): Promise<ExceptionItem> {
    const now = this.clock.now();
    const row = await this.store.find(id, now);
    if (row === undefined) throw notFound(`There is no exception "${id}"; GET /api/v1/exceptions lists them`);
    return describeException(row, this.policies, now);
  }

  async story(id: string): Promise<ExceptionStory> {
    const exception = await this.one(id);
    const history = await this.store.history(id);
    return {
      exception,
      history: history.map(({ at, actor, what, why }) => ({ at: at.toISOString(), by: actor, what, why })),
    };
  }

  /** One group per reason and marketplace, whatever the currencies in it; the most urgent first. */
  #groupsOf(rows: readonly GroupRow[], now: Date): ExceptionGroup[] {
    const byKey = new Map<string, GroupRow[]>();
    for (const row of rows) {
      const key = `${row.reason}\n${row.marketplace_id ?? ''}`;
      byKey.set(key, [...(byKey.get(key) ?? []), row]);
    }
    return [...byKey.values()].map((parts) => this.#groupOf(parts, now)).sort(byUrgency);
  }

  #groupOf(parts: readonly GroupRow[], now: Date): ExceptionGroup {
    const [first] = parts;
    if (first === undefined) throw new Error('a group has at least one part');
    const words = reasonWords(first.reason);
    const total = (pick: (row: GroupRow) => number) => parts.reduce((sum, row) => sum + pick(row), 0);
    const dueAt = earliest(parts.map((row) => row.due_at));
    return {
      reason: first.reason,
      marketplaceId: first.marketplace_id,
      bucket: BUCKETS.find((bucket) => bucket === first.bucket) ?? null,
      meaning: words.meaning,
      owner: words.owner,
      ownerContact: ownerContactOf(this.policies, first.marketplace_id, words.owner),
      severity: words.severity,
      dueHours: words.dueHours,
      dueAt: dueAt?.toISOString() ?? null,
      overdue: dueAt !== null && dueAt < now,
      oldestSince: earliest(parts.map((row) => row.oldest))?.toISOString() ?? null,
      whatToDo: words.whatToDo,
      resolvesWhen: words.resolvesWhen,
      runbook: words.runbook,
      detail: parts.length === 1 ? first.detail : null,
      exceptions: total((row) => row.exceptions),
      overdueCount: total((row) => row.overdue),
      unassigned: total((row) => row.unassigned),
      reopened: total((row) => row.reopened),
      recurring: first.weeks >= RECURRING_WEEKS,
      orders: total((row) => row.orders),
      money: moneyOf(parts),
      unknownMoney: total((row) => row.unknown_money),
    };
  }
}

function earliest(dates: readonly (Date | null)[]): Date | null {
  return dates.reduce((one, other) => (one === null || (other !== null && other < one) ? other : one), null);
}

const SEVERITIES: readonly Severity[] = ['high', 'medium', 'low', 'info'];

function byUrgency(one: ExceptionGroup, other: ExceptionGroup): number {
  return (
    SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity) ||
    (one.dueAt ?? '9').localeCompare(other.dueAt ?? '9') ||
    other.exceptions - one.exceptions ||
    `${one.reason}${one.marketplaceId ?? ''}`.localeCompare(`${other.reason}${other.marketplaceId ?? ''}`)
  );
}

function writeCursor({ due_at: dueAt, id }: CaseRow): string {
  return Buffer.from(JSON.stringify([dueAt?.toISOString() ?? 'infinity', id])).toString('base64url');
}

function readCursor(text: string): CaseCursor {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    const [due, id]: unknown[] = Array.isArray(parsed) ? parsed : [];
    if (typeof due === 'string' && typeof id === 'string' && /^(infinity|\d{4}-[\dT:.-]+Z)$/.test(due)) {
      return { due, id };
    }
  } catch {
    // Anything that was not written by writeCursor is answered below.
  }
  throw badRequest('cursor is not one that this list has given; begin again without it');
}
