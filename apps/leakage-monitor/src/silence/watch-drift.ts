import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Cause } from '../exceptions/cause.ts';
import type {
  ContactQualityStore,
  CountryContacts,
  DayContacts,
} from '../marketplaces/contact-quality.store.ts';
import { shareContacts } from '../marketplaces/share-contacts.ts';
import { type Drift, judgeDrift } from './judge-drift.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const RECENT_DAYS = 3;
const HISTORY_DAYS = 31;
/** Three days are judged against four weeks: half a minute changes nothing, so they are not read at every look. */
const KEPT_MS = 30_000;

/** A fall of contact quality at a marketplace, as a whole or among the orders shipped to one country. */
export interface FoundDrift {
  readonly marketplaceId: string;
  /** Null: of all its orders. */
  readonly country: string | null;
  readonly drift: Drift;
}

/** Says where contact quality has drifted, the last three days against the four weeks before. */
export class WatchDrift {
  #kept: { readonly atMs: number; readonly drifts: readonly FoundDrift[] } | undefined;

  constructor(
    private readonly contacts: Pick<ContactQualityStore, 'days' | 'countryDays'>,
    private readonly policies: readonly Pick<MarketplacePolicy, 'id'>[],
    private readonly drop: number,
  ) {}

  async drifts(now: Date): Promise<readonly FoundDrift[]> {
    const kept = this.#kept;
    if (kept !== undefined && Math.abs(now.getTime() - kept.atMs) < KEPT_MS) return kept.drifts;
    const [fromDay, toDay] = [dayBefore(now, HISTORY_DAYS - 1), dayBefore(now, 0)];
    const days = await this.contacts.days(null, fromDay, toDay);
    const countries = await this.contacts.countryDays(fromDay);
    const firstRecent = dayBefore(now, RECENT_DAYS - 1);
    const drifts = this.policies.flatMap(({ id }) =>
      findDrifts(
        id,
        days.filter(({ marketplaceId }) => marketplaceId === id),
        countries.filter(({ marketplaceId }) => marketplaceId === id),
        { drop: this.drop, firstRecent },
      ),
    );
    this.#kept = { atMs: now.getTime(), drifts };
    return drifts;
  }

  /** What the drifts are as exceptions. `now` is when they were seen; raising keeps the earliest. */
  async causes(now: Date): Promise<Cause[]> {
    return (await this.drifts(now)).map((found) => causeOf(found, now));
  }
}

/** Pure. A marketplace that has drifted as a whole is one gap; only else a country of it is one of its own. */
export function findDrifts(
  marketplaceId: string,
  days: readonly DayContacts[],
  countries: readonly CountryContacts[],
  { drop, firstRecent }: { readonly drop: number; readonly firstRecent: string },
): FoundDrift[] {
  const judge = (counts: readonly (DayContacts | CountryContacts)[]) =>
    judgeDrift(
      shareContacts(counts.filter(({ day }) => day >= firstRecent)),
      shareContacts(counts.filter(({ day }) => day < firstRecent)),
      drop,
    );
  const whole = judge(days);
  if (whole !== null) return [{ marketplaceId, country: null, drift: whole }];
  const byCountry = Map.groupBy(countries, ({ country }) => country);
  return [...byCountry].flatMap(([country, own]) => {
    const drift = country === null ? null : judge(own);
    return drift === null ? [] : [{ marketplaceId, country, drift }];
  });
}

/** What was found, in words for people. Pure. */
export function driftWords({ country, drift }: FoundDrift): string {
  const orders = country === null ? `${drift.orders} orders` : `${drift.orders} orders to ${country}`;
  return `${percent(drift.now)} of the last ${orders} have a direct address, ${percent(drift.before)} before`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function causeOf(found: FoundDrift, now: Date): Cause {
  const { marketplaceId, country } = found;
  return {
    about: country === null ? `${marketplaceId}:contact` : `${marketplaceId}:contact:${country}`,
    reason: 'contact.drift',
    origin: 'source',
    marketplaceId,
    orderKey: null,
    bucket: null,
    stage: null,
    detail: driftWords(found),
    amount: null,
    orders: 0,
    since: now.toISOString(),
  };
}

function dayBefore(now: Date, days: number): string {
  return new Date(now.getTime() - days * DAY_MS).toISOString().slice(0, 10);
}
