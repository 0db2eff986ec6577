import { describe, expect, it } from '@jest/globals';
import { countsEveryMs, stateEveryMs, verifyDeadlineMs } from './writer.config.ts';

describe('the deadline of verification', () => {
  it('follows the shortest poll interval', () => {
    expect(verifyDeadlineMs(undefined, [300_000, 60_000])).toBe(180_000);
  });

  it('is a quarter of an hour at most and twenty seconds at least', () => {
    expect(verifyDeadlineMs(undefined, [3_600_000])).toBe(900_000);
    expect(verifyDeadlineMs(undefined, [2_000])).toBe(20_000);
  });

  it('is what was configured, if it was', () => {
    expect(verifyDeadlineMs(5_000, [300_000])).toBe(5_000);
  });
});

describe('what is said by the clock', () => {
  it('is the state of delivery as often as the shops are looked at, within 2 to 15 seconds', () => {
    expect([[300_000, 60_000], [5_000], [500]].map(stateEveryMs)).toEqual([15_000, 5_000, 2_000]);
  });

  it('is the count of each metric daily, and sooner where shops are looked at every few seconds', () => {
    expect([[300_000], [2_000], [100]].map(countsEveryMs)).toEqual([86_400_000, 576_000, 60_000]);
  });
});
