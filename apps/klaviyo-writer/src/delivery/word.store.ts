import type { ReasonCode } from '@watertight/contracts';
import type { Database, Transaction } from '@watertight/postgres';
import type { Exchange } from '../klaviyo/describe-exchange.ts';
import { SETTLE } from './settle.store.ts';

/** What the writer says of a buyer event. */
export interface Word {
  readonly eventId: string;
  readonly orderKey: string;
  readonly outcome: 'accepted' | 'verified' | 'failed' | 'withheld' | 'erased';
  readonly reason: ReasonCode | null;
  readonly detail: string | null;
  readonly revision: number;
  /** What we sent and what Klaviyo answered, where something failed. */
  readonly exchange: Exchange | null;
  /** False when it was said before, and stays as it was. */
  readonly changed: boolean;
}

interface WordRow {
  readonly event_id: string;
  readonly order_key: string;
  readonly word: Word['outcome'];
  readonly reason: ReasonCode | null;
  readonly detail: string | null;
  readonly revision: number;
  readonly exchange: Exchange | null;
  readonly changed: boolean;
}

/** The words on buyer events, which follow from the states of their Klaviyo events in the delivery ledger. */
export class WordStore {
  constructor(private readonly database: Database) {}

  /**
   * Makes up the word on each event, writes down what has changed with the next revision, and hands all words to
   * `publish` before it commits: when publishing fails nothing has been said, and the next time the same words get the
   * same revisions.
   */
  async settle(
    eventIds: readonly string[],
    now: Date,
    publish: (words: readonly Word[]) => Promise<void>,
    prepare: (transaction: Transaction) => Promise<void> = async () => {},
  ): Promise<readonly Word[]> {
    if (eventIds.length === 0) return [];
    return this.database.transaction(async (transaction) => {
      await prepare(transaction);
      const rows = await transaction.query<WordRow>(SETTLE, [eventIds, now]);
      const words = rows.map(({ event_id, order_key, word, ...row }) => ({
        eventId: event_id,
        orderKey: order_key,
        outcome: word,
        ...row,
      }));
      await publish(words);
      return words;
    });
  }

  /**
   * Policy says not to send these events. What was kept to send them is cleared, unless they are only parked: then it
   * stays until there is room for them.
   */
  async withhold(eventIds: readonly string[], reason: ReasonCode, now: Date): Promise<void> {
    await this.#holdBack(eventIds, {
      word: 'withheld',
      reason,
      keeps: reason === 'policy.profile_budget',
      now,
    });
  }

  /** The buyer was erased: nothing of the events is kept or sent. */
  async erase(eventIds: readonly string[], now: Date): Promise<void> {
    await this.#holdBack(eventIds, { word: 'erased', reason: 'privacy.erased', keeps: false, now });
  }

  async #holdBack(
    eventIds: readonly string[],
    { word, reason, keeps, now }: { word: Word['outcome']; reason: ReasonCode; keeps: boolean; now: Date },
  ): Promise<void> {
    if (eventIds.length === 0) return;
    await this.database.execute(
      `update buyer_event
       set word = $2, reason = $3, detail = null, exchange = null, updated_at = $4,
         payload = case when $5 then payload else null end,
         revision = revision + case when word is distinct from $2 or reason is distinct from $3 then 1 else 0 end
       where event_id = any($1::text[])`,
      [eventIds, word, reason, now, keeps],
    );
  }

  /** Events that the budget of new profiles holds back, longest ago first. */
  async parkedPayloads(limit: number): Promise<readonly unknown[]> {
    const rows = await this.database.query<{ payload: unknown }>(
      `select payload from buyer_event
       where reason = 'policy.profile_budget' and payload is not null order by updated_at limit $1`,
      [limit],
    );
    return rows.map(({ payload }) => payload);
  }

  async touch(eventIds: readonly string[], now: Date): Promise<void> {
    if (eventIds.length === 0) return;
    await this.database.execute('update buyer_event set updated_at = $2 where event_id = any($1::text[])', [
      eventIds,
      now,
    ]);
  }

  /** Buyer events of an order that failed here and can be sent again, as they were kept. */
  async failedPayloads(orderKey: string): Promise<readonly unknown[]> {
    const rows = await this.database.query<{ payload: unknown }>(
      `select payload from buyer_event where order_key = $1 and word = 'failed' and payload is not null`,
      [orderKey],
    );
    return rows.map(({ payload }) => payload);
  }

  /** The buyer events of these ids, where they are still kept. */
  async payloadsOf(eventIds: readonly string[]): Promise<ReadonlyMap<string, unknown>> {
    const rows = await this.database.query<{ event_id: string; payload: unknown }>(
      'select event_id, payload from buyer_event where event_id = any($1::text[]) and payload is not null',
      [eventIds],
    );
    return new Map(rows.map(({ event_id, payload }) => [event_id, payload]));
  }
}
