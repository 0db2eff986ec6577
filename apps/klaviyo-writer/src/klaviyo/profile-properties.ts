import type { BuyerProfile } from '@watertight/contracts';
import type { JsonValue } from './klaviyo-event.ts';

export interface ProfileProperty {
  /** As marketers see it in Klaviyo. */
  readonly name: string;
  readonly type: 'number' | 'text' | 'list' | 'date' | 'boolean';
  readonly meaning: string;
  /** How a marketer would use it in a segment. */
  readonly exampleSegment: string;
  /** Null: the profile has none, and the property is left as it is. */
  readonly read: (profile: BuyerProfile) => JsonValue;
}

const amount = (value: { readonly amount: string } | null): number | null =>
  value === null ? null : Number(value.amount);

/**
 * Every property that this service writes to a profile. Flat, because Klaviyo segments only by top-level properties
 * that are no objects, and prefixed, because other integrations write to the same profile.
 */
export const PROFILE_PROPERTIES: readonly ProfileProperty[] = [
  {
    name: 'Marketplace Orders',
    type: 'number',
    meaning: 'Orders on all marketplaces',
    exampleSegment: 'Marketplace Orders is at least 2',
    read: (profile) => profile.orders,
  },
  {
    name: 'Marketplace Gross',
    type: 'number',
    meaning: 'Sum of all orders, in the reporting currency',
    exampleSegment: 'Marketplace Gross is greater than 200',
    read: (profile) => amount(profile.gross),
  },
  {
    name: 'Marketplace Refunded',
    type: 'number',
    meaning: 'Sum of refunds and cancelations, in the reporting currency',
    exampleSegment: 'Marketplace Refunded equals 0',
    read: (profile) => amount(profile.refunded),
  },
  {
    name: 'Marketplace Net',
    type: 'number',
    meaning: 'Gross less refunded, in the reporting currency',
    exampleSegment: 'Marketplace Net is greater than 100',
    read: (profile) => amount(profile.net),
  },
  {
    name: 'Marketplace Average Order',
    type: 'number',
    meaning: 'Gross divided by the number of orders, in the reporting currency',
    exampleSegment: 'Marketplace Average Order is greater than 80',
    read: (profile) => amount(profile.averageOrder),
  },
  {
    name: 'Marketplace Currency',
    type: 'text',
    meaning: 'The reporting currency of the sums',
    exampleSegment: 'Marketplace Currency equals EUR',
    read: (profile) => profile.gross.currency,
  },
  {
    name: 'Marketplace Amounts Complete',
    type: 'boolean',
    meaning: 'False while an order is missing from the sums because its currency has no rate',
    exampleSegment: 'Marketplace Amounts Complete is true',
    read: (profile) => profile.amountsComplete,
  },
  {
    name: 'Marketplace First Order At',
    type: 'date',
    meaning: 'Time of the first order',
    exampleSegment: 'Marketplace First Order At is before 90 days ago',
    read: (profile) => profile.firstOrderAt,
  },
  {
    name: 'Marketplace Last Order At',
    type: 'date',
    meaning: 'Time of the last order',
    exampleSegment: 'Marketplace Last Order At is in the last 30 days',
    read: (profile) => profile.lastOrderAt,
  },
  {
    name: 'Marketplace Last Order Value',
    type: 'number',
    meaning: 'Amount of the last order, in the reporting currency',
    exampleSegment: 'Marketplace Last Order Value is greater than 50',
    read: (profile) => amount(profile.lastOrderAmount),
  },
  {
    name: 'Marketplace Last Channel',
    type: 'text',
    meaning: 'Channel of the last order',
    exampleSegment: 'Marketplace Last Channel equals Maison FR',
    read: (profile) => profile.lastChannel,
  },
  {
    name: 'Marketplace Channels',
    type: 'list',
    meaning: 'Channels bought through',
    exampleSegment: 'Marketplace Channels contains Maison FR',
    read: (profile) => profile.channels,
  },
  {
    name: 'Marketplace Countries',
    type: 'list',
    meaning: 'Countries shipped to',
    exampleSegment: 'Marketplace Countries contains FR',
    read: (profile) => profile.countries,
  },
  {
    name: 'Marketplace SKUs',
    type: 'list',
    meaning: 'SKUs bought, newest first, at most 200',
    exampleSegment: 'Marketplace SKUs contains LAMP-01',
    read: (profile) => profile.skus,
  },
  {
    name: 'Marketplace Products',
    type: 'list',
    meaning: 'Product titles bought, newest first, at most 200',
    exampleSegment: 'Marketplace Products contains Oak table lamp',
    read: (profile) => profile.productTitles,
  },
  {
    name: 'Marketplace Refunded SKUs',
    type: 'list',
    meaning: 'SKUs refunded, newest first, at most 200',
    exampleSegment: 'Marketplace Refunded SKUs does not contain LAMP-01',
    read: (profile) => profile.refundedSkus,
  },
  {
    name: 'Marketplace Last Refund At',
    type: 'date',
    meaning: 'Time of the last refund',
    exampleSegment: 'Marketplace Last Refund At is not in the last 60 days',
    read: (profile) => profile.lastRefundAt,
  },
  {
    name: 'Marketplace Last Cancel At',
    type: 'date',
    meaning: 'Time of the last cancelation',
    exampleSegment: 'Marketplace Last Cancel At is not set',
    read: (profile) => profile.lastCancelAt,
  },
  {
    name: 'Marketplace Review Request Allowed',
    type: 'boolean',
    meaning: 'The last order was fulfilled, and nothing of it was refunded, cancelled or returned',
    exampleSegment: 'Marketplace Review Request Allowed is true',
    read: (profile) => profile.reviewRequestAllowed,
  },
  {
    name: 'Marketplace Contact Class',
    type: 'text',
    meaning: 'What kind of address the marketplace gave: direct or relay',
    exampleSegment: 'Marketplace Contact Class equals direct',
    read: (profile) => profile.contactClass,
  },
  {
    name: 'Marketplace Profile Version',
    type: 'number',
    meaning: 'Grows with every change; for support, not for segments',
    exampleSegment: '(none)',
    read: (profile) => profile.version,
  },
];

/** Set beside the lists when they were cut to keep the profile under Klaviyo's limit. */
export const LISTS_CUT_PROPERTY = 'Marketplace Lists Cut';

/** What the cut takes: a title weighs as much as several SKUs, and a segment can do without it where it has the SKU. */
export const LISTS_CUT_MEANING =
  "True when the oldest entries of the lists were left out, as few as it took, because of Klaviyo's 100 KB: the oldest titles first, then the oldest SKUs, then refunded SKUs, then mapped lists";

/** Lists in the order in which they lose their oldest entries; every other list comes after them. */
export const CUT_FIRST: readonly string[] = [
  'Marketplace Products',
  'Marketplace SKUs',
  'Marketplace Refunded SKUs',
];
