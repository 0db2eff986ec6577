import { describe, expect, it } from '@jest/globals';
import { Topics, type TopicDefinition } from '@watertight/contracts';
import { RetryableError } from '@watertight/service';
import { FakeClock } from '@watertight/testing';
import { Type } from 'typebox';
import type { DeadLetter } from './dead-letter.ts';
import { DEFAULT_DEAD_LETTER_LIMIT, DeadLetterLimit } from './dead-letter-limit.ts';
import { DONE, type MessageBatch, type MessageOutcome } from './message-batch.ts';
import type { RawRecord } from './parse-message.ts';
import { type BatchPort, HandlerFailure, type Lane, runBatch } from './run-batch.ts';

const schema = Type.Object({ number: Type.Integer() });
const topic: TopicDefinition = { ...Topics.orders, name: 'spec.things.v1', schema };

function record(offset: number, value: unknown = { number: offset }): RawRecord {
  const bytes = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  return { key: Buffer.from('m:1'), value: bytes, offset: String(offset), timestamp: '0' };
}

const records = (count: number) => Array.from({ length: count }, (_, offset) => record(offset));

/** A broker's side that writes down, in order, what the loop asks of it. */
class SpyPort implements BatchPort {
  readonly partition = 0;
  readonly attempt = 1;
  readonly aborted = new AbortController();
  readonly signal = this.aborted.signal;
  readonly calls: string[] = [];
  stopAfter = Infinity;

  mustStop(): boolean {
    return this.calls.filter((call) => call.startsWith('settle')).length >= this.stopAfter;
  }
  whileBeating<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }
  settle(last: RawRecord, next: RawRecord | undefined): Promise<void> {
    this.calls.push(`settle ${last.offset}, next ${next?.offset ?? 'none'}`);
    return Promise.resolve();
  }
}

function setUp(handler: (batch: MessageBatch<unknown>) => unknown, settings: Partial<Lane> = {}) {
  const port = new SpyPort();
  const diverted: DeadLetter[] = [];
  const unseen: DeadLetter[] = [];
  const lane: Lane = {
    topic,
    group: 'spec-group',
    stage: 'mapper',
    limits: { maxMessages: 2, maxBytes: 1_000_000 },
    deadLetterLimit: new DeadLetterLimit(DEFAULT_DEAD_LETTER_LIMIT),
    clock: new FakeClock(),
    handle: async (batch) => {
      port.calls.push(`handle ${batch.messages.map(({ offset }) => offset).join(',')}`);
      return handler(batch);
    },
    divert: async (letters, those) => {
      port.calls.push(`divert ${letters.map(({ position }) => position?.offset).join(',')}`);
      diverted.push(...letters);
      unseen.push(...those);
    },
    ...settings,
  };
  return { lane, port, diverted, unseen };
}

const allDone = ({ messages }: MessageBatch<unknown>): MessageOutcome[] => messages.map(() => DONE);
const dead: MessageOutcome = { kind: 'dead', reason: 'klaviyo.rejected', detail: 'refused' };

