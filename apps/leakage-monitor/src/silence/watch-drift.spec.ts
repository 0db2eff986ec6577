import { describe, expect, it } from '@jest/globals';
import { WatchDrift } from './watch-drift.ts';

const now = new Date('2026-03-31T12:00:00Z');

interface Counts {
  readonly recent: readonly [direct: number, relay: number];
  readonly before: readonly [direct: number, relay: number];
}

/** What the store gives of marketplace m, told by country; null is a country that nobody knows. */
function watch(byCountry: readonly (readonly [country: string | null, counts: Counts])[]) {
  const countries = byCountry.flatMap(([country, { recent, before }]) =>
    (
      [
        ['2026-03-30', recent],
        ['2026-03-10', before],
      ] as const
    ).flatMap(([day, [direct, relay]]) => [
      { marketplaceId: 'm', day, country, contactClass: 'direct', orders: direct },
      { marketplaceId: 'm', day, country, contactClass: 'relay', orders: relay },
    ]),
  );
  let reads = 0;
  const store = {
    days: () => {
      reads += 1;
      return Promise.resolve(countries.map(({ country: _country, ...day }) => day));
    },
    countryDays: () => Promise.resolve(countries),
  };
  return { drift: new WatchDrift(store, [{ id: 'm' }], 0.15), reads: () => reads };
}

const steady: Counts = { recent: [900, 100], before: [9_000, 1_000] };
const fallen: Counts = { recent: [10, 90], before: [900, 100] };

describe('the drift of contact quality', () => {
  it('of a marketplace as a whole is one gap, and its countries are no further ones', async () => {
    const { drift } = watch([['FR', fallen]]);
    expect(await drift.causes(now)).toMatchObject([
      {
        about: 'm:contact',
        reason: 'contact.drift',
        marketplaceId: 'm',
        detail: '10 % of the last 100 orders have a direct address, 90 % before',
      },
    ]);
  });

  it('of one country is seen though the whole stands', async () => {
    const { drift } = watch([
      ['FR', steady],
      ['BE', fallen],
    ]);
    expect(await drift.causes(now)).toMatchObject([
      {
        about: 'm:contact:BE',
        detail: '10 % of the last 100 orders to BE have a direct address, 90 % before',
      },
    ]);
  });

  it('is told of no country that nobody can name, and of nothing that stands', async () => {
    const { drift } = watch([
      ['FR', steady],
      [null, fallen],
    ]);
    expect(await drift.causes(now)).toEqual([]);
  });

  it('is read twice a minute at most', async () => {
    const { drift, reads } = watch([['FR', steady]]);
    await drift.causes(now);
    await drift.causes(new Date(now.getTime() + 29_000));
    expect(reads()).toBe(1);
    await drift.causes(new Date(now.getTime() + 31_000));
    expect(reads()).toBe(2);
  });
});
