import { describe, expect, it } from '@jest/globals';

import { systemClock } from './clock.ts';

describe('systemClock', () => {
  it('ends a sleep early, without an error, when the signal aborts', async () => {
    const stop = new AbortController();
    const sleep = systemClock.sleep(60_000, stop.signal);
    stop.abort();
    await sleep;
    await systemClock.sleep(60_000, AbortSignal.abort());
  });

  it('sleeps and tells the time', async () => {
    const before = systemClock.now().getTime();
    await systemClock.sleep(2);
    expect(systemClock.now().getTime()).toBeGreaterThanOrEqual(before);
  });
});
