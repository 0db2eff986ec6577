import type { ReasonCode } from '@watertight/contracts';
import type { Database, Transaction } from '@watertight/postgres';
import type { Exchange } from '../klaviyo/describe-exchange.ts';

/** What the writer says of a buyer event. */
export interface Word {
  readonly eventId: string;
  readonly orderKey: string;
  readonly outcome: 'accepted' | 'verified' | 'failed' | 'withheld';
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

  /** Policy says not to send these events; what was kept to send them is cleared. */
  async withhold(eventIds: readonly string[], reason: ReasonCode, now: Date): Promise<void> {
    if (eventIds.length === 0) return;
    await this.database.execute(
      `update buyer_event
       set word = 'withheld', reason = $2, detail = null, exchange = null, payload = null, updated_at = $3,
         revision = revision + case when word is distinct from 'withheld' or reason is distinct from $2 then 1 else 0 end
       where event_id = any($1::text[])`,
      [eventIds, reason, now],
    );
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

/** An id that left for another buyer, or one part that failed, fails the event; it is verified, or accepted, when all its parts are. */
const SETTLE = `
  with tally as (
    select e.event_id, e.parts, e.other_buyer_at is not null as elsewhere, count(*) as rows,
      count(*) filter (where d.state = 'verified') as verified,
      count(*) filter (where d.state in ('accepted', 'verified')) as accepted,
      count(*) filter (where d.state = 'rejected') as rejected,
      (array_agg(d.reason order by d.unique_id <> d.event_id, d.unique_id) filter (where d.state = 'rejected'))[1] as reason,
      (array_agg(d.detail order by d.unique_id <> d.event_id, d.unique_id) filter (where d.state = 'rejected'))[1] as detail,
      (array_agg(d.exchange order by d.unique_id <> d.event_id, d.unique_id) filter (where d.state = 'rejected'))[1] as exchange
    from buyer_event e join delivery d using (event_id)
    where e.event_id = any($1::text[]) group by e.event_id
  ), now_word as (
    select event_id, 'failed' as word, reason, detail, exchange from tally where rejected > 0 and not elsewhere
    union all
    select event_id, 'failed', 'klaviyo.sent_for_another_address', null, null from tally where elsewhere
    union all
    select event_id, 'verified', null, null, null from tally where not elsewhere and rejected = 0 and verified = rows and rows >= parts
    union all
    select event_id, 'accepted', 'klaviyo.accepted', null, null from tally
    where not elsewhere and rejected = 0 and accepted = rows and verified < rows and rows >= parts
  ), changed as (
    update buyer_event e
    set word = n.word, reason = n.reason, detail = n.detail, exchange = n.exchange, revision = e.revision + 1, updated_at = $2,
      payload = case when n.word = 'verified' then null else e.payload end
    from now_word n
    where e.event_id = n.event_id and (e.word, e.reason, e.detail) is distinct from (n.word, n.reason, n.detail)
    returning e.event_id, e.order_key, e.word, e.reason, e.detail, e.revision, e.exchange
  )
  select *, true as changed from changed
  union all
  select event_id, order_key, word, reason, detail, revision, exchange, false from buyer_event
  where event_id = any($1::text[]) and word is not null and event_id not in (select event_id from changed)`;
