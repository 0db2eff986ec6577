import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '@watertight/testing';
import { DEFAULT_BACKOFF, LanePauses } from './lane-pauses.ts';

function setUp() {
  const clock = new FakeClock();
  const calls: string[] = [];
  const control = {
    pause: (topic: string, partition: number) => void calls.push(`pause ${topic}/${partition}`),
    resume: (topic: string, partition: number) => void calls.push(`resume ${topic}/${partition}`),
  };
  const pauses = new LanePauses('spec-group', control, clock, DEFAULT_BACKOFF, () => 0.999_999);
  return { clock, calls, pauses };
}

describe('LanePauses', () => {
  it('waits longer with each failure in a row, up to its limit', () => {
    const { pauses } = setUp();
    const delays = Array.from({ length: 9 }, () => pauses.retryLater('t', 0, undefined).delayMs);
    expect(delays).toEqual([500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
  });

  it('begins anew after a success, and says how many failures went before', () => {
    const { pauses } = setUp();
    pauses.retryLater('t', 0, undefined);
    pauses.retryLater('t', 0, undefined);
    expect(pauses.attemptOf('t', 0)).toBe(3);
    expect(pauses.succeeded('t', 0)).toBe(2);
    expect(pauses.succeeded('t', 0)).toBe(0);
    expect(pauses.retryLater('t', 0, undefined)).toEqual({ attempt: 1, delayMs: 500 });
  });

  it('waits as long as the other side asks, ten minutes at most', () => {
    const { pauses } = setUp();
    expect(pauses.retryLater('t', 0, 42_000).delayMs).toBe(42_000);
    expect(pauses.retryLater('t', 0, 86_400_000).delayMs).toBe(600_000);
    expect(pauses.retryLater('t', 0, -5).delayMs).toBe(0);
  });

  it('pauses at once and resumes when the time is over', async () => {
    const { clock, calls, pauses } = setUp();
    pauses.pauseFor('t', 3, 'retry', 1_000);
    expect(pauses.isPaused('t', 3)).toBe(true);
    expect(pauses.isPaused('t', 4)).toBe(false);
    await clock.advance(999);
    expect(calls).toEqual(['pause t/3']);
    await clock.advance(1);
    expect(calls).toEqual(['pause t/3', 'resume t/3']);
    expect(pauses.isPaused('t', 3)).toBe(false);
  });

  it('lets the newer of two pauses of a partition decide', async () => {
    const { clock, calls, pauses } = setUp();
    pauses.pauseFor('t', 0, 'retry', 100);
    pauses.pauseFor('t', 0, 'dead_letters', 1_000);
    await clock.advance(500);
    expect(pauses.isPaused('t', 0)).toBe(true);
    await clock.advance(500);
    expect(calls.filter((call) => call.startsWith('resume'))).toHaveLength(1);
  });

  it('never resumes by itself when no time is given', async () => {
    const { clock, pauses } = setUp();
    pauses.pauseFor('t', 0, 'dead_letters', null);
    await clock.advance(10 ** 9);
    expect(pauses.isPaused('t', 0)).toBe(true);
  });

  it('forgets everything when the partitions are shared out anew', async () => {
    const { clock, calls, pauses } = setUp();
    pauses.retryLater('a.b/c.v1', 12, undefined);
    pauses.clear({ resume: true });
    expect(calls).toEqual(['pause a.b/c.v1/12', 'resume a.b/c.v1/12']);
    expect(pauses.attemptOf('a.b/c.v1', 12)).toBe(1);
    await clock.advance(60_000);
    expect(calls).toHaveLength(2);
  });
});
