import { randomUUID } from 'node:crypto';
import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Clock } from '@watertight/service';
import type { Actor } from '../access/actor.ts';
import { writeAudit } from '../audit/audit.store.ts';
import type { BalanceStore } from '../balance/balance.store.ts';
import { ApiError, badRequest, notFound } from '../http/api-error.ts';
import type { TrendStore } from '../trend/trend.store.ts';
import { type Week, weekNamed, weekOf, weeksUpTo } from '../trend/week.ts';
import { buildReview } from './build-review.ts';
import type { CloseDecisionBody, Decision, DecisionBody, Review, Reviews, SignBody } from './review.api.ts';
import { type ReviewCalendar, reviewDueAt, reviewStateOf } from './review-calendar.ts';
import type { ReviewStore } from './review.store.ts';

const LISTED_WEEKS = 26;
const WEEKS_IN_TREND = 5;

export interface ReviewStores {
  readonly reviews: ReviewStore;
  readonly balances: Pick<BalanceStore, 'sums' | 'marketplaceIds'>;
  readonly trends: Pick<TrendStore, 'recovered'>;
}

/** The weekly review: how the week went, what repeats, who decides what, and the sign-off. */
export class HoldReview {
  constructor(
    private readonly stores: ReviewStores,
    private readonly calendar: ReviewCalendar,
    private readonly policies: readonly MarketplacePolicy[],
    private readonly clock: Clock,
  ) {}

  async list(): Promise<Reviews> {
    const now = this.clock.now();
    const { timezone, day } = this.calendar;
    const weeks = weeksUpTo(weekOf(now, timezone), LISTED_WEEKS, timezone).reverse();
    const names = weeks.map(({ week }) => week);
    const [signatures, open] = await Promise.all([
      this.stores.reviews.signatures(names),
      this.stores.reviews.openDecisions(names),
    ]);
    return {
      timezone,
      day,
      reviews: weeks.map((week) => {
        const signed = signatures.find((one) => one.week === week.week);
        return {
          ...week,
          dueAt: reviewDueAt(week, this.calendar),
          state: reviewStateOf(week, signed !== undefined, this.calendar, now),
          signature:
            signed === undefined
              ? null
              : { by: signed.signedBy, at: signed.signedAt.toISOString(), note: signed.note },
          openDecisions: open.get(week.week) ?? 0,
        };
      }),
    };
  }

  /** A signed review as it was signed, with what has become of its decisions. Throws ApiError (404). */
  async read(name: string): Promise<Review> {
    const week = this.#week(name);
    const [signed] = await this.stores.reviews.signatures([week.week]);
    if (signed === undefined) return this.#build(week);
    const figures = await this.stores.reviews.signedFigures(week.week);
    if (figures === undefined) return this.#build(week);
    const [decisions, carriedOver] = await this.#decisions(week);
    return {
      ...figures,
      frozen: true,
      state: 'signed',
      decisions,
      carriedOver,
      signature: { by: signed.signedBy, at: signed.signedAt.toISOString(), note: signed.note },
    };
  }

  /** Throws ApiError: 404 for no such week, 409 when it is not over, or signed already. */
  async sign(name: string, { note }: SignBody, actor: Actor): Promise<Review> {
    const week = this.#week(name);
    const now = this.clock.now();
    if (now.toISOString() <= week.to)
      throw conflict(`Week ${name} is not over; it can be signed after ${week.to}`);
    const figures = await this.#build(week);
    await this.stores.reviews.transaction(async (transaction) => {
      const row = { week: week.week, signedBy: actor.subject, signedAt: now, note: note ?? null };
      const first = await this.stores.reviews.sign(transaction, row, figures);
      if (!first) throw conflict(`Week ${name} is signed already`);
      await writeAudit(transaction, actor, now, {
        action: 'review.signed',
        about: week.week,
        why: note ?? null,
      });
    });
    return this.read(name);
  }

