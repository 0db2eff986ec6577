import type { MarketplacePolicy } from '@watertight/marketplaces';
import type { Clock } from '@watertight/service';
import type { MarketplaceBalance } from '../balance/balance.api.ts';
import type { BalanceStore, Sources } from '../balance/balance.store.ts';
import type { ReadBalance } from '../balance/read-balance.ts';
import { notFound } from '../http/api-error.ts';
import { reasonWords } from '../ledger/reason-words.ts';
import { settledCut } from '../reconcile/settled-cut.ts';
import type { SourceState } from '../reconcile/source-state.ts';
import type { ContactQualityStore, CountryContacts, DayContacts } from './contact-quality.store.ts';
import type { ConsentRow, ConsentsStore } from './consents.store.ts';
import { consentFiguresOf, policyOf, pollFloorMs, wordsOf } from './describe-marketplace.ts';
import { currentFailure, judgeHealth, staleSince } from './judge-health.ts';
import type { MarketplaceWords, MarketplaceWordsStore } from './marketplace-words.store.ts';
import type { Marketplace, MarketplaceDetail, Marketplaces } from './marketplaces.api.ts';
import { shareContacts } from './share-contacts.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;
const RECENT_DAYS = 7;
const BEFORE_DAYS = 28;
const DETAIL_DAYS = 60;
const CONSENT_DAYS = 400;
const COUNTRIES_MAX = 10;

export interface MarketplaceStores {
  readonly balances: BalanceStore;
  readonly contacts: ContactQualityStore;
  readonly consents: ConsentsStore;
  readonly words: MarketplaceWordsStore;
}

interface Known {
  readonly sources: Sources;
  readonly words: MarketplaceWords;
  readonly contacts: readonly DayContacts[];
  readonly consents: readonly ConsentRow[];
}

/** How each source is: fresh or not, counted or not, what fails, and whom its orders can reach. */
export class ReadMarketplaces {
  constructor(
    private readonly stores: MarketplaceStores,
    private readonly balance: ReadBalance,
    private readonly policies: readonly MarketplacePolicy[],
    private readonly clock: Clock,
  ) {}

  async read(): Promise<Marketplaces> {
    const [known, { marketplaces }] = await Promise.all([this.#known(), this.balance.read({})]);
    return {
      asOf: this.clock.now().toISOString(),
      marketplaces: marketplaces.map((sheet) => this.#describe(sheet, known)),
    };
  }

  /** Throws ApiError (404) for a marketplace that nobody knows. */
  async detail(id: string): Promise<MarketplaceDetail> {
    const { asOf, marketplaces } = await this.read();
    const marketplace = marketplaces.find((one) => one.id === id);
    if (marketplace === undefined)
      throw notFound(`There is no marketplace "${id}"; GET /api/v1/marketplaces lists them`);
    const [days, countries, consents] = await Promise.all([
      this.stores.contacts.days(id, this.#dayBefore(DETAIL_DAYS), this.#dayBefore(0)),
      this.stores.contacts.countries(id, this.#dayBefore(DETAIL_DAYS)),
      this.stores.consents.days(id, this.#dayBefore(CONSENT_DAYS)),
    ]);
    return {
      asOf,
      marketplace,
      contactDays: [...Map.groupBy(days, ({ day }) => day)].map(([day, counts]) => ({
        day,
        ...shareContacts(counts),
      })),
      ...byCountry(countries),
      consentDays: consents.map((row) => ({ day: row.day, ...consentFiguresOf(row) })),
    };
  }

  async #known(): Promise<Known> {
    const { balances, contacts, consents, words } = this.stores;
    const from = this.#dayBefore(RECENT_DAYS + BEFORE_DAYS - 1);
    const [sources, said, days, newest] = await Promise.all([
      balances.sources(),
      words.read(),
      contacts.days(null, from, this.#dayBefore(0)),
      consents.newest(),
    ]);
    return { sources, words: said, contacts: days, consents: newest };
  }

  #describe(sheet: MarketplaceBalance, known: Known): Marketplace {
    const { marketplaceId, name, configured } = sheet;
    const policy = this.policies.find(({ id }) => id === marketplaceId);
    const source = known.sources.states.get(marketplaceId);
    const interval = policy?.pollIntervalMs ?? null;
    const now = this.clock.now();
    return {
      id: marketplaceId,
      name,
      configured,
      channel: policy?.channel ?? null,
      api: policy?.api ?? null,
      pollIntervalMs: interval,
      pollFloorMs: pollFloorMs(policy),
      timezone: policy?.timezone ?? null,
      deliver: policy?.deliver ?? null,
      health: judgeHealth(source, interval, now),
      staleSince: staleSince(source, interval, now),
      policy: policyOf(policy),
      ...wordsOf(marketplaceId, known.words),
      contacts: this.#contactsOf(known.contacts.filter((one) => one.marketplaceId === marketplaceId)),
      consents: consentFiguresOf(known.consents.find((one) => one.marketplaceId === marketplaceId)),
      lastPoll: source?.lastPoll ?? null,
      lastAudit: lastAuditOf(source, known.sources),
      lastFailure: lastFailureOf(source),
      orders: sheet.captured,
      difference: sheet.difference,
    };
  }

  #contactsOf(days: readonly DayContacts[]): Marketplace['contacts'] {
    const firstRecent = this.#dayBefore(RECENT_DAYS - 1);
    return {
      ...shareContacts(days.filter(({ day }) => day >= firstRecent)),
      before: shareContacts(days.filter(({ day }) => day < firstRecent)),
    };
  }

  #dayBefore(days: number): string {
    return new Date(this.clock.now().getTime() - days * DAY_MS).toISOString().slice(0, 10);
  }
}

function byCountry(
  counts: readonly CountryContacts[],
): Pick<MarketplaceDetail, 'contactCountries' | 'contactDaysByCountry'> {
  const countries = [...Map.groupBy(counts, ({ country }) => country)]
    .map(([country, own]) => ({ country, own, ...shareContacts(own) }))
    .sort((one, other) => other.orders - one.orders);
  return {
    contactCountries: countries.map(({ own: _own, ...shares }) => shares),
    contactDaysByCountry: countries.slice(0, COUNTRIES_MAX).flatMap(({ country, own }) =>
      [...Map.groupBy(own, ({ day }) => day)].map(([day, ofDay]) => ({
        day,
        country,
        ...shareContacts(ofDay),
      })),
    ),
  };
}

function lastAuditOf(source: SourceState | undefined, { folded }: Sources): Marketplace['lastAudit'] {
  const audit = source?.audits.at(-1);
  if (source === undefined || audit === undefined) return null;
  const { at, since, until, orders } = audit;
  return { at, since, until, orders, settled: settledCut(source, folded)?.auditedAt === at };
}

function lastFailureOf(source: SourceState | undefined): Marketplace['lastFailure'] {
  const failure = source?.lastFailure ?? null;
  if (failure === null) return null;
  const { meaning, whatToDo } = reasonWords(failure.reason);
  return { ongoing: currentFailure(source) !== null, ...failure, meaning, whatToDo };
}
