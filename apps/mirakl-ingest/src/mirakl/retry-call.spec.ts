import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '@watertight/testing';
import { MiraklError } from './mirakl-errors.ts';
import { retryCall } from './retry-call.ts';

function failing(errors: readonly Error[]) {
  let calls = 0;
  return {
    calls: () => calls,
    call: async (): Promise<string> => {
      const error = errors[calls];
      calls += 1;
      if (error !== undefined) throw error;
      return 'answer';
    },
  };
}

const unavailable = () => new MiraklError('unavailable', 'm: down');
const none = new AbortController().signal;

describe('retryCall', () => {
  it('tries three times, backing off', async () => {
    const clock = new FakeClock();
    const { call, calls } = failing([unavailable(), unavailable()]);
    const result = retryCall(call, { clock, random: () => 0, signal: none });
    await clock.advance(249);
    expect(calls()).toBe(1);
    await clock.advance(1);
    expect(calls()).toBe(2);
    await clock.advance(500);
    await expect(result).resolves.toBe('answer');
    expect(calls()).toBe(3);
  });

  it('gives up after the third failure with that failure', async () => {
    const clock = new FakeClock();
    const last = unavailable();
    const { call, calls } = failing([unavailable(), unavailable(), last]);
    const result = expect(retryCall(call, { clock, random: () => 0, signal: none })).rejects.toBe(last);
    await clock.advance(60_000);
    await result;
    expect(calls()).toBe(3);
  });

  it('waits as long as Mirakl asks', async () => {
    const clock = new FakeClock();
    const { call, calls } = failing([new MiraklError('rate_limited', 'm: wait', { retryAfterMs: 20_000 })]);
    const result = retryCall(call, { clock, random: () => 0, signal: none });
    await clock.advance(19_999);
    expect(calls()).toBe(1);
    await clock.advance(1);
    await expect(result).resolves.toBe('answer');
  });

  it('leaves a long wait to the poller, and does not repeat what a repeat cannot mend', async () => {
    const clock = new FakeClock();
    for (const error of [
      new MiraklError('rate_limited', 'm: wait', { retryAfterMs: 31_000 }),
      new MiraklError('unauthorised', 'm: key'),
      new MiraklError('rejected', 'm: 400'),
      new TypeError('a bug'),
    ]) {
      const { call, calls } = failing([error]);
      await expect(retryCall(call, { clock, random: () => 0, signal: none })).rejects.toBe(error);
      expect(calls()).toBe(1);
    }
  });

  it('stops waiting when it is told to stop', async () => {
    const stop = new AbortController();
    const { call, calls } = failing([unavailable()]);
    const result = retryCall(call, { clock: new FakeClock(), random: () => 0, signal: stop.signal });
    stop.abort(new Error('stopping'));
    await expect(result).rejects.toThrow();
    expect(calls()).toBe(1);
  });
});
