import { describe, expect, it } from '@jest/globals';
import { SkippingClock } from './skipping-clock.fixture.ts';

const HOUR_MS = 3_600_000;

describe('a clock that skips time', () => {
  it('wakes whoever would have slept no longer, earliest first, and nobody else', async () => {
    const clock = new SkippingClock();
    const woken: string[] = [];
    const stop = new AbortController();
    const asleep = [
      clock.sleep(2 * HOUR_MS, stop.signal).then(() => woken.push('two hours')),
      clock.sleep(HOUR_MS).then(() => woken.push('an hour')),
      clock.sleep(HOUR_MS / 2).then(() => woken.push('half an hour')),
    ];
    const before = clock.now().getTime();
    clock.skip(HOUR_MS);
    await Promise.all(asleep.slice(1));
    expect(woken).toEqual(['half an hour', 'an hour']);
    expect(clock.now().getTime() - before).toBeGreaterThanOrEqual(HOUR_MS);
    stop.abort();
    await asleep[0];
    expect(woken).toEqual(['half an hour', 'an hour', 'two hours']);
  });
});
