import { describe, expect, it } from '@jest/globals';
import { detectSilence } from './detect-silence.ts';

const HOUR_MS = 60 * 60 * 1000;
const now = new Date('2026-03-10T12:00:00Z');
const rate = (ordersPerDay: number, quietHours: number) => ({
  marketplaceId: 'm',
  orders: ordersPerDay * 28,
  windowMs: 28 * 24 * HOUR_MS,
  lastOrderAt: new Date(now.getTime() - quietHours * HOUR_MS).toISOString(),
});

describe('a quiet marketplace', () => {
  it.each([
    ['a busy one after a night', rate(100, 11), false],
    ['a busy one after half a day and more', rate(100, 12.5), true],
    ['one with ten orders a day after a day', rate(10, 24), false],
    ['one with ten orders a day after a day and a half', rate(10, 36), true],
    ['one with too few orders to tell', rate(1, 24 * 20), false],
  ])('%s', (_which, given, quiet) => {
    expect(detectSilence(given, now) !== null).toBe(quiet);
  });
});
