import { describe, expect, it } from '@jest/globals';
import {
  DEFAULT_DEAD_LETTER_LIMIT,
  DeadLetterLimit,
  type DeadLetterLimitSettings,
} from './dead-letter-limit.ts';

function limitOf(settings: Partial<DeadLetterLimitSettings> = {}): DeadLetterLimit {
  return new DeadLetterLimit({ ...DEFAULT_DEAD_LETTER_LIMIT, ...settings });
}

/** What the loop does with one slice. */
function slice(limit: DeadLetterLimit, dead: boolean[], nowMs = 0): 'go' | 'pause' {
  const verdict = limit.judge(dead, nowMs);
  if (verdict.kind === 'go') limit.count(dead);
  return verdict.kind;
}

const dead = (count: number) => Array.from({ length: count }, () => true);
const done = (count: number) => Array.from({ length: count }, () => false);

describe('DeadLetterLimit', () => {
  it('lets single dead letters pass', () => {
    const limit = limitOf();
    expect(slice(limit, [true])).toBe('go');
    expect(slice(limit, [...done(99), true])).toBe('go');
    expect(limit.permit(0)).toEqual({ kind: 'all' });
  });

  it('pauses past the run length, not at it', () => {
    const limit = limitOf({ maxRun: 3, minMessages: 1_000 });
    expect(slice(limit, dead(3))).toBe('go');
    expect(slice(limit, dead(1))).toBe('pause');
  });

  it('counts a run over slices and forgets it at the first success', () => {
    const limit = limitOf({ maxRun: 3, minMessages: 1_000 });
    expect(slice(limit, dead(2))).toBe('go');
    expect(slice(limit, [false, true, true, true])).toBe('go');
    expect(slice(limit, [true, false])).toBe('pause');
  });

  it('pauses past the ratio, not at it, and not below the least number of messages', () => {
    const settings = { maxRatio: 0.25, minMessages: 8, windowMessages: 8, maxRun: 100 };
    expect(slice(limitOf(settings), [...dead(2), ...done(6)])).toBe('go');
    expect(slice(limitOf(settings), [...dead(3), ...done(5)])).toBe('pause');
    expect(slice(limitOf(settings), [...dead(3), ...done(4)])).toBe('go');
  });

  it('takes the ratio over the newest messages only', () => {
    const limit = limitOf({ maxRatio: 0.25, minMessages: 4, windowMessages: 4, maxRun: 100 });
    expect(slice(limit, [true, ...done(3)])).toBe('go');
    expect(slice(limit, done(4))).toBe('go');
    expect(slice(limit, [true, false, false, false])).toBe('go');
  });

  it('does not count a slice that is taken again', () => {
    const limit = limitOf({ maxRun: 3, minMessages: 1_000 });
    for (let attempt = 0; attempt < 10; attempt += 1) expect(limit.judge(dead(2), 0).kind).toBe('go');
    limit.count(dead(2));
    expect(slice(limit, dead(1))).toBe('go');
    expect(slice(limit, dead(1))).toBe('pause');
  });

  it('waits for its trial time, then permits one message to one partition', () => {
    const limit = limitOf({ maxRun: 0, trialAfterMs: 60_000 });
    expect(slice(limit, dead(1), 1_000)).toBe('pause');
    expect(limit.permit(1_000)).toEqual({ kind: 'wait', forMs: 60_000 });
    expect(limit.permit(60_999)).toEqual({ kind: 'wait', forMs: 1 });
    expect(limit.permit(61_000)).toEqual({ kind: 'one' });
    expect(limit.permit(61_000)).toEqual({ kind: 'wait', forMs: 1_000 });
  });

  it('flows again after a trial that succeeds, with a clean record', () => {
    const limit = limitOf({ maxRun: 1, minMessages: 1_000, trialAfterMs: 1_000 });
    slice(limit, dead(2));
    limit.permit(1_000);
    expect(slice(limit, [false], 1_000)).toBe('go');
    expect(limit.isPaused).toBe(false);
    expect(slice(limit, dead(1), 1_000)).toBe('go');
  });

  it('pauses again after a trial that fails, without diverting the message', () => {
    const limit = limitOf({ maxRun: 5, minMessages: 1_000, trialAfterMs: 1_000 });
    slice(limit, dead(6));
    limit.permit(1_000);
    expect(slice(limit, dead(1), 1_000)).toBe('pause');
    expect(limit.permit(1_500)).toEqual({ kind: 'wait', forMs: 500 });
  });

  it('gives an abandoned trial to the next that asks', () => {
    const limit = limitOf({ maxRun: 0, trialAfterMs: 1_000 });
    slice(limit, dead(1));
    limit.permit(1_000);
    limit.abandonTrial(1_000);
    expect(limit.permit(1_000)).toEqual({ kind: 'one' });
  });

  it('waits for a restart when no trial is wanted', () => {
    const limit = limitOf({ maxRun: 0, trialAfterMs: null });
    slice(limit, dead(1));
    expect(limit.permit(10 ** 12)).toEqual({ kind: 'wait', forMs: null });
  });
});
