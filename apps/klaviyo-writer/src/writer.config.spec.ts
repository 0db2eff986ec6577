import { describe, expect, it } from '@jest/globals';
import { verifyDeadlineMs } from './writer.config.ts';

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
