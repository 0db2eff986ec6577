import {
  type Attributes,
  type BuyerProfile,
  type ContactClass,
  money,
  toWire,
  type WireMoney,
} from '@watertight/contracts';
import { mergePerson } from '../contact/describe-person.ts';
import type { Person } from '../facts/stored-order.ts';

/** What one sale says of its buyer. */
export interface PersonOfBuyer extends Person {
  readonly email: string;
  readonly contactClass: ContactClass;
}

/** What all sales of a buyer come to. Money in minor units of the reporting currency. */
export interface BuyerAggregates {
  readonly orders: number;
  readonly grossMinor: number;
  readonly refundedMinor: number;
  readonly cancelledMinor: number;
  readonly complete: boolean;
  readonly firstOrderAt: string;
  readonly lastOrderAt: string;
  readonly lastOrderMinor: number | null;
  readonly lastChannel: string;
  readonly reviewRequestAllowed: boolean;
  readonly lastRefundAt: string | null;
  readonly lastCancelAt: string | null;
  readonly channels: readonly string[];
  readonly countries: readonly string[];
  readonly marketplaces: readonly string[];
  /** The newest sale first; at least one. */
  readonly people: readonly PersonOfBuyer[];
  readonly skus: readonly string[];
  readonly productTitles: readonly string[];
  readonly refundedSkus: readonly string[];
  /** Mapped attributes of the sales that have any, the newest sale first. */
  readonly attributes: readonly Attributes[];
  /** The newest number from a marketplace that lets numbers be used, whoever else has it. */
  readonly phone: string | null;
}

export interface ProfileContext {
  readonly buyerId: string;
  readonly reportingCurrency: string;
  readonly previous: BuyerProfile | null;
  /** The highest version there has been; 0 when there was none. */
  readonly version: number;
  readonly now: Date;
  /** Numbers that another buyer has as well: they identify nobody. Undefined while no marketplace uses numbers. */
  readonly sharedPhones: ReadonlySet<string> | undefined;
}

/**
 * The buyer's profile. When nothing in it has changed, the previous one comes back as it is, with its version; else
 * the version grows by one. Undefined for a buyer of whom nothing was ever sold and nothing is known.
 */
export function buildProfile(
  aggregates: BuyerAggregates | undefined,
  context: ProfileContext,
): BuyerProfile | undefined {
  const { reportingCurrency, previous, version, now } = context;
  const content =
    aggregates === undefined
      ? previous && emptied(previous, reportingCurrency)
      : profileContent(aggregates, context);
  if (content === null) return undefined;
  if (previous !== null && JSON.stringify(contentOf(previous)) === JSON.stringify(content)) return previous;
  const { buyerId: id, ...rest } = content;
  return { buyerId: id, version: version + 1, ...rest, updatedAt: now.toISOString() };
}

type ProfileContent = Omit<BuyerProfile, 'version' | 'updatedAt'>;

function profileContent(
  sums: BuyerAggregates,
  { buyerId, reportingCurrency: currency, sharedPhones }: ProfileContext,
): ProfileContent {
  const attributes = mergeAttributes(sums.attributes);
  const wire = (minor: number): WireMoney => toWire(money(minor, currency));
  const { email, contactClass, ...person } = describe(sums.people);
  return {
    buyerId,
    email,
    contactClass,
    ...person,
    orders: sums.orders,
    gross: wire(sums.grossMinor),
    refunded: wire(sums.refundedMinor),
    net: wire(sums.grossMinor - sums.refundedMinor - sums.cancelledMinor),
    averageOrder: sums.orders === 0 ? null : wire(Math.round(sums.grossMinor / sums.orders)),
    amountsComplete: sums.complete,
    firstOrderAt: sums.firstOrderAt,
    lastOrderAt: sums.lastOrderAt,
    lastOrderAmount: sums.lastOrderMinor === null ? null : wire(sums.lastOrderMinor),
    skus: [...sums.skus],
    productTitles: [...sums.productTitles],
    refundedSkus: [...sums.refundedSkus],
    channels: [...sums.channels],
    countries: [...sums.countries],
    marketplaces: [...sums.marketplaces],
    lastChannel: sums.lastChannel,
    lastRefundAt: sums.lastRefundAt,
    lastCancelAt: sums.lastCancelAt,
    reviewRequestAllowed: sums.reviewRequestAllowed,
    ...(sharedPhones === undefined ? {} : { phoneForKlaviyo: unsharedPhone(sums.phone, sharedPhones) }),
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
  };
}

/** Each property as the newest sale says that has it, in the order of their names, so that equal ones look alike. */
function mergeAttributes(newestFirst: readonly Attributes[]): Attributes {
  const merged = newestFirst.reduceRight<Attributes>((older, newer) => ({ ...older, ...newer }), {});
  return Object.fromEntries(Object.entries(merged).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function unsharedPhone(phone: string | null, shared: ReadonlySet<string>): string | null {
  return phone === null || shared.has(phone) ? null : phone;
}

/** The newest sale's description, its gaps filled from older ones. */
function describe(people: readonly PersonOfBuyer[]): PersonOfBuyer {
  const [newest, ...older] = people;
  if (newest === undefined) throw new RangeError('aggregates of a buyer without a sale');
  const { email, contactClass, ...person } = newest;
  const merged = older.reduce<Person>((known, before) => mergePerson(personOf(before), known), person);
  return { email, contactClass, ...personOf(merged) };
}

/** Spelt out, so that the fields always stand in the same order, whatever order a database keeps them in. */
function personOf(person: Person): Person {
  const { firstName, lastName, locale, country, region, city, postalCode, phone } = person;
  return { firstName, lastName, locale, country, region, city, postalCode, phone };
}

/** The last sale was taken back: the person stays, with nothing bought. */
function emptied(previous: BuyerProfile, currency: string): ProfileContent {
  const zero = toWire(money(0, currency));
  const { attributes: _attributes, phoneForKlaviyo: _phone, ...known } = contentOf(previous);
  return {
    ...known,
    orders: 0,
    gross: zero,
    refunded: zero,
    net: zero,
    averageOrder: null,
    amountsComplete: true,
    firstOrderAt: null,
    lastOrderAt: null,
    lastOrderAmount: null,
    skus: [],
    productTitles: [],
    refundedSkus: [],
    channels: [],
    countries: [],
    marketplaces: [],
    lastChannel: null,
    lastRefundAt: null,
    lastCancelAt: null,
    reviewRequestAllowed: false,
  };
}

function contentOf({ version: _version, updatedAt: _updatedAt, ...content }: BuyerProfile): ProfileContent {
  return content;
}
