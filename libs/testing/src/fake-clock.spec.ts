import { describe, expect, it } from '@jest/globals';

import { FakeClock } from './fake-clock.ts';

describe('FakeClock', () => {
  it('stands still until it is moved', async () => {
    const clock = new FakeClock('2026-03-01T10:00:00Z');
    await clock.advance(1_500);
    expect(clock.now().toISOString()).toBe('2026-03-01T10:00:01.500Z');
  });

  it('wakes sleepers in the order of their time, each at its own time', async () => {
    const clock = new FakeClock(new Date(0));
    const woken: string[] = [];
    const note = (name: string) => () => woken.push(`${name} at ${clock.now().getTime()}`);
    void clock.sleep(30).then(note('late'));
    void clock.sleep(10).then(note('early'));
    await clock.advance(20);
    expect(woken).toEqual(['early at 10']);
    await clock.advance(10);
    expect(woken).toEqual(['early at 10', 'late at 30']);
  });

  it('lets a loop that sleeps run as often as it should', async () => {
    const clock = new FakeClock();
    const stop = new AbortController();
    let rounds = 0;
    const loop = (async () => {
      while (!stop.signal.aborted) {
        rounds += 1;
        await clock.sleep(1_000, stop.signal);
      }
    })();
    await clock.advance(5_000);
    expect(rounds).toBe(6);
    expect(clock.sleeping).toBe(1);
    stop.abort();
    await loop;
    expect(clock.sleeping).toBe(0);
  });

  it('does not sleep on a signal that is already aborted', async () => {
    await new FakeClock().sleep(1_000, AbortSignal.abort());
  });
});