describe('runBatch', () => {
  it('handles and settles slice after slice', async () => {
    const { lane, port } = setUp(allDone);
    expect(await runBatch(lane, records(3), port)).toEqual({ kind: 'finished' });
    expect(port.calls).toEqual(['handle 0,1', 'settle 1, next 2', 'handle 2', 'settle 2, next none']);
  });

  it('diverts the dead after the handler and before the commit', async () => {
    const { lane, port, diverted, unseen } = setUp(({ messages }) =>
      messages.map(({ offset }) => (offset === '1' ? dead : DONE)),
    );
    await runBatch(lane, records(2), port);
    expect(port.calls).toEqual(['handle 0,1', 'divert 1', 'settle 1, next none']);
    expect(diverted).toMatchObject([
      { reason: 'klaviyo.rejected', detail: 'refused', attempts: 1, stage: 'mapper' },
    ]);
    expect(unseen).toEqual([]);
  });

  it('keeps unreadable records from the handler and matches its outcomes to the readable ones', async () => {
    const { lane, port, diverted, unseen } = setUp(
      ({ messages }) => messages.map(({ offset }) => (offset === '2' ? dead : DONE)),
      {
        limits: { maxMessages: 3, maxBytes: 1_000_000 },
      },
    );
    await runBatch(lane, [record(0, 'no json'), record(1), record(2)], port);
    expect(port.calls).toEqual(['handle 1,2', 'divert 0,2', 'settle 2, next none']);
    expect(diverted.map(({ reason }) => reason)).toEqual(['contract.invalid_message', 'klaviyo.rejected']);
    expect(unseen.map(({ position }) => position?.offset)).toEqual(['0']);
  });

  it('does not call the handler for a slice of which nothing can be read', async () => {
    const { lane, port } = setUp(allDone);
    await runBatch(lane, [record(0, 'no json')], port);
    expect(port.calls).toEqual(['divert 0', 'settle 0, next none']);
  });

  it('ends at a retryable error with everything before it settled', async () => {
    const error = new RetryableError('not now');
    const { lane, port } = setUp((batch) => {
      if (batch.messages[0]?.offset === '2') throw error;
      return allDone(batch);
    });
    expect(await runBatch(lane, records(6), port)).toEqual({ kind: 'retry', error, offset: '2' });
    expect(port.calls).toEqual(['handle 0,1', 'settle 1, next 2', 'handle 2,3']);
  });

  it('ends the same way when dead letters cannot be stored', async () => {
    const error = new RetryableError('no broker');
    const { lane, port } = setUp(() => [dead], { divert: () => Promise.reject(error) });
    expect(await runBatch(lane, records(1), port)).toEqual({ kind: 'retry', error, offset: '0' });
    expect(port.calls).toEqual(['handle 0']);
  });

  it('throws what it does not know, with the place and the cause', async () => {
    const bug = new TypeError('a bug');
    const { lane, port } = setUp(() => {
      throw bug;
    });
    const failure: unknown = await runBatch(lane, records(1), port).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(HandlerFailure);
    expect(failure).toMatchObject({ message: 'spec-group on spec.things.v1[0] at 0', cause: bug });
  });

  it.each([
    ['nothing', undefined],
    ['a list that is too short', []],
    ['a list of something else', [{ kind: 'fine' }]],
    [
      'a dead letter with a reason that is not on the list',
      [{ kind: 'dead', reason: 'because', detail: '' }],
    ],
  ])('takes %s instead of outcomes for a bug', async (_, outcomes) => {
    const { lane, port } = setUp(() => outcomes);
    await expect(runBatch(lane, records(1), port)).rejects.toMatchObject({
      cause: { name: 'OutcomesMissingError' },
    });
    expect(port.calls).toEqual(['handle 0']);
  });

  it('stops between slices when it must', async () => {
    const { lane, port } = setUp(allDone);
    port.stopAfter = 1;
    expect(await runBatch(lane, records(6), port)).toEqual({ kind: 'stopped' });
    expect(port.calls).toEqual(['handle 0,1', 'settle 1, next 2']);
  });

  it('takes an error after the abort for its consequence, not for a bug', async () => {
    const { lane, port } = setUp(() => {
      port.aborted.abort();
      throw new TypeError('the connection was closed under me');
    });
    expect(await runBatch(lane, records(1), port)).toEqual({ kind: 'stopped' });
  });

  it('diverts and settles nothing of a storm, then waits, then tries one message', async () => {
    const clock = new FakeClock();
    const deadLetterLimit = new DeadLetterLimit({
      ...DEFAULT_DEAD_LETTER_LIMIT,
      maxRun: 1,
      trialAfterMs: 1_000,
    });
    let isBroken = true;
    const { lane, port } = setUp(({ messages }) => messages.map(() => (isBroken ? dead : DONE)), {
      clock,
      deadLetterLimit,
    });
    expect(await runBatch(lane, records(4), port)).toEqual({
      kind: 'storm',
      dead: 2,
      messages: 2,
      offset: '0',
      forMs: 1_000,
    });
    expect(await runBatch(lane, records(4), port)).toEqual({ kind: 'waiting', forMs: 1_000 });
    expect(port.calls).toEqual(['handle 0,1']);
    await clock.advance(1_000);
    isBroken = false;
    expect(await runBatch(lane, records(4), port)).toEqual({ kind: 'finished' });
    expect(port.calls.slice(1)).toEqual([
      'handle 0',
      'settle 0, next 1',
      'handle 1,2',
      'settle 2, next 3',
      'handle 3',
      'settle 3, next none',
    ]);
  });

  it('gives the trial back when it meets an outage', async () => {
    const clock = new FakeClock();
    const deadLetterLimit = new DeadLetterLimit({ ...DEFAULT_DEAD_LETTER_LIMIT, maxRun: 0, trialAfterMs: 0 });
    deadLetterLimit.judge([true], 0);
    let calls = 0;
    const { lane, port } = setUp(
      (batch) => {
        calls += 1;
        if (calls === 1) throw new RetryableError('not now');
        return allDone(batch);
      },
      { clock, deadLetterLimit },
    );
    expect(await runBatch(lane, records(1), port)).toMatchObject({ kind: 'retry' });
    expect(await runBatch(lane, records(1), port)).toEqual({ kind: 'finished' });
  });
});
