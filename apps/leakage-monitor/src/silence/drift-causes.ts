import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Cause } from '../exceptions/cause.ts';
import type { ContactQualityStore, DayContacts } from '../marketplaces/contact-quality.store.ts';
import { shareContacts } from '../marketplaces/share-contacts.ts';
import { type Drift, judgeDrift } from './judge-drift.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const RECENT_DAYS = 3;
const HISTORY_DAYS = 31;

/** By marketplace: has its contact quality drifted, the last three days against the four weeks before? */
export async function readDrifts(
  contacts: Pick<ContactQualityStore, 'days'>,
  policies: readonly Pick<MarketplacePolicy, 'id'>[],
  drop: number,
  now: Date,
): Promise<Map<string, Drift | null>> {
  const days = await contacts.days(null, dayBefore(now, HISTORY_DAYS - 1), dayBefore(now, 0));
  const firstRecent = dayBefore(now, RECENT_DAYS - 1);
  const isRecent = ({ day }: DayContacts) => day >= firstRecent;
  return new Map(
    policies.map(({ id }) => {
      const own = days.filter(({ marketplaceId }) => marketplaceId === id);
      const before = own.filter((one) => !isRecent(one));
      return [id, judgeDrift(shareContacts(own.filter(isRecent)), shareContacts(before), drop)];
    }),
  );
}

/** What a drift is as an exception. Pure. `now` is when it was seen; raising keeps the earliest. */
export function driftCauses(drifts: ReadonlyMap<string, Drift | null>, now: Date): Cause[] {
  return [...drifts].flatMap(([marketplaceId, drift]) =>
    drift === null
      ? []
      : [
          {
            about: `${marketplaceId}:contact`,
            reason: 'contact.drift',
            origin: 'source',
            marketplaceId,
            orderKey: null,
            bucket: null,
            stage: null,
            detail: `${percent(drift.now)} of ${drift.orders} orders have a direct address, ${percent(drift.before)} before`,
            amount: null,
            orders: 0,
            since: now.toISOString(),
          } satisfies Cause,
        ],
  );
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function dayBefore(now: Date, days: number): string {
  return new Date(now.getTime() - days * DAY_MS).toISOString().slice(0, 10);
}
