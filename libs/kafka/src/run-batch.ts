import { isReasonCode, type ReasonCode, type Stage, type TopicDefinition } from '@watertight/contracts';
import { type Clock, RetryableError } from '@watertight/service';
import type { DeadLetter } from './dead-letter.ts';
import type { DeadLetterLimit } from './dead-letter-limit.ts';
import { kafkaMetrics } from './kafka-metrics.ts';
import type { MessageBatch, MessageOutcome } from './message-batch.ts';
import { parseMessage, type ParsedRecord, type RawRecord } from './parse-message.ts';
import { traceReceived } from './received-spans.ts';
import { sliceEnd, type SliceLimits } from './slice.ts';

/** One consumer group on one topic: whose handler, within which limits. */
export interface Lane {
  readonly topic: TopicDefinition;
  readonly group: string;
  readonly stage: Stage;
  readonly limits: SliceLimits;
  readonly deadLetterLimit: DeadLetterLimit;
  readonly clock: Clock;
  /** Whatever it resolves with is checked to be one outcome per message. */
  readonly handle: (batch: MessageBatch<unknown>) => Promise<unknown>;
  /** Stores dead letters; those that no handler has seen also get an outcome. */
  readonly divert: (letters: readonly DeadLetter[], unseen: readonly DeadLetter[]) => Promise<void>;
}

/** What the loop needs of the broker. */
export interface BatchPort {
  readonly partition: number;
  readonly signal: AbortSignal;
  /** How often the record at the head of the batch has been tried, this time included. */
  readonly attempt: number;
  /** Asked between slices: draining, or the partitions are shared out anew. */
  mustStop(): boolean;
  /** Keeps this member in the group while `work` takes its time. */
  whileBeating<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves the offset, commits it and gives a sign of life, in this order. */
  settle(last: RawRecord, next: RawRecord | undefined): Promise<void>;
}

export type BatchEnd =
  | { readonly kind: 'finished' }
  /** The rest is fetched again, by this member or another. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'retry'; readonly error: RetryableError; readonly offset: string }
  /** The dead-letter limit was passed: `dead` of the `messages` of one slice were to be diverted. */
  | {
      readonly kind: 'storm';
      readonly dead: number;
      readonly messages: number;
      readonly offset: string;
      readonly forMs: number | null;
    }
  /** The lane is paused by the dead-letter limit. */
  | { readonly kind: 'waiting'; readonly forMs: number | null };

/** The handler failed with an error that nobody foresaw. */
export class HandlerFailure extends Error {
  override readonly name = 'HandlerFailure';
}

/** The handler broke its contract: one outcome per message, in their order. */
export class OutcomesMissingError extends Error {
  override readonly name = 'OutcomesMissingError';
}

type SliceEnd = { readonly kind: 'done' } | Exclude<BatchEnd, { readonly kind: 'finished' | 'waiting' }>;

interface Dead {
  readonly reason: ReasonCode;
  readonly detail: string;
}

/**
 * The whole way of a fetched batch: slice → parse → handler → dead letters → resolve, commit, heartbeat. Nothing is
 * committed before its effects are durable, and nothing is skipped: a slice either ends with its offset committed or
 * is taken again. Throws HandlerFailure, or what the broker said to `settle`.
 */
export async function runBatch(
  lane: Lane,
  records: readonly RawRecord[],
  port: BatchPort,
): Promise<BatchEnd> {
  for (let from = 0; from < records.length;) {
    if (port.mustStop()) return { kind: 'stopped' };
    const permit = lane.deadLetterLimit.permit(lane.clock.now().getTime());
    if (permit.kind === 'wait') return { kind: 'waiting', forMs: permit.forMs };
    const limits = permit.kind === 'one' ? { ...lane.limits, maxMessages: 1 } : lane.limits;
    const to = sliceEnd(records, from, limits);
    const end = await runSlice(
      lane,
      records.slice(from, to),
      records[to],
      port,
      from === 0 ? port.attempt : 1,
    );
    if (end.kind !== 'done') return end;
    from = to;
  }
  return { kind: 'finished' };
}

