import { describe, expect, it } from '@jest/globals';
import type { OrderHistory } from './judge-silence.ts';
import { WatchSilence } from './watch-silence.ts';

const HOUR_MS = 3_600_000;
const now = new Date('2026-03-10T12:00:00Z');

/** Four orders in every hour of four weeks, up to `quietHours` ago. */
function history(quietHours: number): OrderHistory {
  const hours = new Map<string, number>();
  for (let index = 28 * 24; index > quietHours; index -= 1)
    hours.set(new Date(now.getTime() - index * HOUR_MS).toISOString(), 4);
  const [since = ''] = hours.keys();
  return { lastOrderAt: [...hours.keys()].at(-1) ?? null, hours, since };
}

function watch(histories: Readonly<Record<string, OrderHistory>>) {
  let reads = 0;
  const store = {
    histories: () => {
      reads += 1;
      return Promise.resolve(new Map(Object.entries(histories)));
    },
  };
  return { silence: new WatchSilence(store, [{ id: 'm' }, { id: 'n' }]), reads: () => reads };
}

describe('marketplaces that have gone quiet', () => {
  it('are those that are configured and silent against their own history', async () => {
    const { silence } = watch({ m: history(0), n: history(8), gone: history(8) });
    expect(await silence.causes(now)).toMatchObject([
      {
        about: 'n:source',
        reason: 'source.quiet',
        marketplaceId: 'n',
        since: '2026-03-10T03:00:00.000Z',
        detail: expect.stringContaining('28 more would have come'),
      },
    ]);
  });

  it('are judged at every look and read twice a minute', async () => {
    const { silence, reads } = watch({ m: history(1) });
    expect(await silence.causes(now)).toEqual([]);
    expect(await silence.causes(new Date(now.getTime() + 29_000))).toEqual([]);
    expect(reads()).toBe(1);
    expect(await silence.causes(new Date(now.getTime() + 31_000))).toEqual([]);
    expect(reads()).toBe(2);
  });
});