  /** Throws ApiError: 404 for no such week, 409 when its review is signed. */
  async decide(name: string, body: DecisionBody, actor: Actor): Promise<Decision> {
    const week = this.#week(name);
    const now = this.clock.now();
    if (body.dueOn !== undefined && Number.isNaN(Date.parse(body.dueOn)))
      throw badRequest('dueOn is not a date that exists');
    if ((await this.stores.reviews.signatures([week.week])).length > 0) {
      throw conflict(`Week ${name} is signed; write the decision into the next review`);
    }
    const id = randomUUID();
    return this.stores.reviews.transaction(async (transaction) => {
      await this.stores.reviews.addDecision(transaction, {
        id,
        week: week.week,
        text: body.text,
        owner: body.owner,
        reason: body.reason ?? null,
        marketplaceId: body.marketplaceId ?? null,
        dueOn: body.dueOn ?? null,
        takenBy: actor.subject,
        takenAt: now,
      });
      await writeAudit(transaction, actor, now, { action: 'decision.taken', about: id, why: null });
      return this.#written(await this.stores.reviews.decision(transaction, id), id);
    });
  }

  /** Throws ApiError (404) for a decision that does not exist. */
  async closeDecision(id: string, { state, note }: CloseDecisionBody, actor: Actor): Promise<Decision> {
    const now = this.clock.now();
    return this.stores.reviews.transaction(async (transaction) => {
      const change = { state, by: actor.subject, at: now, note: note ?? null };
      await this.stores.reviews.setState(transaction, id, change);
      const decision = this.#written(await this.stores.reviews.decision(transaction, id), id);
      await writeAudit(transaction, actor, now, {
        action: `decision.${state}`,
        about: id,
        why: note ?? null,
      });
      return decision;
    });
  }

  #written(decision: Decision | undefined, id: string): Decision {
    if (decision === undefined)
      throw notFound(`There is no decision "${id}"; the review of its week lists them`);
    return decision;
  }

  #week(name: string): Week {
    const week = weekNamed(name, this.calendar.timezone);
    if (week === undefined || week.from > this.clock.now().toISOString()) {
      throw notFound(`There is no review "${name}"; a week is written like 2026-W09`);
    }
    return week;
  }

  #decisions(week: Week): Promise<[Decision[], Decision[]]> {
    return Promise.all([this.stores.reviews.decisionsOf(week.week), this.stores.reviews.carriedOver(week)]);
  }

  async #build(week: Week): Promise<Review> {
    const now = this.clock.now();
    const { timezone } = this.calendar;
    const weeks = weeksUpTo(week, WEEKS_IN_TREND, timezone);
    const ids = [
      ...new Set([...this.policies.map(({ id }) => id), ...(await this.stores.balances.marketplaceIds())]),
    ];
    const { reviews } = this.stores;
    const [sums, exceptions, openMoney, alerts, [decisions, carriedOver]] = await Promise.all([
      Promise.all(weeks.map((one) => this.#sumsOf(one, ids))),
      reviews.exceptions(weeks, now),
      reviews.openMoney(week),
      reviews.alertsBegun(week),
      this.#decisions(week),
    ]);
    const marketplaces = ids.sort().map((id) => {
      const policy = this.policies.find((one) => one.id === id);
      return { id, name: policy?.name ?? id, owners: policy?.owners ?? {} };
    });
    const built = buildReview({
      weeks: sums,
      exceptions,
      openMoney,
      marketplaces,
      decisions,
      carriedOver,
      now,
    });
    return {
      ...week,
      timezone,
      dueAt: reviewDueAt(week, this.calendar),
      state: reviewStateOf(week, false, this.calendar, now),
      asOf: now.toISOString(),
      frozen: false,
      ...built,
      alerts,
      decisions,
      carriedOver,
      signature: null,
    };
  }

  async #sumsOf(week: Week, ids: readonly string[]) {
    const windows = ids.map((marketplaceId) => ({
      marketplaceId,
      from: week.from,
      to: week.to,
      cut: null,
      whole: false,
    }));
    const [sums, recovered] = await Promise.all([
      this.stores.balances.sums(windows),
      this.stores.trends.recovered(null, week.from, week.to),
    ]);
    return { week, sums, recovered };
  }
}

function conflict(message: string): ApiError {
  return new ApiError(409, 'conflict', message);
}
