import { fromWire } from '@watertight/contracts';
import { bulkUpsert, type Queryable } from '@watertight/postgres';
import type { StagedBatch } from './stage-batch.ts';
import { marketplaceOfWord, subjectOf } from './stage-word.ts';

/** Writes what was told beside the orders' own rows: refunds, stories, words of the stages. */

export async function writeRefunds(target: Queryable, { refunds }: StagedBatch): Promise<void> {
  const columns = {
    fact_id: 'text',
    order_key: 'text',
    marketplace_id: 'text',
    kind: 'text',
    refund_id: 'text',
    line_id: 'text',
    revision: 'integer',
    observed_at: 'timestamptz',
    state: 'text',
    final: 'boolean',
    amount_minor: 'bigint',
    currency: 'text',
    quantity: 'integer',
    reason_code: 'text',
    created_at: 'timestamptz',
    completed_at: 'timestamptz',
  };
  await bulkUpsert(target, {
    table: 'ledger_refund',
    columns,
    key: ['fact_id'],
    update: Object.keys(columns).filter((name) => name !== 'fact_id'),
    where: 't.revision < excluded.revision',
    rows: refunds.map((fact) => {
      const amount = fact.amount === null ? null : fromWire(fact.amount);
      return {
        fact_id: fact.factId,
        order_key: fact.orderKey,
        marketplace_id: fact.marketplaceId,
        kind: fact.kind,
        refund_id: fact.id,
        line_id: fact.lineId,
        revision: fact.revision,
        observed_at: fact.observedAt,
        state: fact.state,
        final: fact.final,
        amount_minor: amount?.minor ?? null,
        currency: amount?.currency ?? null,
        quantity: fact.quantity,
        reason_code: fact.reasonCode,
        created_at: fact.createdAt,
        completed_at: fact.completedAt,
      };
    }),
  });
}

export async function writeTimeline(target: Queryable, { timeline }: StagedBatch): Promise<void> {
  await bulkUpsert(target, {
    table: 'timeline_entry',
    columns: { order_key: 'text', entry_id: 'text', at: 'timestamptz', entry: 'jsonb' },
    key: ['order_key', 'entry_id'],
    update: ['at', 'entry'],
    // Said twice, the first time is when it happened.
    where: 'excluded.at < t.at',
    rows: timeline.map((entry) => ({
      order_key: entry.orderKey,
      entry_id: entry.entryId,
      at: entry.at,
      entry,
    })),
  });
}

export async function writeUnplaced(target: Queryable, { unplaced }: StagedBatch): Promise<void> {
  await bulkUpsert(target, {
    table: 'unplaced_outcome',
    columns: { outcome_id: 'text', at: 'timestamptz', stage: 'text', reason: 'text', detail: 'text' },
    key: ['outcome_id'],
    update: 'nothing',
    rows: unplaced.map(({ outcomeId, at, stage, reason, detail }) => ({
      outcome_id: outcomeId,
      at,
      stage,
      reason,
      detail,
    })),
  });
}

/** Of one kind and subject the newest word stays, whole, for whoever reports on it. */
export async function writeWords(target: Queryable, { words }: StagedBatch): Promise<void> {
  await bulkUpsert(target, {
    table: 'stage_word',
    columns: { kind: 'text', subject: 'text', marketplace_id: 'text', at: 'timestamptz', body: 'jsonb' },
    key: ['kind', 'subject'],
    update: ['marketplace_id', 'at', 'body'],
    where: 't.at <= excluded.at',
    rows: words.map((word) => ({
      kind: word.kind,
      subject: subjectOf(word),
      marketplace_id: marketplaceOfWord(word),
      at: word.at,
      body: word,
    })),
  });
}