async function runSlice(
  lane: Lane,
  slice: readonly RawRecord[],
  next: RawRecord | undefined,
  port: BatchPort,
  attempt: number,
): Promise<SliceEnd> {
  const [first, last] = [slice[0], slice.at(-1)];
  if (first === undefined || last === undefined) return { kind: 'done' };
  const startedAt = performance.now();
  const parsed = slice.map((record) => parseMessage(lane.topic, port.partition, record));
  let dead: (Dead | undefined)[];
  try {
    const outcomes = await port.whileBeating(() => handle(lane, parsed, port));
    dead = deadOf(parsed, outcomes);
    const flags = dead.map((one) => one !== undefined);
    const verdict = lane.deadLetterLimit.judge(flags, lane.clock.now().getTime());
    if (verdict.kind === 'pause') {
      const counts = { dead: flags.filter(Boolean).length, messages: slice.length };
      return { kind: 'storm', ...counts, offset: first.offset, forMs: verdict.forMs };
    }
    await port.whileBeating(() => divert(lane, slice, parsed, dead, port.partition, attempt));
    lane.deadLetterLimit.count(flags);
  } catch (error) {
    lane.deadLetterLimit.abandonTrial(lane.clock.now().getTime());
    if (port.signal.aborted) return { kind: 'stopped' };
    if (error instanceof RetryableError) return { kind: 'retry', error, offset: first.offset };
    throw new HandlerFailure(`${lane.group} on ${lane.topic.name}[${port.partition}] at ${first.offset}`, {
      cause: error,
    });
  }
  await port.settle(last, next);
  measure(lane, dead, startedAt);
  return { kind: 'done' };
}

async function handle(
  lane: Lane,
  parsed: readonly ParsedRecord[],
  port: BatchPort,
): Promise<readonly MessageOutcome[]> {
  const messages = parsed.flatMap((record) => (record.ok ? [record.message] : []));
  if (messages.length === 0) return [];
  const { signal, partition } = port;
  const outcomes = await traceReceived(lane.group, messages, (traced) =>
    lane.handle({ topic: lane.topic.name, partition, messages: traced, signal }),
  );
  if (isOutcomeList(outcomes) && outcomes.length === messages.length) return outcomes;
  const got = Array.isArray(outcomes) ? `${outcomes.length} entries` : typeof outcomes;
  throw new OutcomesMissingError(
    `the handler of ${lane.topic.name} must return one outcome for each of ${messages.length} messages, not ${got}`,
  );
}

function isOutcomeList(value: unknown): value is readonly MessageOutcome[] {
  return Array.isArray(value) && value.every(isOutcome);
}

function isOutcome(value: unknown): value is MessageOutcome {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  if (value.kind === 'done') return true;
  if (value.kind !== 'dead' || !('reason' in value) || !('detail' in value)) return false;
  return typeof value.detail === 'string' && typeof value.reason === 'string' && isReasonCode(value.reason);
}

/** Per record why it is dead, or undefined: the parser's word where it has spoken, else the handler's. */
function deadOf(parsed: readonly ParsedRecord[], outcomes: readonly MessageOutcome[]): (Dead | undefined)[] {
  const words = outcomes[Symbol.iterator]();
  return parsed.map((record) => {
    if (!record.ok) return record.rejected;
    const word = words.next().value;
    return word?.kind === 'dead' ? word : undefined;
  });
}

async function divert(
  lane: Lane,
  slice: readonly RawRecord[],
  parsed: readonly ParsedRecord[],
  dead: readonly (Dead | undefined)[],
  partition: number,
  attempt: number,
): Promise<void> {
  const at = lane.clock.now();
  const letters: DeadLetter[] = [];
  const unseen: DeadLetter[] = [];
  slice.forEach(({ key, value, headers = {}, offset }, index) => {
    const why = dead[index];
    if (why === undefined) return;
    const letter: DeadLetter = {
      topic: lane.topic.name,
      position: { partition, offset },
      key,
      value,
      headers,
      group: lane.group,
      stage: lane.stage,
      reason: why.reason,
      detail: why.detail,
      attempts: attempt,
      at,
    };
    letters.push(letter);
    if (parsed[index]?.ok === false) unseen.push(letter);
  });
  if (letters.length > 0) await lane.divert(letters, unseen);
}

function measure(lane: Lane, dead: readonly (Dead | undefined)[], startedAt: number): void {
  const labels = { group: lane.group, topic: lane.topic.name };
  const diverted = dead.filter((one) => one !== undefined);
  if (diverted.length < dead.length) {
    kafkaMetrics.messages.inc({ ...labels, result: 'done' }, dead.length - diverted.length);
  }
  for (const { reason } of diverted) {
    kafkaMetrics.messages.inc({ ...labels, result: 'dead' });
    kafkaMetrics.deadLetters.inc({ ...labels, reason });
  }
  kafkaMetrics.sliceSeconds.observe(labels, (performance.now() - startedAt) / 1_000);
}
