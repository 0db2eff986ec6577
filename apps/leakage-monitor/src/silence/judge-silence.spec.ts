import { describe, expect, it } from '@jest/globals';
import { judgeSilence } from './judge-silence.ts';

const HOUR_MS = 3_600_000;
const start = Date.parse('2026-02-02T00:00:00Z');
const hourAt = (index: number) => new Date(start + index * HOUR_MS);
const WEEKS = 4;

/** Four weeks of a shop that sells four orders an hour from 08:00 to 20:00, and nothing at night. */
function history(until: Date) {
  const hours = new Map<string, number>();
  for (let index = 0; index < WEEKS * 7 * 24; index += 1) {
    const hour = hourAt(index).getUTCHours();
    if (hourAt(index) < until && hour >= 8 && hour < 20) hours.set(hourAt(index).toISOString(), 4);
  }
  const last = [...hours.keys()].sort().at(-1) ?? null;
  return { lastOrderAt: last, hours, since: hourAt(0).toISOString() };
}

describe('a marketplace that has gone quiet', () => {
  it('is silent when its own history would have brought ten orders', () => {
    const shop = history(new Date('2026-02-27T12:00:00Z'));
    expect(judgeSilence(shop, new Date('2026-02-27T13:00:00Z'))).toBeNull();
    const silence = judgeSilence(shop, new Date('2026-02-27T15:00:00Z'));
    expect(silence).toMatchObject({ lastOrderAt: '2026-02-27T11:00:00.000Z' });
    expect(silence?.expected).toBeGreaterThanOrEqual(10);
  });

  it('is not silent at night, however long the night is', () => {
    const shop = history(new Date('2026-02-27T20:00:00Z'));
    expect(judgeSilence(shop, new Date('2026-02-28T07:59:00Z'))).toBeNull();
  });

  it('is not judged by a few days, nor without any order', () => {
    const young = { ...history(new Date('2026-02-05T12:00:00Z')) };
    expect(judgeSilence(young, new Date('2026-02-06T12:00:00Z'))).toBeNull();
    expect(
      judgeSilence({ lastOrderAt: null, hours: new Map(), since: hourAt(0).toISOString() }, new Date()),
    ).toBeNull();
  });
});
